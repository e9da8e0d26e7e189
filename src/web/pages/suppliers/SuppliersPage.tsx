// The companies that hold the stock, the seller's own among them (G2).
import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { ask } from '../../api.ts'
import { t } from '../../i18n.ts'
import { IconPlus, IconTruck } from '../../icons.ts'
import { DataTable } from '../../parts/DataTable.tsx'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { PageHeader } from '../../parts/PageHeader.tsx'
import { listSource } from '../../parts/table-source.ts'
import { supplierColumns } from './supplier-columns.tsx'
import { SupplierDialog } from './SupplierDialog.tsx'

const columns = supplierColumns()

export function SuppliersPage() {
  const router = useRouter()
  const [adding, { open, close }] = useDisclosure()
  const source = listSource(useQuery(ask('suppliers')))
  const hasOnlyOwn = source.rows.length > 0 && source.rows.every((supplier) => supplier.ownStock)
  const addButton = (
    <Button leftSection={<IconPlus size={16} aria-hidden="true" />} onClick={open}>
      {t('suppliers.add')}
    </Button>
  )
  return (
    <div className="page-fill">
      <PageHeader
        title={t('suppliers.title')}
        actions={addButton}
        below={hasOnlyOwn && <span>{t('suppliers.onlyOwn')}</span>}
      />
      <DataTable
        label={t('suppliers.title')}
        source={source}
        rowKey={(row) => row.id}
        rowName={(row) => row.name}
        onOpen={(row) => void router.navigate({ to: '/suppliers/$id', params: { id: row.id } })}
        empty={
          <EmptyState icon={IconTruck} title={t('suppliers.empty')} text={t('suppliers.emptyNext')}>
            {addButton}
          </EmptyState>
        }
        columns={columns}
      />
      <SupplierDialog
        opened={adding}
        onClose={close}
        onSaved={(saved) => void router.navigate({ to: '/suppliers/$id', params: { id: saved.id } })}
      />
    </div>
  )
}
