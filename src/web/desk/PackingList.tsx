// What lies in the parcel, on paper: seen by the buyer, so without a cost and without whose goods they were.
import { useMe } from '../auth.ts'
import { countLabel } from '../format.ts'
import { t } from '../i18n.ts'
import type { DeskOrder } from './desk-look.ts'
import { openLines } from './desk-look.ts'
import classes from './desk.module.css'
import { addressLines } from './ShipTo.tsx'

export function PackingList({ order }: { order: DeskOrder }) {
  const { business } = useMe()
  return (
    <article className={classes.packing} aria-hidden="true">
      <h1>{t('desk.order.packing')}</h1>
      <p>
        {business.name} · {order.number}
      </p>
      <address className={classes.address}>
        {addressLines(order).map((line) => (
          <div key={line}>{line}</div>
        ))}
      </address>
      <table>
        <thead>
          <tr>
            <th>{t('desk.invoices.quantity')}</th>
            <th>{t('desk.offers.sku')}</th>
            <th>{t('desk.offers.product')}</th>
          </tr>
        </thead>
        <tbody>
          {openLines(order).map((line) => (
            <tr key={line.id}>
              <td>{countLabel(line.open)}</td>
              <td>{line.sku}</td>
              <td>{line.title}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </article>
  )
}
