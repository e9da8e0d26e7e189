// What saving, switching on or deleting a rule would change, seen before it is done (F7). Only from here is it done.
import { Button, Group, Modal, Skeleton, Stack, Text } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useMutation, useQuery } from '@tanstack/react-query'
import type { Answer } from '../../api.ts'
import { ApiRefusal, ask } from '../../api.ts'
import { countLabel, moneyLabel } from '../../format.ts'
import { t } from '../../i18n.ts'
import { IconAlertTriangle, IconClockPause } from '../../icons.ts'
import { ErrorState } from '../../parts/ErrorState.tsx'
import { MoneyText } from '../../parts/MoneyText.tsx'
import { StatusBadge } from '../../parts/StatusBadge.tsx'
import classes from './pricing.module.css'
import type { RuleDraft } from './rule-form.ts'

type Preview = Answer<'previewPricingRule'>
type Priced = Preview['samples'][number]

export type PreviewProps = {
  opened: boolean
  onClose: () => void
  title: string
  /** Null: it is new. */
  ruleId: string | null
  /** Null: it is deleted. */
  rule: RuleDraft | null
  confirm: string
  danger?: boolean
  /** It is saved switched off, so nothing changes yet. */
  isOff?: boolean
  apply: (seen: string) => Promise<unknown>
}

export function PreviewDialog(props: PreviewProps) {
  const isNarrow = useMediaQuery('(max-width: 47.99em)') ?? false
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title={props.title}
      size={860}
      fullScreen={isNarrow}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      {props.opened && <Content {...props} />}
    </Modal>
  )
}

function Content({ ruleId, rule, confirm, danger, isOff, apply, onClose }: PreviewProps) {
  const { data, error, refetch, isFetching } = useQuery({
    ...ask('previewPricingRule', { body: { ruleId, rule } }),
    staleTime: 0,
    gcTime: 0,
    retry: false,
  })
  const applying = useMutation({
    mutationFn: apply,
    onError: (refusal) => refusal instanceof ApiRefusal && refusal.code === 'changed' && void refetch(),
  })
  return (
    <Stack gap="md">
      {error ? (
        <ErrorState error={error} title={t('pricing.preview.failed')} onRetry={() => void refetch()} />
      ) : data ? (
        <Figures preview={data} isOff={isOff ?? false} />
      ) : (
        <Skeleton height={420} aria-busy="true" aria-label={t('pricing.preview.loading')} />
      )}
      {applying.error && <ErrorState error={applying.error} title={t('pricing.preview.notSaved')} />}
      <Group justify="flex-end" className={classes.dialogButtons}>
        <Button variant="default" onClick={onClose}>
          {t('common.cancel')}
        </Button>
        <Button
          data-autofocus
          disabled={!data || isFetching}
          loading={applying.isPending}
          onClick={() => data && applying.mutate(data.seen)}
          {...(danger ? { color: 'red.9' } : {})}
        >
          {confirm}
        </Button>
      </Group>
    </Stack>
  )
}

const figures = [
  'changed',
  'listings',
  'rises',
  'falls',
  'unchanged',
  'ownPrice',
  'atFloor',
  'atCeiling',
  'largeSteps',
] as const

function Figures({ preview, isOff }: { preview: Preview; isOff: boolean }) {
  const held = preview.held.reduce((sum, { count }) => sum + count, 0)
  const shown = [...preview.biggestRises, ...preview.biggestFalls, ...preview.samples]
  const losses = new Set(shown.filter(isLoss).map(({ variantId, channelId }) => `${variantId} ${channelId}`)).size
  return (
    <>
      <Text size="sm">{isOff ? t('pricing.preview.leadOff') : countedText(preview.counted)}</Text>
      <dl className={classes.figures}>
        {figures.map((name) => (
          <div key={name}>
            <dt>{t(`pricing.preview.figures.${name}`)}</dt>
            <dd className="figure">{countLabel(preview[name])}</dd>
          </div>
        ))}
        <div>
          <dt>{t('pricing.preview.figures.held')}</dt>
          <dd className="figure">{countLabel(held)}</dd>
        </div>
      </dl>
      {preview.held.length > 0 && (
        <section aria-label={t('pricing.preview.heldTitle')}>
          <h2 className={classes.small}>{t('pricing.preview.heldTitle')}</h2>
          <ul className={classes.heldList}>
            {preview.held.map(({ reason, count }) => (
              <li key={reason}>
                <StatusBadge
                  plain
                  look={{ icon: IconClockPause, tone: 'wait', label: t(`pricing.preview.held.${reason}`) }}
                />
                <span className="figure">{countLabel(count)}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      {losses > 0 && <Note text={t('pricing.preview.losses', { count: losses })} />}
      {preview.needsApproval && !isOff && <Note text={t('pricing.preview.approval')} />}
      <Prices title={t('pricing.preview.biggestRises')} rows={preview.biggestRises} />
      <Prices title={t('pricing.preview.biggestFalls')} rows={preview.biggestFalls} />
      <Prices title={t('pricing.preview.samples')} rows={preview.samples} />
    </>
  )
}

/** What the figures are of. */
function countedText({ value, more, variants, allVariants }: Preview['counted']): string {
  const counted = countLabel(value)
  if (!more) return t('pricing.preview.lead', { count: value, counted })
  return t('pricing.preview.leadPart', {
    counted,
    variants: countLabel(variants),
    allVariants: countLabel(allVariants),
  })
}

function Note({ text }: { text: string }) {
  return (
    <p className={classes.note}>
      <IconAlertTriangle size={16} stroke={1.8} aria-hidden="true" />
      <span>{text}</span>
    </p>
  )
}

function isLoss({ split }: Priced): boolean {
  return split !== null && split.left.minor < 0
}

function Prices({ title, rows }: { title: string; rows: Priced[] }) {
  if (rows.length === 0) return null
  return (
    <section aria-label={title}>
      <h2 className={classes.small}>{title}</h2>
      <table className={classes.prices} aria-label={title}>
        <thead>
          <tr>
            <th scope="col">{t('pricing.preview.product')}</th>
            <th scope="col" className={classes.wide}>
              {t('pricing.preview.channel')}
            </th>
            <th scope="col">{t('pricing.preview.before')}</th>
            <th scope="col">{t('pricing.preview.after')}</th>
            <th scope="col" className={classes.wide}>
              {t('pricing.preview.left')}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={`${row.variantId} ${row.channelId}`}>
              <td>
                {row.title} <span className="code">{row.sku}</span>
                <div className={classes.narrow}>
                  {row.channelName} {isLoss(row) && <Loss row={row} />}
                </div>
                {row.held && (
                  <div>
                    <StatusBadge
                      plain
                      look={{ icon: IconClockPause, tone: 'wait', label: t(`pricing.preview.held.${row.held}`) }}
                    />
                  </div>
                )}
              </td>
              <td className={classes.wide}>{row.channelName}</td>
              <td>
                <MoneyText money={row.before} unknown={t('common.none')} />
              </td>
              <td>
                <MoneyText money={row.price} unknown={t('common.none')} />
              </td>
              <td className={classes.wide}>
                {isLoss(row) ? <Loss row={row} /> : row.split && <MoneyText money={row.split.left} />}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function Loss({ row: { split } }: { row: Priced }) {
  const figure = split ? moneyLabel(split.left) : ''
  const label = `${t('pricing.ledger.loss')} ${figure}`
  return <StatusBadge plain look={{ icon: IconAlertTriangle, tone: 'bad', label }} />
}
