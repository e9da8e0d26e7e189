// Which columns of the grid are shown; the SKU and the status always are.
import { Button, Checkbox, Popover, Stack } from '@mantine/core'
import { t } from '../../i18n.ts'
import { IconColumns3 } from '../../icons.ts'

type Props = {
  columns: readonly { key: string; head: string }[]
  hidden: readonly string[]
  onToggle: (key: string) => void
  onReset: (() => void) | undefined
}

const always = ['sku', 'status']

export function ColumnChooser({ columns, hidden, onToggle, onReset }: Props) {
  return (
    <Popover position="bottom-end" shadow="md" trapFocus>
      <Popover.Target>
        <Button variant="default" fw={400} leftSection={<IconColumns3 size={15} aria-hidden="true" />} visibleFrom="sm">
          {t('listings.columns.title')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown role="group" aria-label={t('listings.columns.title')}>
        <Stack gap={8}>
          {columns.map(({ key, head }) => (
            <Checkbox
              key={key}
              size="xs"
              label={head}
              checked={!hidden.includes(key)}
              disabled={always.includes(key)}
              onChange={() => onToggle(key)}
            />
          ))}
          <Button size="compact-sm" variant="subtle" disabled={onReset === undefined} onClick={() => onReset?.()}>
            {t('listings.columns.reset')}
          </Button>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}
