// What the supplier offers; stock and cost can be entered by hand where they stand.
import type { ReactNode } from 'react'
import { useMe } from '../../auth.ts'
import { countLabel } from '../../format.ts'
import { t } from '../../i18n.ts'
import { IconFileImport } from '../../icons.ts'
import { DataTable } from '../../parts/DataTable.tsx'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { NothingFound } from '../../parts/NothingFound.tsx'
import { RelativeTime } from '../../parts/RelativeTime.tsx'
import { usePages } from '../../parts/table-source.ts'
import { Available } from '../products/Available.tsx'
import { CostEdit, OnHandEdit } from '../products/offer-edits.tsx'
import classes from './suppliers.module.css'

type Props = {
  supplierId: string
  currency: string | undefined
  search: string | undefined
  importButton: ReactNode
  onClear: () => void
}

export function OffersTable({ supplierId, currency, search, importButton, onClear }: Props) {
  const { business } = useMe()
  const source = usePages('offers', { params: { id: supplierId }, query: search ? { search } : {} })
  return (
    <DataTable
      label={t('supplier.tabs.offers')}
      source={source}
      rowKey={(row) => row.id}
      rowName={(row) => row.sku}
      empty={
        search ? (
          <NothingFound onClear={onClear} />
        ) : (
          <EmptyState icon={IconFileImport} title={t('supplier.noOffers')} text={t('supplier.noOffersNext')}>
            {importButton}
          </EmptyState>
        )
      }
      columns={[
        {
          key: 'sku',
          head: t('offer.sku'),
          width: 160,
          card: 'title',
          render: (row) => <span className="code ellipsis">{row.sku}</span>,
        },
        {
          key: 'supplierSku',
          head: t('offer.supplierSku'),
          width: 150,
          render: (row) => <span className={`code ellipsis ${classes.quiet}`}>{row.supplierSku}</span>,
        },
        {
          key: 'title',
          head: t('offer.product'),
          width: 220,
          grow: 2,
          render: (row) => (
            <span className="ellipsis" title={row.title}>
              {row.title}
            </span>
          ),
        },
        {
          key: 'cost',
          head: t('offer.cost'),
          width: 130,
          figures: true,
          render: (row) => <CostEdit offer={row} currency={currency ?? business.currency} />,
        },
        {
          key: 'onHand',
          head: t('offer.onHand'),
          width: 120,
          figures: true,
          render: (row) => <OnHandEdit offer={row} />,
        },
        {
          key: 'reserved',
          head: t('offer.reserved'),
          width: 90,
          figures: true,
          render: (row) => countLabel(row.reserved),
        },
        {
          key: 'available',
          head: t('offer.available'),
          width: 96,
          figures: true,
          render: (row) => <Available count={row.available} />,
        },
        {
          key: 'age',
          head: t('offer.age'),
          width: 116,
          figures: true,
          render: (row) => <RelativeTime at={row.onHandAt} never={t('offer.never')} />,
        },
      ]}
    />
  )
}
