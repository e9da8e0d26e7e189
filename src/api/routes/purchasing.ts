import { addExchangeRate as addRate, listExchangeRates } from '../../domain/purchasing/exchange-rates.store.ts'
import { listPurchaseOrders } from '../../domain/purchasing/purchase-order-views.store.ts'
import {
  rerouteOrder as reroute,
  type Reroute,
  type RerouteResult,
} from '../../domain/purchasing/reroute-order.command.ts'
import type { Handler, Handlers } from '../handler.ts'
import { notFound, Refused, refusedFor } from '../refusals.ts'
import type { RouteParts } from './route-parts.ts'

/** Purchase orders, re-routing by hand, and the exchange rates that costs are compared by (D4, D5). */
export function purchasingRoutes({ parts }: RouteParts) {
  const { db } = parts
  const purchaseOrders: Handler<'purchaseOrders'> = ({ session, query }) =>
    db.read(session.tenantId, (tx) => listPurchaseOrders(tx, { supplierId: query.supplierId }, query))

  const routed = async (tenantId: string, wish: Reroute) => {
    const result = await db.tenant(tenantId).transaction((tx) => reroute(tx, wish))
    if (result.kind === 'refused') throw rerouteRefusal(result)
    return result.view
  }
  const orderRouting: Handler<'orderRouting'> = ({ session, params }) =>
    routed(session.tenantId, { orderId: params.id, placements: [], preview: true, actor: session.name })

  const rerouteOrder: Handler<'rerouteOrder'> = ({ session, params, body }) =>
    routed(session.tenantId, { ...body, orderId: params.id, actor: session.name })

  const exchangeRates: Handler<'exchangeRates'> = ({ session }) => db.read(session.tenantId, listExchangeRates)

  const addExchangeRate: Handler<'addExchangeRate'> = ({ session, body }) =>
    db.tenant(session.tenantId).transaction(async (tx) => {
      refusedFor(await addRate(tx, { ...body, actor: session.name }))
      return listExchangeRates(tx)
    })

  return { purchaseOrders, orderRouting, rerouteOrder, exchangeRates, addExchangeRate } satisfies Partial<Handlers>
}

type RerouteRefusal = Extract<RerouteResult, { kind: 'refused' }>
type Fault = Extract<RerouteRefusal, { reason: 'cannot-fill' }>['faults'][number]

function rerouteRefusal(refused: RerouteRefusal): Refused {
  switch (refused.reason) {
    case 'not-found':
      return notFound()
    case 'closed':
      return new Refused(409, 'closed', 'Nothing of this order can be moved: it has left, or it is cancelled.')
    case 'changed':
      return new Refused(409, 'changed', 'The order changed meanwhile. Look at the choices again; nothing was moved.')
    case 'nothing-to-do':
      return new Refused(
        409,
        'nothing-to-do',
        'Every line is where it is to be already. Choose another supplier first.',
      )
    case 'cannot-fill': {
      const sentences = refused.faults.slice(0, 5).map((fault) => faultTexts[fault.because](fault.sku))
      return new Refused(409, 'cannot-fill', [...sentences, 'Nothing was moved.'].join(' '))
    }
  }
}

const faultTexts: Record<Fault['because'], (sku: string) => string> = {
  'supplier-inactive': (sku) => `${sku}: that supplier is switched off.`,
  'offer-inactive': (sku) => `${sku}: that supplier does not offer it any more.`,
  declined: (sku) => `${sku}: that supplier declined it before.`,
  'country-not-served': (sku) => `${sku}: that supplier does not ship to this country.`,
  'service-not-offered': (sku) => `${sku}: that supplier does not offer the order’s shipping service.`,
  'stock-unknown': (sku) => `${sku}: that supplier’s stock is not known.`,
  'not-enough': (sku) => `${sku}: that supplier does not have enough.`,
  'cost-unknown': (sku) => `${sku}: that supplier’s cost is not known.`,
  'shipping-cost-unknown': (sku) => `${sku}: that supplier’s cost of shipping is not known.`,
  'not-offered': (sku) => `${sku}: that supplier does not offer it.`,
  'not-movable': () => 'A line that was chosen has left, or is not of this order.',
}
