// All products of the seller (G1), with imports under way above them.
import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useRouter } from '@tanstack/react-router'
import { t } from '../../i18n.ts'
import { IconBox, IconFileImport, IconFilter } from '../../icons.ts'
import { DataTable } from '../../parts/DataTable.tsx'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { useFilters } from '../../parts/filters.ts'
import { PageHeader } from '../../parts/PageHeader.tsx'
import { SearchBox } from '../../parts/SearchBox.tsx'
import { usePages } from '../../parts/table-source.ts'
import { ImportDialog } from '../files/ImportDialog.tsx'
import { RunningImports } from '../files/RunningImports.tsx'
import { productColumns } from './product-columns.tsx'

const columns = productColumns()

export function ProductsPage() {
  const router = useRouter()
  const [filters, setFilters] = useFilters('search')
  const [importing, { open, close }] = useDisclosure()
  const source = usePages('products', { query: filters })
  const importButton = (
    <Button leftSection={<IconFileImport size={16} aria-hidden="true" />} onClick={open}>
      {t('products.import')}
    </Button>
  )
  return (
    <div className="page-fill">
      <PageHeader
        title={t('products.title')}
        actions={importButton}
        below={
          <SearchBox
            label={t('products.search')}
            value={filters.search ?? ''}
            onChange={(search) => setFilters({ search })}
          />
        }
      />
      <RunningImports query={{ kind: 'shopify-products' }} />
      <DataTable
        label={t('products.title')}
        source={source}
        rowKey={(row) => row.id}
        rowName={(row) => row.title}
        onOpen={(row) => void router.navigate({ to: '/products/$id', params: { id: row.id } })}
        rowHeight={44}
        empty={
          filters.search ? (
            <EmptyState icon={IconFilter} title={t('table.nothingFound')} text={t('table.nothingFoundNext')}>
              <Button variant="default" onClick={() => setFilters({ search: null })}>
                {t('common.clear')}
              </Button>
            </EmptyState>
          ) : (
            <EmptyState icon={IconBox} title={t('products.empty')} text={t('products.emptyNext')}>
              {importButton}
            </EmptyState>
          )
        }
        columns={columns}
      />
      <ImportDialog kind="shopify-products" opened={importing} onClose={close} />
    </div>
  )
}
