// The state of a product on this sales channel: icon, word and colour. An error opens to say why, in plain words and in the
// marketplace's own, with the button that goes on (F3).
import { Anchor, Button, Group, Stack, Text } from '@mantine/core'
import { t } from '../../i18n.ts'
import { IconExternalLink } from '../../icons.ts'
import { Glyph } from '../../parts/Glyph.tsx'
import { Faults } from './Faults.tsx'
import { gridStateGlyph, gridStateLook, type GridRow } from './grid-state.ts'
import classes from './listings.module.css'
import { Words, type AskRow } from './RowWhy.tsx'

export type Again = (row: GridRow, action: 'list' | 'update' | 'delete') => void
type Props = { row: GridRow; onAgain: Again; askRow: AskRow }

export function ListingState({ row, onAgain, askRow }: Props) {
  return (
    <>
      {row.state === 'error' ? (
        <ErrorState row={row} onAgain={onAgain} askRow={askRow} />
      ) : (
        <span className={classes.state} data-state={row.state} data-hint={t(`listings.stateIs.${row.state}`)}>
          <Glyph name={gridStateGlyph[row.state]} />
          {gridStateLook(row.state).label}
        </span>
      )}
      <OnItsWay change={row.change} askRow={askRow} />
    </>
  )
}

function OnItsWay({ change, askRow }: Pick<GridRow, 'change'> & Pick<Props, 'askRow'>) {
  const state = change?.state
  if (state !== 'waiting' && state !== 'in-flight' && state !== 'unclear' && state !== 'in-review') return null
  const label = t(`listings.onItsWay.${state}`)
  return (
    <button
      type="button"
      className={classes.way}
      aria-label={label}
      data-hint={label}
      onClick={(event) => askRow(event, label, () => <Words>{label}</Words>)}
    >
      <Glyph name="clock" />
    </button>
  )
}

function ErrorState({ row, onAgain, askRow }: Props) {
  const label = t('listings.error.show', { title: row.title })
  return (
    <button
      type="button"
      className={`${classes.state} ${classes.errorButton}`}
      data-state="error"
      aria-label={label}
      aria-haspopup="dialog"
      onClick={(event) => askRow(event, label, () => <Why row={row} onAgain={onAgain} />)}
    >
      <Glyph name={gridStateGlyph.error} />
      {gridStateLook('error').label}
    </button>
  )
}

function Why({ row, onAgain }: Pick<Props, 'row' | 'onAgain'>) {
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
