// What the last fetches of a supplier's feeds came to, newest first.
import { Skeleton, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { Answer } from '../../api.ts'
import { ask } from '../../api.ts'
import { t } from '../../i18n.ts'
import { IconCircleCheck, IconCircleX, IconMinus } from '../../icons.ts'
import { ErrorState } from '../../parts/ErrorState.tsx'
import { AnchorLink } from '../../parts/LinkTo.tsx'
import { RelativeTime } from '../../parts/RelativeTime.tsx'
import { StatusBadge } from '../../parts/StatusBadge.tsx'
import classes from './feeds.module.css'

type Outcome = Answer<'feedHistory'>[number]['outcome']

const looks = {
  imported: { icon: IconCircleCheck, tone: 'good' },
  unchanged: { icon: IconMinus, tone: 'quiet' },
  failed: { icon: IconCircleX, tone: 'bad' },
} as const satisfies Record<Outcome, object>

export function FeedHistory({ supplierId }: { supplierId: string }) {
  const { data, error, refetch } = useQuery(ask('feedHistory', { params: { id: supplierId } }))
  if (!data)
    return error ? <ErrorState error={error} onRetry={() => void refetch()} /> : <Skeleton height={60} mt={8} />
  if (data.length === 0)
    return (
      <Text size="sm" c="dimmed" mt={6}>
        {t('feeds.historyNone')}
      </Text>
    )
  return (
    <ul className={classes.list} aria-label={t('feeds.history')}>
      {data.map((fetched) => (
        <li key={fetched.id}>
          <StatusBadge plain look={{ ...looks[fetched.outcome], label: t(`feeds.outcomes.${fetched.outcome}`) }} />
          <span className={classes.address}>
            {fetched.importId ? (
              <AnchorLink to="/imports/$id" params={{ id: fetched.importId }} size="sm">
                {fetched.fileName}
              </AnchorLink>
            ) : (
              fetched.reason
            )}
          </span>
          <span className={classes.quiet}>
            <RelativeTime at={fetched.at} />
          </span>
        </li>
      ))}
    </ul>
  )
}
