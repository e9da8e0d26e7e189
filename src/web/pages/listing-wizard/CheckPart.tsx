// What stands against sending, before it is sent: missing attributes with how often, then each product with its faults.
import { Button, Group, Skeleton, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { ask, call } from '../../api.ts'
import { countLabel } from '../../format.ts'
import { t } from '../../i18n.ts'
import { IconAlertTriangle, IconCircleCheck, IconZoomQuestion } from '../../icons.ts'
import { tell, tellRefusal } from '../../parts/ask.tsx'
import { ErrorState } from '../../parts/ErrorState.tsx'
import { FaultText } from './FaultText.tsx'
import type { Checked, Fault, Wizard } from './use-wizard.ts'
import classes from './wizard.module.css'

type Row = Checked['rows'][number]
type Props = {
  wizard: Wizard
  marketplace: string
  onGoTo: (row: Row, fault: Fault) => void
  onFill: (attribute: string) => void
}

const rowsShown = 30

export function CheckPart({ wizard, marketplace, onGoTo, onFill }: Props) {
  const { check } = wizard
  const checked = check.data
  const faulty = checked?.rows.filter(({ faults }) => faults.length > 0) ?? []
  const more = checked ? checked.products - checked.ready - Math.min(rowsShown, faulty.length) : 0
  return (
    <section className={`panel ${classes.part}`} aria-labelledby="part-check">
      <Group justify="space-between" gap="sm">
        <h2 id="part-check" tabIndex={-1} className={classes.heading}>
          {t('wizard.check.title')}
        </h2>
        {wizard.action !== 'delete' && wizard.categories.data?.looksAtDrafts && (
          <AskMarketplace wizard={wizard} marketplace={marketplace} />
        )}
      </Group>
      {check.error && !checked && (
        <ErrorState error={check.error} title={t('wizard.check.failed')} onRetry={() => void check.refetch()} />
      )}
      {check.isPending && <Skeleton h={24} w={260} aria-busy="true" />}
      {checked && faulty.length === 0 && (
        <p className={classes.allReady}>
          <IconCircleCheck size={16} aria-hidden="true" />{' '}
          {t('wizard.check.allReady', { count: checked.products, shown: countLabel(checked.products) })}
        </p>
      )}
      {checked && wizard.action === 'delete' && <Going checked={checked} />}
      {checked && checked.missing.length > 0 && <Missing missing={checked.missing} onFill={onFill} />}
      {faulty.length > 0 && (
        <ul className={classes.faulty} aria-label={t('wizard.check.perProduct')}>
          {faulty.slice(0, rowsShown).map((row) => (
            <FaultyRow
              key={`${row.productId} ${row.variantId}`}
              row={row}
              marketplace={marketplace}
              onGoTo={(fault) => onGoTo(row, fault)}
            />
          ))}
        </ul>
      )}
      {more > 0 && (
        <Text size="sm" c="dimmed">
          {t('wizard.check.more', { count: more, shown: countLabel(more) })}
        </Text>
      )}
    </section>
  )
}

/** What is deleted is named before it is. */
function Going({ checked }: { checked: Checked }) {
  const ready = checked.rows.filter(({ faults }) => faults.length === 0)
  const more = checked.ready - Math.min(rowsShown, ready.length)
  if (ready.length === 0) return null
  return (
    <ul className={classes.faulty} aria-label={t('wizard.check.going')}>
      {ready.slice(0, rowsShown).map(({ productId, variantId, title }) => (
        <li key={`${productId} ${variantId}`} className={classes.faultyRow}>
          {title}
        </li>
      ))}
      {more > 0 && (
        <li className={classes.faultyRow}>{t('wizard.check.more', { count: more, shown: countLabel(more) })}</li>
      )}
    </ul>
  )
}

function Missing({ missing, onFill }: { missing: Checked['missing']; onFill: (attribute: string) => void }) {
  return (
    <div className={classes.missing} role="group" aria-label={t('wizard.check.missing')}>
      <Text size="sm" fw={600}>
        {t('wizard.check.missing')}
      </Text>
      {missing.map(({ key, label, products }) => (
        <Button
          key={key}
          variant="light"
          color="red"
          size="compact-sm"
          classNames={{ root: classes.missingChip ?? '' }}
          aria-label={`${t('wizard.check.fill', { label })}, ${t('wizard.check.missingAt', { count: products })}`}
          onClick={() => onFill(key)}
        >
          {label} · {t('wizard.check.missingAt', { count: products })}
        </Button>
      ))}
    </div>
  )
}

type FaultyProps = { row: Row; marketplace: string; onGoTo: (fault: Fault) => void }

function FaultyRow({ row, marketplace, onGoTo }: FaultyProps) {
  return (
    <li className={classes.faultyRow}>
      <span className={classes.faultyName}>{row.title}</span>
      <ul>
        {row.faults.map((fault) => (
          <li key={`${fault.channelSku} ${fault.attribute} ${fault.message}`}>
            <IconAlertTriangle size={14} aria-hidden="true" className={classes.bad} />
            <span>
              <FaultText fault={fault} marketplace={marketplace} />
            </span>
            {/* What is about the product as a whole is mended elsewhere. */}
            {fault.field !== null && (
              <Button
                variant="subtle"
                size="compact-xs"
                aria-label={t('wizard.check.goToOf', { name: row.title, fault: fault.message })}
                onClick={() => onGoTo(fault)}
              >
                {t('wizard.check.goTo')}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </li>
  )
}

function AskMarketplace({ wizard, marketplace }: { wizard: Wizard; marketplace: string }) {
  const client = useQueryClient()
  const params = { id: wizard.channelId }
  const body = { chosen: wizard.chosen, action: wizard.action }
  const asking = useMutation({
    mutationFn: () => call('checkForChannel', { params, body: { ...body, askMarketplace: true } }),
    onSuccess: (answer) => {
      client.setQueryData(ask('checkForChannel', { params, body }).queryKey, answer)
      tell(t('wizard.check.asked', { marketplace }))
    },
    onError: tellRefusal,
  })
  return (
    <Button
      variant="default"
      size="xs"
      title={t('wizard.check.askHelp', { marketplace })}
      leftSection={<IconZoomQuestion size={14} aria-hidden="true" />}
      loading={asking.isPending}
      onClick={() => asking.mutate()}
    >
      {t('wizard.check.ask', { marketplace })}
    </Button>
  )
}
