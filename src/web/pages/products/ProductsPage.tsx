// All products of the seller.
import { useRouter } from '@tanstack/react-router'
import { countLabel } from '../../format.ts'
import { t } from '../../i18n.ts'
import { IconBox } from '../../icons.ts'
import { DataTable } from '../../parts/DataTable.tsx'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { useFilters } from '../../parts/filters.ts'
import { AnchorLink } from '../../parts/LinkTo.tsx'
import { MoneyText } from '../../parts/MoneyText.tsx'
import { PageHeader } from '../../parts/PageHeader.tsx'
import { SearchBox } from '../../parts/SearchBox.tsx'
import { usePages } from '../../parts/table-source.ts'

export function ProductsPage() {
  const router = useRouter()
  const [filters, setFilters] = useFilters('search')
  const source = usePages('products', { query: filters })
  return (
    <div className="page-fill">
      <PageHeader
        title={t('products.title')}
        below={
          <SearchBox
            label={t('products.search')}
            value={filters.search ?? ''}
            onChange={(search) => setFilters({ search })}
          />
        }
      />
      <DataTable
        label={t('products.title')}
        source={source}
        rowKey={(row) => row.id}
        rowName={(row) => row.title}
        onOpen={(row) => void router.navigate({ to: '/products/$id', params: { id: row.id } })}
        empty={<EmptyState icon={IconBox} title={t('products.empty')} text={t('products.emptyNext')} />}
        columns={[
          {
            key: 'product',
            head: t('products.columns.product'),
            width: 260,
            grow: 3,
            card: 'title',
            render: (row) => (
              <AnchorLink to="/products/$id" params={{ id: row.id }} size="sm" className="ellipsis">
                {row.title}
              </AnchorLink>
            ),
          },
          {
            key: 'variants',
            head: t('products.columns.variants'),
            width: 90,
            figures: true,
            render: (row) => countLabel(row.variants),
          },
          {
            key: 'available',
            head: t('products.columns.available'),
            width: 110,
            figures: true,
            render: (row) => (row.available === null ? t('common.unknown') : countLabel(row.available)),
          },
          {
            key: 'price',
            head: t('products.columns.price'),
            width: 130,
            figures: true,
            render: (row) => <MoneyText money={row.priceFrom} />,
          },
          {
            key: 'listings',
            head: t('products.columns.listings'),
            width: 90,
            figures: true,
            render: (row) => countLabel(row.listings),
          },
        ]}
      />
    </div>
  )
}
