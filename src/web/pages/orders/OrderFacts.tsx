// Where the order comes from, and when it has to leave.
import type { ReactNode } from 'react'
import { t } from '../../i18n.ts'
import { AnchorLink } from '../../parts/LinkTo.tsx'
import { RelativeTime } from '../../parts/RelativeTime.tsx'
import { ChooseService } from './ChooseService.tsx'
import { Paid } from './order-columns.tsx'
import type { Order } from './OrderPage.tsx'
import classes from './order.module.css'
import { Panel } from './Panel.tsx'
import { ShipBy } from './ShipBy.tsx'

export function OrderFacts({ order }: { order: Order }) {
  return (
    <Panel title={t('order.facts')}>
      <dl className={classes.facts}>
        <Fact label={t('orders.columns.channel')}>
          {order.channelId === null ? (
            t('orders.byHand')
          ) : (
            <>
              <AnchorLink to="/settings/channels/$id" params={{ id: order.channelId }} size="sm">
                {order.channelName}
              </AnchorLink>
              {order.marketplace !== order.channelName && <span className={classes.quiet}> {order.marketplace}</span>}
            </>
          )}
        </Fact>
        {order.channelId !== null && (
          <Fact label={t('order.marketplaceStatus')}>
            <span className="code">{order.marketplaceStatus}</span>
          </Fact>
        )}
        <Fact label={t('orders.columns.paid')}>
          <Paid paid={order.paid} />
        </Fact>
        <Fact label={t('orders.columns.placed')}>
          <RelativeTime at={order.placedAt} />
        </Fact>
        <Fact label={t('orders.columns.shipBy')}>
          <ShipBy order={order} />
        </Fact>
        <Fact label={t('order.shippingService')}>
          <ChooseService order={order} />
        </Fact>
        {order.bundleId && (
          <Fact label={t('order.bundle')}>
            <AnchorLink to="/orders" search={{ search: order.bundleId } as never} size="sm">
              {order.bundleId}
            </AnchorLink>
          </Fact>
        )}
      </dl>
    </Panel>
  )
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </>
  )
}
