// One supplier and what he offers.
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { ask } from '../../api.ts'
import { countLabel } from '../../format.ts'
import { t } from '../../i18n.ts'
import { DataTable } from '../../parts/DataTable.tsx'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { AnchorLink } from '../../parts/LinkTo.tsx'
import { MoneyText } from '../../parts/MoneyText.tsx'
import { PageHeader } from '../../parts/PageHeader.tsx'
import { usePages } from '../../parts/table-source.ts'

export function SupplierPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const { data } = useQuery(ask('supplier', { params: { id } }))
  const source = usePages('offers', { params: { id }, query: {} })
  return (
    <div className="page-fill">
      <PageHeader title={data?.name ?? ''} above={<AnchorLink to="/suppliers">{t('suppliers.title')}</AnchorLink>} />
      <DataTable
        label={t('suppliers.columns.offers')}
        source={source}
        rowKey={(row) => row.id}
        rowName={(row) => row.supplierSku}
        empty={<EmptyState title={t('suppliers.empty')} />}
        columns={[
          { key: 'sku', head: t('mapping.columns.sku'), width: 160, card: 'title', render: (row) => row.supplierSku },
          {
            key: 'title',
            head: t('products.columns.product'),
            width: 240,
            grow: 2,
            render: (row) => <span className="ellipsis">{row.title}</span>,
          },
          {
            key: 'available',
            head: t('products.columns.available'),
            width: 110,
            figures: true,
            render: (row) => (row.available === null ? t('common.unknown') : countLabel(row.available)),
          },
          {
            key: 'cost',
            head: t('products.columns.price'),
            width: 120,
            figures: true,
            render: (row) => <MoneyText money={row.costExVat} />,
          },
        ]}
      />
    </div>
  )
}
