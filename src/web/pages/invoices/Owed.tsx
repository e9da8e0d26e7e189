// What is owed, a figure a currency: to pay, overdue, in drafts, to get back.
import type { Answer } from '../../api.ts'
import { t } from '../../i18n.ts'
import { MoneyText } from '../../parts/MoneyText.tsx'
import classes from './invoices.module.css'

export function Owed({ owed }: { owed: Answer<'invoicesOwed'> | undefined }) {
  if (!owed) return <div className={classes.owed} aria-busy="true" />
  if (owed.length === 0) return <div className={classes.owed}>{t('invoices.nothingOwed')}</div>
  return (
    <>
      {owed.map((row) => (
        <dl key={row.currency} className={classes.owed} aria-label={row.currency}>
          <div>
            <dt>{t('invoices.owed')}</dt>
            <dd>
              <MoneyText money={row.owed} />
            </dd>
          </div>
          {row.overdue.minor > 0 && (
            <div className={classes.bad}>
              <dt className={classes.bad}>{t('invoices.ofIt')}</dt>
              <dd>
                <MoneyText money={row.overdue} />
              </dd>
            </div>
          )}
          {row.drafts.minor > 0 && (
            <div>
              <dt>{t('invoices.drafts')}</dt>
              <dd>
                <MoneyText money={row.drafts} />
              </dd>
            </div>
          )}
          {row.toGetBack.minor > 0 && (
            <div>
              <dt>{t('invoices.toGetBack')}</dt>
              <dd>
                <MoneyText money={row.toGetBack} />
              </dd>
            </div>
          )}
        </dl>
      ))}
    </>
  )
}
