// One order with its story.
import { List, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { ask } from '../../api.ts'
import { t } from '../../i18n.ts'
import { ErrorState } from '../../parts/ErrorState.tsx'
import { AnchorLink } from '../../parts/LinkTo.tsx'
import { PageHeader } from '../../parts/PageHeader.tsx'
import { RelativeTime } from '../../parts/RelativeTime.tsx'
import { StatusBadge } from '../../parts/StatusBadge.tsx'
import { orderStatusLook } from '../../parts/status.ts'

export function OrderPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const { data, error, refetch } = useQuery(ask('order', { params: { id } }))
  if (!data)
    return error ? <ErrorState error={error} onRetry={() => void refetch()} /> : <Skeleton height={120} m="lg" />
  return (
    <>
      <PageHeader
        title={data.marketplaceOrderId}
        above={<AnchorLink to="/orders">{t('orders.title')}</AnchorLink>}
        beside={<StatusBadge look={orderStatusLook(data.status)} why={data.statusReason} />}
      />
      <div className="page-body">
        <List>
          {data.events.map((event) => (
            <List.Item key={event.id}>
              <RelativeTime at={event.at} /> · {event.text}
            </List.Item>
          ))}
        </List>
      </div>
    </>
  )
}
