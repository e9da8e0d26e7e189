// One invoice or credit note: its lines, its sums, what was paid (G3, D8).
import { Button, Table, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { ask, href, type Answer } from '../api.ts'
import { countLabel } from '../format.ts'
import { t } from '../i18n.ts'
import { IconDownload } from '../icons.ts'
import { ErrorState } from '../parts/ErrorState.tsx'
import { AnchorLink } from '../parts/LinkTo.tsx'
import { MoneyText } from '../parts/MoneyText.tsx'
import { PageHeader } from '../parts/PageHeader.tsx'
import { StatusBadge } from '../parts/StatusBadge.tsx'
import { dayLabel } from '../pages/orders/days.ts'
import { invoiceLook } from './desk-look.ts'
import classes from './desk.module.css'
import { DeskLoading } from './DeskLoading.tsx'

type Invoice = Answer<'deskInvoice'>

export function DeskInvoicePage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const { data, error, isPending, refetch } = useQuery(ask('deskInvoice', { params: { id } }))
  if (isPending) return <DeskLoading above={<Above />} />
  if (!data)
    return (
      <>
        <PageHeader title={t('desk.invoices.kinds.invoice')} above={<Above />} />
        <ErrorState error={error} onRetry={() => void refetch()} />
      </>
    )
  return (
    <>
      <PageHeader
        title={`${t(`desk.invoices.kinds.${data.kind}`)} ${data.number}`}
        above={<Above />}
        beside={<StatusBadge look={invoiceLook(data.state)} />}
        actions={
          <Button
            component="a"
            href={href('deskInvoicePdf', { params: { id } })}
            download
            variant="default"
            leftSection={<IconDownload size={15} aria-hidden="true" />}
          >
            {t('desk.invoices.pdf')}
          </Button>
        }
      />
      <div className={classes.page}>
        <Lines invoice={data} />
        <div className={classes.column}>
          <Sums invoice={data} />
          <Payments invoice={data} />
        </div>
      </div>
    </>
  )
}

function Above() {
  return (
    <AnchorLink to="/desk/invoices" size="sm">
      {t('desk.invoices.title')}
    </AnchorLink>
  )
}

const percentOf = (basisPoints: number) => String(basisPoints / 100)

function Lines({ invoice }: { invoice: Invoice }) {
  return (
    <section className={`panel ${classes.panel}`} aria-label={t('desk.invoices.lines')}>
      <Title order={2}>{t('desk.invoices.lines')}</Title>
      <ul className={classes.list}>
        {invoice.lines.map((line, index) => (
          <li key={`${line.purchaseOrderId} ${index}`} className={classes.line}>
            <span className={`figure ${classes.quantity}`}>{countLabel(line.quantity)} ×</span>
            <span className={classes.text}>
              {line.text}
              <br />
              <AnchorLink to="/desk/orders/$id" params={{ id: line.purchaseOrderId }} size="sm">
                {line.purchaseOrderNumber}
              </AnchorLink>
            </span>
            <span className={classes.right}>
              <MoneyText money={line.net} />
              <span className={classes.quiet}>
                <MoneyText money={line.unit} /> {t('desk.order.each')} ·{' '}
                {t('desk.invoices.vatRate', { percent: percentOf(line.vatRateBasisPoints) })}
              </span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Sums({ invoice }: { invoice: Invoice }) {
  const sums = [
    ['goods', invoice.goods],
    ['shipping', invoice.shipping],
    ['vat', invoice.vat],
    ['total', invoice.total],
    ['paid', invoice.paid],
    ['credited', invoice.credited],
  ] as const
  return (
    <section className={`panel ${classes.panel}`} aria-label={t('desk.invoices.total')}>
      <Title order={2}>{t('desk.invoices.total')}</Title>
      <dl className={classes.facts}>
        {sums.map(([key, money]) => (
          <div key={key} style={{ display: 'contents' }}>
            <dt>{t(`desk.invoices.${key}`)}</dt>
            <dd className={classes.right}>
              <MoneyText money={money} />
            </dd>
          </div>
        ))}
        <dt>{t('desk.invoices.due')}</dt>
        <dd className={classes.right}>{invoice.dueOn === null ? '–' : dayLabel(invoice.dueOn)}</dd>
        {invoice.credits && (
          <>
            <dt>{t('desk.invoices.credits')}</dt>
            <dd className={classes.right}>
              <AnchorLink to="/desk/invoices/$id" params={{ id: invoice.credits.id }} size="sm">
                {invoice.credits.number}
              </AnchorLink>
            </dd>
          </>
        )}
      </dl>
    </section>
  )
}

function Payments({ invoice }: { invoice: Invoice }) {
  return (
    <section className={`panel ${classes.panel}`} aria-label={t('desk.invoices.payments')}>
      <Title order={2}>{t('desk.invoices.payments')}</Title>
      {invoice.payments.length === 0 ? (
        <span className={classes.quiet}>{t('desk.invoices.noPayments')}</span>
      ) : (
        <Table>
          <Table.Tbody>
            {invoice.payments.map((payment, index) => (
              <Table.Tr key={`${payment.paidOn} ${index}`}>
                <Table.Td>{payment.paidOn}</Table.Td>
                <Table.Td>{[payment.method, payment.reference].filter(Boolean).join(' · ')}</Table.Td>
                <Table.Td ta="right">
                  <MoneyText money={payment.amount} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </section>
  )
}
