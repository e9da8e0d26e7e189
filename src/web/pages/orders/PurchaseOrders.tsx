// Each supplier's part of the order; where something is still open, its parcel is entered right here.
import { canOrder } from '../../../domain/orders/order.ts'
import { countLabel } from '../../format.ts'
import { t } from '../../i18n.ts'
import { AnchorLink } from '../../parts/LinkTo.tsx'
import { MoneyText } from '../../parts/MoneyText.tsx'
import { RelativeTime } from '../../parts/RelativeTime.tsx'
import { StatusBadge } from '../../parts/StatusBadge.tsx'
import { ParcelForm } from '../../parts/ParcelForm.tsx'
import { DoubtButtons } from './DoubtButtons.tsx'
import type { Order } from './OrderPage.tsx'
import classes from './order.module.css'
import { Panel } from './Panel.tsx'
import { RerouteButton } from './Reroute.tsx'
import type { PurchaseOrder } from './purchase-order-look.ts'
import { purchaseOrderLook, takesParcels } from './purchase-order-look.ts'
import { dayLabel } from './days.ts'
import { useDispatch } from './use-dispatch.ts'

export function PurchaseOrders({ order }: { order: Order }) {
  return (
    <Panel title={t('order.purchaseOrders')} note={mayReroute(order) && <RerouteButton orderId={order.id} />}>
      {order.purchaseOrders.length === 0 && <p className={classes.nothing}>{t('order.noPurchaseOrders')}</p>}
      {order.purchaseOrders.map((purchaseOrder) => (
        <One key={purchaseOrder.id} purchaseOrder={purchaseOrder} order={order} />
      ))}
    </Panel>
  )
}

/** Something of it has not left; the hub has the last word. */
function mayReroute(order: Order): boolean {
  const parts = order.orderLines.flatMap((line) => line.components)
  return canOrder('reroute', order) && parts.some(({ state }) => ['held', 'reserved', 'routed'].includes(state))
}

function One({ purchaseOrder, order }: { purchaseOrder: PurchaseOrder; order: Order }) {
  // The form's texts live here, so that they are back where the hub refuses what the page already showed as done.
  const dispatch = useDispatch(order, purchaseOrder)
  return (
    <article className={classes.purchaseOrder} aria-label={purchaseOrder.number}>
      <div className={classes.purchaseOrderHead}>
        <strong className="figure">{purchaseOrder.number}</strong>
        <span>
          <AnchorLink to="/suppliers/$id" params={{ id: purchaseOrder.supplierId }} size="sm">
            {purchaseOrder.supplierName}
          </AnchorLink>
        </span>
        <StatusBadge
          look={purchaseOrderLook(purchaseOrder.state)}
          why={purchaseOrder.state === 'in-doubt' ? t('order.inDoubt') : null}
        />
        <span className={`${classes.quiet} ${classes.pushed}`}>
          <MoneyText money={purchaseOrder.cost} /> {t('order.exVat')}
          <Extras purchaseOrder={purchaseOrder} /> ·{' '}
          <RelativeTime at={purchaseOrder.sentAt ?? purchaseOrder.createdAt} />
        </span>
      </div>
      {purchaseOrder.state === 'cancelled' && purchaseOrder.cancelReason && (
        <p className={classes.nothing}>{t('routing.cancelledBecause', { reason: purchaseOrder.cancelReason })}</p>
      )}
      {purchaseOrder.rate && (
        <p className={classes.nothing}>
          {t('routing.rate', {
            rate: purchaseOrder.rate.rate,
            date: dayLabel(purchaseOrder.rate.onDate),
            source: purchaseOrder.rate.source,
          })}
        </p>
      )}
      {purchaseOrder.orderWay !== 'screen' && <DoubtButtons purchaseOrder={purchaseOrder} />}
      <ul className={classes.purchaseOrderLines}>
        {purchaseOrder.lines.map((line) => (
          <li key={line.id}>
            <span className={`figure ${classes.quantity}`}>{countLabel(unitsOf(purchaseOrder, line))} ×</span>
            <span className={classes.componentText}>
              <span className="code">{line.supplierSku}</span> <span className={classes.quiet}>{line.title}</span>
            </span>
            <span className={`figure ${classes.quiet}`}>
              {line.dispatched > 0 &&
                line.dispatched < line.quantity &&
                `${t('order.dispatchedOf', { done: line.dispatched, total: line.quantity })} · `}
              {purchaseOrder.state !== 'cancelled' &&
                line.cancelled > 0 &&
                `${t('order.cancelledOf', { count: line.cancelled })} · `}
              <MoneyText money={line.cost} />
              {unitsOf(purchaseOrder, line) > 1 && ` ${t('order.each')}`}
            </span>
          </li>
        ))}
      </ul>
      {takesParcels(purchaseOrder) && (
        <ParcelForm
          number={purchaseOrder.number}
          submit={t('order.dispatch')}
          fields={dispatch.fields}
          isSending={dispatch.isSending}
          onSend={dispatch.send}
          className={classes.dispatch}
        />
      )}
    </article>
  )
}

/** Of a cancelled purchase order, what it was for. */
function unitsOf({ state }: PurchaseOrder, line: PurchaseOrder['lines'][number]): number {
  return state === 'cancelled' ? line.cancelled : line.quantity
}

/** Shipping and VAT, where there are any. */
function Extras({ purchaseOrder: { shipping, vat } }: { purchaseOrder: PurchaseOrder }) {
  return (
    <>
      {shipping.minor > 0 && (
        <>
          {' '}
          + <MoneyText money={shipping} /> {t('routing.shipping').toLowerCase()}
        </>
      )}
      {vat.minor > 0 && (
        <>
          {' '}
          + <MoneyText money={vat} /> {t('routing.vat')}
        </>
      )}
    </>
  )
}
