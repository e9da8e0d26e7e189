// The parcels that left, and whether the marketplace knows of each.
import { t } from '../../i18n.ts'
import { IconCircleCheck, IconCircleX, IconClock, IconMinus, IconQuestionMark, IconRefresh } from '../../icons.ts'
import { RelativeTime } from '../../parts/RelativeTime.tsx'
import type { StatusLook } from '../../parts/StatusBadge.tsx'
import { StatusBadge } from '../../parts/StatusBadge.tsx'
import { CopyText } from './OrderHeader.tsx'
import type { Order } from './OrderPage.tsx'
import classes from './order.module.css'
import { Panel } from './Panel.tsx'

type Shipment = Order['shipments'][number]

export function Parcels({ order }: { order: Order }) {
  const numberOf = (id: string | null) => order.purchaseOrders.find((each) => each.id === id)?.number
  return (
    <Panel title={t('order.shipments')} id="parcels">
      {order.shipments.length === 0 && <p className={classes.nothing}>{t('order.noShipments')}</p>}
      <ul className={classes.parcels}>
        {order.shipments.map((shipment) => (
          <Parcel key={shipment.packageNumber} shipment={shipment} purchaseOrder={numberOf(shipment.purchaseOrderId)} />
        ))}
      </ul>
    </Panel>
  )
}

function Parcel({ shipment, purchaseOrder }: { shipment: Shipment; purchaseOrder: string | undefined }) {
  const told = toldState(shipment)
  const { refusal, attempts, settledAt } = shipment.confirmation
  return (
    <li className={classes.parcel}>
      <div className={classes.parcelTop}>
        <strong>{shipment.carrier}</strong>
        {shipment.trackingNumber !== '' && (
          <span className={classes.tracking}>
            <span className="code">{shipment.trackingNumber}</span>
            <CopyText text={shipment.trackingNumber} label={t('order.copyTracking')} />
          </span>
        )}
        <span className={classes.pushed}>
          <StatusBadge look={{ ...toldLooks[told], label: t(`order.confirmation.${told}`) }} />
        </span>
      </div>
      <div className={classes.quiet}>
        {t('order.parcel', { number: shipment.packageNumber })}
        {purchaseOrder && ` ${t('order.fromPurchaseOrder', { number: purchaseOrder })}`} ·{' '}
        <RelativeTime at={shipment.shippedAt} /> · {t('order.enteredBy', { who: shipment.enteredBy })}
        {told === 'applied' && settledAt && (
          <>
            {' · '}
            {t('order.confirmation.applied')} <RelativeTime at={settledAt} />
          </>
        )}
        {told !== 'applied' && attempts > 0 && ` · ${t('order.tries', { count: attempts })}`}
      </div>
      {(told === 'rejected' || told === 'unknown') && (
        <p className={classes.refusal} data-tone={told === 'rejected' ? 'bad' : 'wait'}>
          {refusal && <strong>{refusal} </strong>}
          {t(`order.confirmationWhy.${told}`)}
        </p>
      )}
    </li>
  )
}

type Told = Shipment['confirmation']['state'] | 'nothing'

/** Settled without a time: there was nothing to tell. */
function toldState({ confirmation }: Shipment): Told {
  return confirmation.state === 'applied' && confirmation.settledAt === null && confirmation.attempts === 0
    ? 'nothing'
    : confirmation.state
}

const toldLooks: Record<Told, Omit<StatusLook, 'label'>> = {
  intended: { icon: IconClock, tone: 'info' },
  'in-flight': { icon: IconRefresh, tone: 'info' },
  applied: { icon: IconCircleCheck, tone: 'good' },
  rejected: { icon: IconCircleX, tone: 'bad' },
  unknown: { icon: IconQuestionMark, tone: 'wait' },
  nothing: { icon: IconMinus, tone: 'quiet' },
}
