// The companies that hold the stock.
import { useQuery } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { ask } from '../../api.ts'
import { countLabel } from '../../format.ts'
import { t } from '../../i18n.ts'
import { IconTruck } from '../../icons.ts'
import { DataTable } from '../../parts/DataTable.tsx'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { AnchorLink } from '../../parts/LinkTo.tsx'
import { PageHeader } from '../../parts/PageHeader.tsx'
import { RelativeTime } from '../../parts/RelativeTime.tsx'
import { listSource } from '../../parts/table-source.ts'

export function SuppliersPage() {
  const router = useRouter()
  const source = listSource(useQuery(ask('suppliers')))
  return (
    <div className="page-fill">
      <PageHeader title={t('suppliers.title')} />
      <DataTable
        label={t('suppliers.title')}
        source={source}
        rowKey={(row) => row.id}
        rowName={(row) => row.name}
        onOpen={(row) => void router.navigate({ to: '/suppliers/$id', params: { id: row.id } })}
        empty={<EmptyState icon={IconTruck} title={t('suppliers.empty')} text={t('suppliers.emptyNext')} />}
        columns={[
          {
            key: 'name',
            head: t('suppliers.columns.name'),
            width: 220,
            grow: 2,
            card: 'title',
            render: (row) => (
              <AnchorLink to="/suppliers/$id" params={{ id: row.id }} size="sm">
                {row.name}
              </AnchorLink>
            ),
          },
          {
            key: 'offers',
            head: t('suppliers.columns.offers'),
            width: 100,
            figures: true,
            render: (row) => countLabel(row.offers),
          },
          {
            key: 'open',
            head: t('suppliers.columns.openPurchaseOrders'),
            width: 180,
            figures: true,
            render: (row) => countLabel(row.openPurchaseOrders),
          },
          {
            key: 'file',
            head: t('suppliers.columns.lastFile'),
            width: 140,
            figures: true,
            render: (row) => <RelativeTime at={row.lastFileAt} />,
          },
          {
            key: 'held',
            head: t('suppliers.columns.heldFiles'),
            width: 110,
            figures: true,
            render: (row) => countLabel(row.heldFiles),
          },
        ]}
      />
    </div>
  )
}
