// The lines as the buyer ordered them and, below each, what it takes from the inventory and where that stands.
import type { Money } from '../../../domain/money.ts'
import { countLabel } from '../../format.ts'
import { t } from '../../i18n.ts'
import {
  IconBan,
  IconCircleDashed,
  IconClockPause,
  IconLinkOff,
  IconLock,
  IconSend,
  IconTruckDelivery,
} from '../../icons.ts'
import { AnchorLink } from '../../parts/LinkTo.tsx'
import { MoneyText } from '../../parts/MoneyText.tsx'
import type { StatusLook } from '../../parts/StatusBadge.tsx'
import { StatusBadge } from '../../parts/StatusBadge.tsx'
import type { Order } from './OrderPage.tsx'
import { holdText } from './order-texts.ts'
import classes from './order.module.css'
import { purchaseOrderLook } from './purchase-order-look.ts'
import { Panel } from './Panel.tsx'

type Line = Order['orderLines'][number]
type Component = Line['components'][number]

export function OrderLines({ order }: { order: Order }) {
  const unpaid = new Set(
    order.purchaseOrders
      .filter(({ state }) => state === 'queued-for-payment')
      .flatMap(({ lines }) => lines.map(({ componentId }) => componentId)),
  )
  return (
    <Panel
      title={t('order.lines')}
      note={<span className={classes.quiet}>{t('orders.units', { count: order.units })}</span>}
    >
      <ul className={classes.lines}>
        {order.orderLines.map((line) => (
          <LineRow key={line.id} line={line} channelId={order.channelId} unpaid={unpaid} />
        ))}
      </ul>
    </Panel>
  )
}

type LineProps = {
  line: Line
  channelId: string | null
  /** Components whose purchase order waits for payment. */
  unpaid: ReadonlySet<string>
}

function LineRow({ line, channelId, unpaid }: LineProps) {
  const total: Money = { ...line.unitPriceIncVat, minor: line.unitPriceIncVat.minor * line.quantity }
  return (
    <li className={classes.line}>
      <div className={classes.lineTop}>
        <span className={`figure ${classes.quantity}`}>{countLabel(line.quantity)} ×</span>
        <div className={classes.lineTitle}>
          {line.title}
          <span className={classes.quiet}>
            {' '}
            <span className="code">{line.channelSku ?? t('order.noSku')}</span>
          </span>
        </div>
        <div className={classes.lineMoney}>
          <MoneyText money={total} />
          {line.quantity > 1 && (
            <span className={classes.quiet}>
              <MoneyText money={line.unitPriceIncVat} /> {t('order.each')}
            </span>
          )}
        </div>
      </div>
      {line.mapped ? (
        <ul className={classes.components}>
          {line.components.map((component) => (
            <ComponentRow key={component.id} component={component} isUnpaid={unpaid.has(component.id)} />
          ))}
        </ul>
      ) : (
        <div className={classes.unmapped}>
          <StatusBadge look={{ icon: IconLinkOff, tone: 'wait', label: t('order.unmapped') }} />
          <span>{t('order.unmappedWhy')}</span>
          {channelId !== null && (
            <AnchorLink to="/settings/channels/$id/mapping" params={{ id: channelId }} size="sm">
              {t('order.mapIt')}
            </AnchorLink>
          )}
        </div>
      )}
    </li>
  )
}

function ComponentRow({ component, isUnpaid }: { component: Component; isUnpaid: boolean }) {
  const hold = holdText(component.holdReason)
  return (
    <li className={classes.component}>
      <StatusBadge
        look={
          component.state === 'routed' && isUnpaid ? purchaseOrderLook('queued-for-payment') : partLook(component.state)
        }
      />
      <span className={classes.componentText}>
        <span className="figure">{countLabel(component.quantity)} ×</span> <span className="code">{component.sku}</span>{' '}
        <span className={classes.quiet}>{component.title}</span>
      </span>
      <span className={classes.componentWhere}>
        {component.supplierName && t('order.from', { supplier: component.supplierName })}
        {hold && <span className={classes.hold}>{hold}</span>}
      </span>
    </li>
  )
}

function partLook(state: string): StatusLook {
  const looks: Record<string, StatusLook> = {
    held: { icon: IconClockPause, tone: 'wait', label: t('order.parts.held') },
    reserved: { icon: IconLock, tone: 'info', label: t('order.parts.reserved') },
    routed: { icon: IconSend, tone: 'accent', label: t('order.parts.routed') },
    dispatched: { icon: IconTruckDelivery, tone: 'good', label: t('order.parts.dispatched') },
    cancelled: { icon: IconBan, tone: 'quiet', label: t('order.parts.cancelled') },
  }
  return looks[state] ?? { icon: IconCircleDashed, tone: 'quiet', label: state }
}
