// Which columns of the grid are shown; the SKU and the status always are.
import { Button, Checkbox, Popover, Stack } from '@mantine/core'
import { t } from '../../i18n.ts'
import { IconColumns3 } from '../../icons.ts'
import { columnHead, gridColumnKeys } from './grid-columns.tsx'
import type { KeptColumns } from './use-columns.ts'

const always: string[] = ['sku', 'status']

export function ColumnChooser({ hidden, toggle, reset }: KeptColumns) {
  return (
    <Popover position="bottom-end" shadow="md" trapFocus>
      <Popover.Target>
        <Button variant="default" fw={400} leftSection={<IconColumns3 size={15} aria-hidden="true" />} visibleFrom="sm">
          {t('listings.columns.title')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown role="group" aria-label={t('listings.columns.title')}>
        <Stack gap={8}>
          {gridColumnKeys.map((key) => (
            <Checkbox
              key={key}
              size="xs"
              label={columnHead(key)}
              checked={!hidden.includes(key)}
              disabled={always.includes(key)}
              onChange={() => toggle(key)}
            />
          ))}
          <Button size="compact-sm" variant="subtle" disabled={reset === undefined} onClick={() => reset?.()}>
            {t('listings.columns.reset')}
          </Button>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}
