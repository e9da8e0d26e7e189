// The lines of an invoice, and how it is booked.
import { countLabel } from '../../format.ts'
import { t } from '../../i18n.ts'
import { MoneyText } from '../../parts/MoneyText.tsx'
import { RelativeTime } from '../../parts/RelativeTime.tsx'
import { Panel } from '../orders/Panel.tsx'
import type { Invoice } from './InvoicePage.tsx'
import classes from './invoices.module.css'

export function InvoiceLines({ invoice }: { invoice: Invoice }) {
  return (
    <Panel title={t('invoice.lines')}>
      <div className={classes.scroll} tabIndex={0} role="group" aria-label={t('invoice.lines')}>
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">{t('invoice.line')}</th>
              <th scope="col" className={classes.right}>
                {t('invoice.quantity')}
              </th>
              <th scope="col" className={classes.right}>
                {t('invoice.each')}
              </th>
              <th scope="col" className={classes.right}>
                {t('invoice.net')}
              </th>
              <th scope="col" className={classes.right}>
                {t('invoice.vatRate')}
              </th>
              <th scope="col" className={classes.right}>
                {t('invoice.vat')}
              </th>
            </tr>
          </thead>
          <tbody>
            {invoice.lines.map((line) => (
              <tr key={line.id}>
                <td>{line.isShipping ? line.text : `${line.text} (${line.purchaseOrderNumber})`}</td>
                <td className={classes.right}>{countLabel(line.quantity)}</td>
                <td className={classes.right}>
                  <MoneyText money={line.unit} />
                </td>
                <td className={classes.right}>
                  <MoneyText money={line.net} />
                </td>
                <td className={classes.right}>{line.vatRateBasisPoints / 100}%</td>
                <td className={classes.right}>
                  <MoneyText money={line.vat} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  )
}

export function Ledger({ invoice }: { invoice: Invoice }) {
  if (invoice.ledger.length === 0) return null
  return (
    <Panel title={t('invoice.ledger')}>
      <div className={classes.scroll} tabIndex={0} role="group" aria-label={t('invoice.ledger')}>
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">{t('invoice.account')}</th>
              <th scope="col">{t('invoice.line')}</th>
              <th scope="col" className={classes.right}>
                {t('invoice.debit')}
              </th>
              <th scope="col" className={classes.right}>
                {t('invoice.credit')}
              </th>
              <th scope="col" className={classes.right}>
                {t('invoice.booked')}
              </th>
            </tr>
          </thead>
          <tbody>
            {invoice.ledger.map((entry) => (
              <tr key={entry.id}>
                <td>{t(`invoice.accounts.${entry.account}`)}</td>
                <td>{entry.text}</td>
                <td className={classes.right}>{entry.debit.minor > 0 && <MoneyText money={entry.debit} />}</td>
                <td className={classes.right}>{entry.credit.minor > 0 && <MoneyText money={entry.credit} />}</td>
                <td className={classes.right}>
                  <RelativeTime at={entry.at} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  )
}
