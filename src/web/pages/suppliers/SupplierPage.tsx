// One supplier: files held back first, then what he offers, what is ordered from him, and the files that came in (E1, G2).
import { Button, Tabs } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { ask } from '../../api.ts'
import { bringIntoView } from '../../browser.ts'
import { countLabel } from '../../format.ts'
import { t } from '../../i18n.ts'
import { IconFileImport, IconPencil } from '../../icons.ts'
import { ErrorState } from '../../parts/ErrorState.tsx'
import { useFilters } from '../../parts/filters.ts'
import { AnchorLink } from '../../parts/LinkTo.tsx'
import { PageHeader } from '../../parts/PageHeader.tsx'
import { RelativeTime } from '../../parts/RelativeTime.tsx'
import { SearchBox } from '../../parts/SearchBox.tsx'
import { ImportDialog } from '../files/ImportDialog.tsx'
import { RunningImports } from '../files/RunningImports.tsx'
import { SupplierInvoices } from '../invoices/SupplierInvoices.tsx'
import { FilesTable } from './FilesTable.tsx'
import { OffersTable } from './OffersTable.tsx'
import { People } from './People.tsx'
import { PurchaseOrdersTable } from './PurchaseOrdersTable.tsx'
import type { Supplier } from './supplier-columns.tsx'
import { LeadTime, SupplierMarks } from './supplier-columns.tsx'
import { SupplierDialog } from './SupplierDialog.tsx'
import { SupplierServices } from './SupplierServices.tsx'
import classes from './suppliers.module.css'
import { Ways } from './Ways.tsx'

const tabs = ['offers', 'purchaseOrders', 'invoices', 'services', 'files', 'ways', 'people'] as const

export function SupplierPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const { data, error, refetch } = useQuery(ask('supplier', { params: { id } }))
  if (error && !data)
    return (
      <>
        <PageHeader title={t('suppliers.columns.name')} above={<Above />} />
        <ErrorState error={error} onRetry={() => void refetch()} />
      </>
    )
  return <Content key={id} id={id} supplier={data} />
}

function Content({ id, supplier }: { id: string; supplier: Supplier | undefined }) {
  const [filters, setFilters] = useFilters('tab', 'search')
  const tab = tabs.find((each) => each === filters.tab) ?? 'offers'
  const [importing, importDialog] = useDisclosure()
  const [editing, editDialog] = useDisclosure()
  const importButton = (
    <Button
      leftSection={<IconFileImport size={16} aria-hidden="true" />}
      onClick={importDialog.open}
      disabled={!supplier}
    >
      {t('supplier.import')}
    </Button>
  )
  return (
    <div className="page-fill">
      <PageHeader
        title={supplier?.name ?? '…'}
        above={<Above />}
        beside={supplier && <SupplierMarks supplier={supplier} />}
        actions={
          <>
            <Button
              variant="default"
              leftSection={<IconPencil size={15} aria-hidden="true" />}
              onClick={editDialog.open}
              disabled={!supplier}
            >
              {t('supplier.edit')}
            </Button>
            {importButton}
          </>
        }
        below={
          <>
            <Facts supplier={supplier} />
            <Tabs
              value={tab}
              onChange={(next) => setFilters({ tab: next === 'offers' ? null : next, search: null })}
              className={classes.tabs}
            >
              <Tabs.List>
                {tabs.map((each) => (
                  <Tabs.Tab key={each} value={each} ref={each === tab ? bringIntoView : null}>
                    {t(`supplier.tabs.${each}`)}
                  </Tabs.Tab>
                ))}
              </Tabs.List>
            </Tabs>
          </>
        }
      />
      <RunningImports query={{ supplierId: id }} />
      {tab === 'offers' && (
        <>
          <div className={classes.toolbar}>
            <SearchBox
              label={t('supplier.searchOffers')}
              value={filters.search ?? ''}
              onChange={(search) => setFilters({ search })}
            />
          </div>
          <OffersTable
            supplierId={id}
            currency={supplier?.currency}
            search={filters.search}
            importButton={importButton}
            onClear={() => setFilters({ search: null })}
          />
        </>
      )}
      {tab === 'ways' && <Ways supplierId={id} supplier={supplier} />}
      {tab === 'purchaseOrders' && <PurchaseOrdersTable supplierId={id} />}
      {tab === 'people' && <People supplierId={id} />}
      {tab === 'invoices' && supplier && <SupplierInvoices supplier={supplier} />}
      {tab === 'services' && <SupplierServices supplierId={id} />}
      {tab === 'files' && <FilesTable supplierId={id} importButton={importButton} />}
      {supplier && (
        <>
          <ImportDialog kind="supplier-stock" supplier={supplier} opened={importing} onClose={importDialog.close} />
          <SupplierDialog supplier={supplier} opened={editing} onClose={editDialog.close} />
        </>
      )}
    </div>
  )
}

function Above() {
  return (
    <AnchorLink to="/suppliers" size="sm">
      {t('suppliers.title')}
    </AnchorLink>
  )
}

function Facts({ supplier }: { supplier: Supplier | undefined }) {
  const dash = '–'
  return (
    <dl className={classes.facts}>
      <div>
        <dt>{t('suppliers.columns.offers')}</dt>
        <dd>{supplier ? countLabel(supplier.offers) : dash}</dd>
      </div>
      <div>
        <dt>{t('suppliers.columns.openPurchaseOrders')}</dt>
        <dd>{supplier ? countLabel(supplier.openPurchaseOrders) : dash}</dd>
      </div>
      <div>
        <dt>{t('suppliers.columns.lastFile')}</dt>
        <dd>{supplier ? <RelativeTime at={supplier.lastFileAt} /> : dash}</dd>
      </div>
      <div>
        <dt>{t('suppliers.columns.preference')}</dt>
        <dd>{supplier ? countLabel(supplier.preference) : dash}</dd>
      </div>
      <div>
        <dt>{t('suppliers.columns.leadTime')}</dt>
        <dd>{supplier ? <LeadTime days={supplier.leadTimeDays} /> : dash}</dd>
      </div>
      <div>
        <dt>{t('suppliers.form.currency')}</dt>
        <dd>{supplier?.currency ?? dash}</dd>
      </div>
    </dl>
  )
}
