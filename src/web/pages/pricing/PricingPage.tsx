// Pricing rules (F7): the rules in their order, prices that wait for a person, and when a person is asked.
import { Skeleton, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { Answer } from '../../api.ts'
import { ask } from '../../api.ts'
import { t } from '../../i18n.ts'
import { IconCircleCheck, IconPercentage, IconPlus } from '../../icons.ts'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { ErrorState } from '../../parts/ErrorState.tsx'
import { ButtonLink } from '../../parts/LinkTo.tsx'
import { PageHeader } from '../../parts/PageHeader.tsx'
import { Progress } from '../../parts/Progress.tsx'
import { StatusBadge } from '../../parts/StatusBadge.tsx'
import { PreviewDialog } from './PreviewDialog.tsx'
import classes from './pricing.module.css'
import { PricingSettings } from './PricingSettings.tsx'
import { RulesTable } from './RulesTable.tsx'
import { useRuleDeeds } from './use-rule-deeds.ts'
import { WaitingPrices } from './WaitingPrices.tsx'

type Rules = Answer<'pricingRules'>

/** While prices are being worked out, how far they are is looked at so often. */
const lookEveryMs = 1000

export function PricingPage() {
  const { data, error, refetch } = useQuery({
    ...ask('pricingRules'),
    staleTime: 0,
    refetchInterval: ({ state }) => (state.data?.recomputing ? lookEveryMs : false),
  })
  return (
    <>
      <PageHeader
        title={t('pricing.title')}
        actions={
          <ButtonLink to="/pricing/new" leftSection={<IconPlus size={16} aria-hidden="true" />}>
            {t('pricing.add')}
          </ButtonLink>
        }
        below={<span>{t('pricing.lead')}</span>}
      />
      <div className="page-body">
        {error && !data ? (
          <ErrorState error={error} onRetry={() => void refetch()} />
        ) : (
          <Stack gap="md">
            {data ? <Rules rules={data} /> : <Skeleton height={220} radius="lg" aria-busy="true" />}
            <WaitingPrices />
            {data && <PricingSettings settings={data.settings} />}
          </Stack>
        )}
      </div>
    </>
  )
}

function Rules({ rules: { rules, recomputing } }: { rules: Rules }) {
  const { wish, leave, apply, ...deeds } = useRuleDeeds()
  const name = wish?.rule.rule.name ?? ''
  const isDeleted = wish?.kind === 'delete'
  if (rules.length === 0 && !recomputing)
    return (
      <section className="panel" aria-label={t('pricing.title')}>
        <EmptyState icon={IconPercentage} title={t('pricing.empty')} text={t('pricing.emptyNext')}>
          <ButtonLink to="/pricing/new">{t('pricing.automate')}</ButtonLink>
        </EmptyState>
      </section>
    )
  return (
    <section className="panel" aria-label={t('pricing.title')}>
      <div className={classes.progress}>
        {recomputing ? (
          <Progress label={t('pricing.recomputing')} {...recomputing} />
        ) : (
          <StatusBadge look={{ icon: IconCircleCheck, tone: 'good', label: t('pricing.upToDate') }} plain />
        )}
      </div>
      <RulesTable rules={rules} {...deeds} />
      {wish && (
        <PreviewDialog
          opened
          onClose={leave}
          title={t(isDeleted ? 'pricing.preview.deleteTitle' : 'pricing.preview.onTitle', { name })}
          ruleId={wish.rule.id}
          rule={isDeleted ? null : wish.rule.rule}
          confirm={t(isDeleted ? 'pricing.preview.delete' : 'pricing.preview.switchOn')}
          danger={isDeleted}
          apply={(seen) => apply(wish, seen)}
        />
      )}
    </section>
  )
}
