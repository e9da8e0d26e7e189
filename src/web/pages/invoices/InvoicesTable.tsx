// Invoices as rows: of all suppliers, or of one.
import { useRouter } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { t } from '../../i18n.ts'
import type { Column } from '../../parts/DataTable.tsx'
import { DataTable } from '../../parts/DataTable.tsx'
import { AnchorLink } from '../../parts/LinkTo.tsx'
import { MoneyText } from '../../parts/MoneyText.tsx'
import { StatusBadge } from '../../parts/StatusBadge.tsx'
import type { TableSource } from '../../parts/table-source.ts'
import { dayLabel } from '../orders/days.ts'
import { invoiceLook, type InvoiceRow } from './invoice-look.ts'

type Props = { source: TableSource<InvoiceRow>; empty: ReactNode; withSupplier: boolean }

export function InvoicesTable({ source, empty, withSupplier }: Props) {
  const router = useRouter()
  return (
    <DataTable
      label={t('invoices.title')}
      source={source}
      rowKey={(row) => row.id}
      rowName={nameOf}
      onOpen={(row) => void router.navigate({ to: '/invoices/$id', params: { id: row.id } })}
      empty={empty}
      columns={[
        {
          key: 'number',
          head: t('invoices.columns.number'),
          width: 170,
          card: 'title',
          render: (row) => (
            <AnchorLink to="/invoices/$id" params={{ id: row.id }} size="sm" fw={550} className="figure ellipsis">
              {nameOf(row)}
            </AnchorLink>
          ),
        },
        {
          key: 'state',
          head: t('invoices.columns.state'),
          width: 150,
          card: 'side',
          render: (row) => (
            <StatusBadge look={invoiceLook(row)} why={row.state === 'draft' ? t('invoices.draftWhy') : null} />
          ),
        },
        ...(withSupplier ? [supplierColumn] : []),
        {
          key: 'issued',
          head: t('invoices.columns.issued'),
          width: 120,
          figures: true,
          render: (row) => day(row.issuedOn),
        },
        { key: 'due', head: t('invoices.columns.due'), width: 120, figures: true, render: (row) => day(row.dueOn) },
        {
          key: 'total',
          head: t('invoices.columns.total'),
          width: 130,
          figures: true,
          render: (row) => <MoneyText money={row.total} />,
        },
        {
          key: 'open',
          head: t('invoices.columns.open'),
          width: 130,
          figures: true,
          render: (row) => (row.open.minor === 0 ? <span aria-hidden="true">–</span> : <MoneyText money={row.open} />),
        },
      ]}
    />
  )
}

const supplierColumn: Column<InvoiceRow> = {
  key: 'supplier',
  head: t('invoices.columns.supplier'),
  width: 200,
  grow: 2,
  render: (row) => (
    <AnchorLink to="/suppliers/$id" params={{ id: row.supplierId }} size="sm" className="ellipsis">
      {row.supplierName}
    </AnchorLink>
  ),
}

export function nameOf(row: Pick<InvoiceRow, 'number' | 'forDay'>): string {
  return row.number ?? t('invoices.draftOf', { day: row.forDay === null ? '' : dayLabel(row.forDay) })
}

function day(text: string | null): string {
  return text === null ? '–' : dayLabel(text)
}
