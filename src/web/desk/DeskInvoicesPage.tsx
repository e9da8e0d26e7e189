// The supplier's invoices and credit notes, newest first (G3, D8).
import { useRouter } from '@tanstack/react-router'
import { t } from '../i18n.ts'
import { IconFileText } from '../icons.ts'
import type { Column } from '../parts/DataTable.tsx'
import { DataTable } from '../parts/DataTable.tsx'
import { EmptyState } from '../parts/EmptyState.tsx'
import { AnchorLink } from '../parts/LinkTo.tsx'
import { MoneyText } from '../parts/MoneyText.tsx'
import { PageHeader } from '../parts/PageHeader.tsx'
import { RelativeTime } from '../parts/RelativeTime.tsx'
import { StatusBadge } from '../parts/StatusBadge.tsx'
import { usePages } from '../parts/table-source.ts'
import { dayLabel } from '../pages/orders/days.ts'
import { invoiceLook, type DeskInvoiceRow } from './desk-look.ts'

export function DeskInvoicesPage() {
  const router = useRouter()
  const source = usePages('deskInvoices', {})
  return (
    <div className="page-fill">
      <PageHeader title={t('desk.invoices.title')} />
      <DataTable
        label={t('desk.invoices.title')}
        source={source}
        rowKey={(row) => row.id}
        rowName={(row) => row.number}
        onOpen={(row) => void router.navigate({ to: '/desk/invoices/$id', params: { id: row.id } })}
        empty={<EmptyState icon={IconFileText} title={t('desk.invoices.empty')} text={t('desk.invoices.emptyNext')} />}
        columns={columns}
      />
    </div>
  )
}

const columns: Column<DeskInvoiceRow>[] = [
  {
    key: 'number',
    head: t('desk.invoices.number'),
    width: 150,
    grow: 1,
    card: 'title',
    render: (row) => (
      <AnchorLink to="/desk/invoices/$id" params={{ id: row.id }} size="sm" className="figure">
        {row.number}
      </AnchorLink>
    ),
  },
  { key: 'kind', head: t('desk.invoices.kind'), width: 120, render: (row) => t(`desk.invoices.kinds.${row.kind}`) },
  {
    key: 'state',
    head: t('desk.invoices.state'),
    width: 140,
    card: 'side',
    render: (row) => <StatusBadge look={invoiceLook(row.state)} />,
  },
  {
    key: 'total',
    head: t('desk.invoices.total'),
    width: 130,
    figures: true,
    render: (row) => <MoneyText money={row.total} />,
  },
  {
    key: 'open',
    head: t('desk.invoices.open'),
    width: 130,
    figures: true,
    render: (row) => <MoneyText money={openOf(row)} />,
  },
  {
    key: 'issued',
    head: t('desk.invoices.issued'),
    width: 120,
    figures: true,
    render: (row) => <RelativeTime at={row.issuedAt} />,
  },
  {
    key: 'due',
    head: t('desk.invoices.due'),
    width: 120,
    figures: true,
    render: (row) => (row.dueOn === null ? '–' : dayLabel(row.dueOn)),
  },
]

/** What is still to be paid of it; of a credit note nothing is. */
function openOf({ kind, total, paid, credited }: DeskInvoiceRow) {
  const minor = kind === 'credit-note' ? 0 : Math.max(0, total.minor - paid.minor - credited.minor)
  return { minor, currency: total.currency }
}
