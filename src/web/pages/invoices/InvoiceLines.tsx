// The lines of an invoice, and how it is booked.
import type { ReactNode } from 'react'
import { countLabel } from '../../format.ts'
import { t } from '../../i18n.ts'
import { MoneyText } from '../../parts/MoneyText.tsx'
import { RelativeTime } from '../../parts/RelativeTime.tsx'
import { Panel } from '../orders/Panel.tsx'
import type { Invoice } from './InvoicePage.tsx'
import classes from './invoices.module.css'

export function InvoiceLines({ invoice }: { invoice: Invoice }) {
  return (
    <Figures
      title={t('invoice.lines')}
      texts={[t('invoice.line')]}
      figures={[t('invoice.quantity'), t('invoice.each'), t('invoice.net'), t('invoice.vatRate'), t('invoice.vat')]}
    >
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
    </Figures>
  )
}

export function Ledger({ invoice }: { invoice: Invoice }) {
  if (invoice.ledger.length === 0) return null
  return (
    <Figures
      title={t('invoice.ledger')}
      texts={[t('invoice.account'), t('invoice.line')]}
      figures={[t('invoice.debit'), t('invoice.credit'), t('invoice.booked')]}
    >
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
    </Figures>
  )
}

type FiguresProps = { title: string; texts: string[]; figures: string[]; children: ReactNode }

/** Columns of text on the left, of figures on the right. */
function Figures({ title, texts, figures, children }: FiguresProps) {
  return (
    <Panel title={title}>
      <div className={classes.scroll} tabIndex={0} role="group" aria-label={title}>
        <table className={classes.table}>
          <thead>
            <tr>
              {texts.map((text) => (
                <th key={text} scope="col">
                  {text}
                </th>
              ))}
              {figures.map((figure) => (
                <th key={figure} scope="col" className={classes.right}>
                  {figure}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>{children}</tbody>
        </table>
      </div>
    </Panel>
  )
}
