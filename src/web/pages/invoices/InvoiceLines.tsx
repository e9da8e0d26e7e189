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
          <Cell label={t('invoice.quantity')}>{countLabel(line.quantity)}</Cell>
          <Cell label={t('invoice.each')}>
            <MoneyText money={line.unit} />
          </Cell>
          <Cell label={t('invoice.net')}>
            <MoneyText money={line.net} />
          </Cell>
          <Cell label={t('invoice.vatRate')}>{line.vatRateBasisPoints / 100}%</Cell>
          <Cell label={t('invoice.vat')}>
            <MoneyText money={line.vat} />
          </Cell>
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
          <td data-label={t('invoice.line')}>{entry.text}</td>
          <Cell label={t('invoice.debit')}>{entry.debit.minor > 0 && <MoneyText money={entry.debit} />}</Cell>
          <Cell label={t('invoice.credit')}>{entry.credit.minor > 0 && <MoneyText money={entry.credit} />}</Cell>
          <Cell label={t('invoice.booked')}>
            <RelativeTime at={entry.at} />
          </Cell>
        </tr>
      ))}
    </Figures>
  )
}

/** A figure, with its column's name where the table is a list. */
function Cell({ label, children }: { label: string; children: ReactNode }) {
  return (
    <td className={classes.right} data-label={label}>
      {children}
    </td>
  )
}

type FiguresProps = { title: string; texts: string[]; figures: string[]; children: ReactNode }

/** Columns of text on the left, of figures on the right. */
function Figures({ title, texts, figures, children }: FiguresProps) {
  return (
    <Panel title={title}>
      <div className={classes.scroll} tabIndex={0} role="group" aria-label={title}>
        <table className={`stacked ${classes.table}`}>
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
