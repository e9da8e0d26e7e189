// Every version of a rule: who saved it, when, and what it changed, in words.
import { Skeleton, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { Answer } from '../../api.ts'
import { ask } from '../../api.ts'
import { t } from '../../i18n.ts'
import { ErrorState } from '../../parts/ErrorState.tsx'
import { RelativeTime } from '../../parts/RelativeTime.tsx'
import classes from './pricing.module.css'
import type { Rule, RuleNames } from './rule-words.ts'
import { differences, ruleSentence } from './rule-words.ts'

type Version = Answer<'pricingRuleHistory'>[number]

export function History({ rule }: { rule: Rule }) {
  const { data, error, refetch } = useQuery({
    ...ask('pricingRuleHistory', { params: { id: rule.id } }),
    staleTime: 0,
  })
  const names = useNames()
  return (
    <section className={`panel ${classes.block}`} aria-label={t('pricing.history.title')}>
      <Title order={2} mb={8}>
        {t('pricing.history.title')}
      </Title>
      {error && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!error && (!data || !names) && <Skeleton height={90} aria-busy="true" />}
      {data && names && (
        <ol className={classes.history}>
          {data.map((version, index) => (
            <li key={version.version}>
              <div className={classes.historyTop}>
                <span>
                  {t(`pricing.history.what.${version.what}`, { position: version.position })}{' '}
                  <span className={classes.quiet}>{t('pricing.history.version', { version: version.version })}</span>
                </span>
                <span className={classes.quiet}>
                  <RelativeTime at={version.at} /> · {version.by}
                  {version.approved && ` · ${t('pricing.history.approved')}`}
                </span>
              </div>
              <ul>
                {told(version, data[index + 1], names).map((sentence) => (
                  <li key={sentence}>{sentence}</li>
                ))}
              </ul>
            </li>
          ))}
        </ol>
      )}
    </section>
  )
}

function told(version: Version, before: Version | undefined, names: RuleNames): string[] {
  const service = version.rule.shippingServiceId
  if (!before) return [ruleSentence(version.rule, service === null ? null : (names.services.get(service) ?? null))]
  const sentences = differences(before.rule, version.rule, names)
  return sentences.length === 0 && version.what === 'changed' ? [t('pricing.history.same')] : sentences
}

function useNames(): RuleNames | undefined {
  const channels = useQuery(ask('channels')).data
  const suppliers = useQuery(ask('suppliers')).data
  const services = useQuery(ask('shippingServices')).data
  if (!channels || !suppliers || !services) return undefined
  const byId = (rows: { id: string; name: string }[]) => new Map(rows.map(({ id, name }) => [id, name]))
  return { channels: byId(channels), suppliers: byId(suppliers), services: byId(services) }
}
