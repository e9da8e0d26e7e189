// Sums, days, and what belongs to an invoice: purchase orders, payments, credit notes.
import { t } from '../../i18n.ts'
import { AnchorLink } from '../../parts/LinkTo.tsx'
import { MoneyText } from '../../parts/MoneyText.tsx'
import { dayLabel } from '../orders/days.ts'
import order from '../orders/order.module.css'
import { Panel } from '../orders/Panel.tsx'
import type { Invoice } from './InvoicePage.tsx'
import classes from './invoices.module.css'

export function InvoiceSide({ invoice }: { invoice: Invoice }) {
  return (
    <>
      <Sums invoice={invoice} />
      <Payments invoice={invoice} />
      <PurchaseOrders invoice={invoice} />
    </>
  )
}

function Sums({ invoice }: { invoice: Invoice }) {
  const isClaim = invoice.kind === 'invoice' && invoice.state !== 'draft'
  const sums = [
    ['goods', invoice.goods],
    ['shipping', invoice.shipping],
    ['vat', invoice.vat],
    ['total', invoice.total],
    ...(isClaim
      ? ([
          ['credited', invoice.credited],
          ['paid', invoice.paid],
          ['open', invoice.open],
        ] as const)
      : []),
    ...(invoice.toGetBack.minor > 0 ? ([['toGetBack', invoice.toGetBack]] as const) : []),
  ] as const
  return (
    <Panel title={t('invoice.facts')}>
      <dl className={order.totals}>
        <div>
          <dt>{t('invoice.supplier')}</dt>
          <dd>
            <AnchorLink to="/suppliers/$id" params={{ id: invoice.supplierId }} size="sm">
              {invoice.supplierName}
            </AnchorLink>
          </dd>
        </div>
        {invoice.issuedOn !== null && (
          <div>
            <dt>{t('invoice.issued')}</dt>
            <dd>{dayLabel(invoice.issuedOn)}</dd>
          </div>
        )}
        {invoice.dueOn !== null && (
          <div>
            <dt>{t('invoice.due')}</dt>
            <dd>{dayLabel(invoice.dueOn)}</dd>
          </div>
        )}
        {invoice.creditsInvoiceId !== null && (
          <div>
            <dt>{t('invoice.credits')}</dt>
            <dd>
              <AnchorLink to="/invoices/$id" params={{ id: invoice.creditsInvoiceId }} size="sm">
                {invoice.creditsNumber}
              </AnchorLink>
            </dd>
          </div>
        )}
        {sums.map(([name, money]) => (
          <div key={name} data-sum={name === 'total' || name === 'open' || undefined}>
            <dt>{t(`invoice.${name}`)}</dt>
            <dd>
              <MoneyText money={money} />
            </dd>
          </div>
        ))}
      </dl>
    </Panel>
  )
}

function Payments({ invoice }: { invoice: Invoice }) {
  if (invoice.kind === 'credit-note') return null
  return (
    <>
      <Panel title={t('invoice.payments')}>
        {invoice.payments.length === 0 && <p className={order.nothing}>{t('invoice.noPayments')}</p>}
        <dl className={order.totals}>
          {invoice.payments.map((payment) => (
            <div key={payment.id} title={payment.enteredBy}>
              <dt>
                {dayLabel(payment.paidOn)}
                {payment.amount.minor < 0 && ` (${t('invoice.takenBack')})`}
                {payment.reference !== '' && ` · ${payment.reference}`}
              </dt>
              <dd>
                <MoneyText money={payment.amount} />
              </dd>
            </div>
          ))}
        </dl>
      </Panel>
      {invoice.creditNotes.length > 0 && (
        <Panel title={t('invoice.creditNotes')}>
          <dl className={order.totals}>
            {invoice.creditNotes.map((note) => (
              <div key={note.id}>
                <dt>
                  <AnchorLink to="/invoices/$id" params={{ id: note.id }} size="sm">
                    {note.number}
                  </AnchorLink>
                </dt>
                <dd>
                  <MoneyText money={note.total} />
                </dd>
              </div>
            ))}
          </dl>
        </Panel>
      )}
    </>
  )
}

function PurchaseOrders({ invoice }: { invoice: Invoice }) {
  return (
    <Panel title={t('invoice.purchaseOrders')}>
      <table className={classes.table}>
        <tbody>
          {invoice.purchaseOrders.map((each) => (
            <tr key={each.id}>
              <td className="figure">{each.number}</td>
              <td className={classes.right}>
                <AnchorLink to="/orders/$id" params={{ id: each.orderId }} size="sm">
                  {each.marketplaceOrderId}
                </AnchorLink>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  )
}
