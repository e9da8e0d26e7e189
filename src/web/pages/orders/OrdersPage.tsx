// All orders, newest first.
import { useRouter } from '@tanstack/react-router'
import { t } from '../../i18n.ts'
import { IconShoppingCart } from '../../icons.ts'
import { DataTable } from '../../parts/DataTable.tsx'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { useFilters } from '../../parts/filters.ts'
import { AnchorLink } from '../../parts/LinkTo.tsx'
import { MoneyText } from '../../parts/MoneyText.tsx'
import { PageHeader } from '../../parts/PageHeader.tsx'
import { RelativeTime } from '../../parts/RelativeTime.tsx'
import { SearchBox } from '../../parts/SearchBox.tsx'
import { StatusBadge } from '../../parts/StatusBadge.tsx'
import { orderStatusLook } from '../../parts/status.ts'
import { usePages } from '../../parts/table-source.ts'

export function OrdersPage() {
  const router = useRouter()
  const [filters, setFilters] = useFilters('search', 'status', 'channelId')
  const source = usePages('orders', { query: filters as never })
  return (
    <div className="page-fill">
      <PageHeader
        title={t('orders.title')}
        below={
          <SearchBox
            label={t('orders.search')}
            value={filters.search ?? ''}
            onChange={(search) => setFilters({ search })}
          />
        }
      />
      <DataTable
        label={t('orders.title')}
        source={source}
        rowKey={(row) => row.id}
        rowName={(row) => row.marketplaceOrderId}
        onOpen={(row) => void router.navigate({ to: '/orders/$id', params: { id: row.id } })}
        empty={<EmptyState icon={IconShoppingCart} title={t('orders.empty')} text={t('orders.emptyNext')} />}
        columns={[
          {
            key: 'order',
            head: t('orders.columns.order'),
            width: 140,
            card: 'title',
            render: (row) => (
              <AnchorLink to="/orders/$id" params={{ id: row.id }} size="sm">
                {row.marketplaceOrderId}
              </AnchorLink>
            ),
          },
          {
            key: 'status',
            head: t('orders.columns.status'),
            width: 200,
            card: 'side',
            render: (row) => <StatusBadge look={orderStatusLook(row.status)} why={row.statusReason} />,
          },
          {
            key: 'items',
            head: t('orders.columns.items'),
            width: 200,
            grow: 2,
            render: (row) => <span className="ellipsis">{row.summary}</span>,
          },
          {
            key: 'channel',
            head: t('orders.columns.channel'),
            width: 150,
            grow: 1,
            render: (row) => <span className="ellipsis">{row.channelName}</span>,
          },
          {
            key: 'total',
            head: t('orders.columns.total'),
            width: 110,
            figures: true,
            render: (row) => <MoneyText money={row.total} />,
          },
          {
            key: 'placed',
            head: t('orders.columns.placed'),
            width: 120,
            figures: true,
            render: (row) => <RelativeTime at={row.placedAt} />,
          },
        ]}
      />
    </div>
  )
}
