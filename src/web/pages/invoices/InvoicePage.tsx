// One invoice or credit note: what it charges, what was paid and credited, and how it is booked (D8).
import { Button, Skeleton } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import type { Answer } from '../../api.ts'
import { ask, href } from '../../api.ts'
import { t } from '../../i18n.ts'
import { IconCreditCard, IconDownload, IconFileSpreadsheet, IconFileText } from '../../icons.ts'
import { ErrorState } from '../../parts/ErrorState.tsx'
import { AnchorLink, ButtonLink } from '../../parts/LinkTo.tsx'
import { PageHeader } from '../../parts/PageHeader.tsx'
import { StatusBadge } from '../../parts/StatusBadge.tsx'
import order from '../orders/order.module.css'
import { invoiceLook } from './invoice-look.ts'
import { InvoiceLines, Ledger } from './InvoiceLines.tsx'
import { InvoiceSide } from './InvoiceSide.tsx'
import { nameOf } from './InvoicesTable.tsx'
import { PaymentDialog } from './PaymentDialog.tsx'

export type Invoice = Answer<'invoice'>

export function InvoicePage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const { data, error, refetch } = useQuery(ask('invoice', { params: { id } }))
  if (data) return <Content key={id} invoice={data} />
  return (
    <>
      <PageHeader title={t('invoices.title')} above={<Above />} />
      {error ? (
        <>
          <ErrorState error={error} onRetry={() => void refetch()} />
          <ButtonLink to="/invoices" variant="default" mx="md">
            {t('invoice.missing')}
          </ButtonLink>
        </>
      ) : (
        <div className={order.page} aria-busy="true">
          <div className={order.main}>
            <Skeleton height={260} radius="lg" />
            <Skeleton height={140} radius="lg" />
          </div>
          <div className={order.side}>
            <Skeleton height={240} radius="lg" />
            <Skeleton height={140} radius="lg" />
          </div>
        </div>
      )}
    </>
  )
}

function Content({ invoice }: { invoice: Invoice }) {
  const [paying, dialog] = useDisclosure()
  const params = { id: invoice.id }
  const name = nameOf(invoice)
  const takesPayments = invoice.kind === 'invoice' && invoice.state !== 'draft'
  return (
    <>
      <PageHeader
        title={name}
        above={<Above />}
        beside={
          <StatusBadge look={invoiceLook(invoice)} why={invoice.state === 'draft' ? t('invoices.draftWhy') : null} />
        }
        actions={
          <>
            <File href={href('invoicePdf', { params })} icon={IconFileText} text={t('invoices.pdf')} />
            <File href={href('invoiceCsv', { params })} icon={IconDownload} text={t('invoices.csv')} />
            <File href={href('invoiceXlsx', { params })} icon={IconFileSpreadsheet} text={t('invoices.xlsx')} />
            {takesPayments && (
              <Button
                variant={invoice.open.minor > 0 ? 'filled' : 'default'}
                leftSection={<IconCreditCard size={16} aria-hidden="true" />}
                onClick={dialog.open}
              >
                {t('payment.record')}
              </Button>
            )}
          </>
        }
      />
      <div className={order.page}>
        <div className={order.main}>
          <InvoiceLines invoice={invoice} />
          <Ledger invoice={invoice} />
        </div>
        <aside className={order.side} aria-label={t('invoice.facts')}>
          <InvoiceSide invoice={invoice} />
        </aside>
      </div>
      {takesPayments && (
        <PaymentDialog
          payable={{ invoiceId: invoice.id, number: name, open: invoice.open }}
          opened={paying}
          onClose={dialog.close}
        />
      )}
    </>
  )
}

function Above() {
  return (
    <AnchorLink to="/invoices" size="sm">
      {t('invoices.title')}
    </AnchorLink>
  )
}

function File({ href: to, icon: Icon, text }: { href: string; icon: typeof IconDownload; text: string }) {
  return (
    <Button component="a" href={to} download variant="default" leftSection={<Icon size={15} aria-hidden="true" />}>
      {text}
    </Button>
  )
}
