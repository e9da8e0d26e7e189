// The state of a product on this sales channel: icon, word and colour. An error opens to say why, in plain words and in the
// marketplace's own, with the button that goes on (F3).
import { Anchor, Button, Group, Popover, Stack, Text, Tooltip, UnstyledButton } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { t } from '../../i18n.ts'
import { IconClock, IconExternalLink } from '../../icons.ts'
import { StatusBadge } from '../../parts/StatusBadge.tsx'
import { Faults } from './Faults.tsx'
import { gridStateLook, type GridRow } from './grid-state.ts'
import classes from './listings.module.css'

export type Again = (row: GridRow, action: 'list' | 'update' | 'delete') => void

export function ListingState({ row, onAgain }: { row: GridRow; onAgain: Again }) {
  return (
    <span className={classes.state}>
      {row.state === 'error' ? (
        <ErrorState row={row} onAgain={onAgain} />
      ) : (
        <span title={t(`listings.stateIs.${row.state}`)}>
          <StatusBadge look={gridStateLook(row.state)} />
        </span>
      )}
      <OnItsWay change={row.change} />
    </span>
  )
}

function OnItsWay({ change }: Pick<GridRow, 'change'>) {
  const state = change?.state
  if (state !== 'waiting' && state !== 'in-flight' && state !== 'unclear' && state !== 'in-review') return null
  const label = t(`listings.onItsWay.${state}`)
  return (
    <Tooltip label={label} multiline maw={280}>
      <span tabIndex={0} role="img" aria-label={label} style={{ display: 'inline-flex', color: 'var(--state-wait)' }}>
        <IconClock size={15} stroke={2} aria-hidden="true" />
      </span>
    </Tooltip>
  )
}

function ErrorState({ row, onAgain }: { row: GridRow; onAgain: Again }) {
  const [opened, { toggle, close }] = useDisclosure()
  return (
    <Popover
      opened={opened}
      onChange={(next) => !next && close()}
      position="left-start"
      shadow="md"
      width={400}
      trapFocus
    >
      <Popover.Target>
        <UnstyledButton
          className={classes.errorButton}
          aria-label={t('listings.error.show', { title: row.title })}
          aria-expanded={opened}
          onClick={toggle}
          data-keeps-click
        >
          <StatusBadge look={gridStateLook('error')} />
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown maw="calc(100vw - 24px)" data-keeps-click>
        <Why row={row} onAgain={onAgain} />
      </Popover.Dropdown>
    </Popover>
  )
}

function Why({ row, onAgain }: { row: GridRow; onAgain: Again }) {
  const refused = row.change?.state === 'refused' ? row.change : undefined
  const action = refused?.action ?? 'update'
  return (
    <Stack gap="sm">
      <Text fw={600} size="sm">
        {refused ? t(`listings.error.refused.${refused.action}`) : t('listings.error.figures')}
      </Text>
      {refused && <Faults faults={refused.faults} />}
      {row.refusal !== null && <Text size="sm">{row.refusal}</Text>}
      {!refused && row.refusal === null && <Text size="sm">{t('listings.error.below')}</Text>}
      <Group gap="sm">
        <Button size="xs" onClick={() => onAgain(row, action)}>
          {t(`listings.error.again.${action}`)}
        </Button>
        {row.listing?.url && (
          <Anchor href={row.listing.url} target="_blank" rel="noreferrer" size="sm">
            {t('listings.error.seeThere')} <IconExternalLink size={13} aria-hidden="true" />
          </Anchor>
        )}
      </Group>
    </Stack>
  )
}
