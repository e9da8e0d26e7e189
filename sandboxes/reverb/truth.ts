// What is true here, in the words that all sandboxes share.
import { orderTotal } from './orders.ts'
import { visibleState } from './listings.ts'
import type { SandboxControl, TrueListing, TrueOrder } from '../kit/control.ts'
import type { Listing, Order, Reverb } from './state.ts'

export function readTruth(reverb: Reverb, now: Date): ReturnType<SandboxControl['truth']> {
  return {
    now: now.toISOString(),
    listings: [...reverb.listings.values()].map((listing) => trueListing(reverb, listing)),
    orders: reverb.orders.map(trueOrder),
    confirmations: reverb.confirmations.map(({ orderNumber, trackingNumber, provider, at, outcome }) => ({
      orderNumber,
      trackingNumber,
      provider,
      at: at.toISOString(),
      outcome,
    })),
  }
}

function trueListing(reverb: Reverb, listing: Listing): TrueListing {
  const isLive = visibleState(reverb, listing) === 'live'
  return {
    id: String(listing.id),
    variantId: null,
    sku: listing.sku ?? '',
    title: listing.title,
    quantity: isLive ? listing.inventory : 0,
    price: listing.price,
    isLive,
    history: listing.history.map(({ at, by, inventory, price }) => ({
      at: at.toISOString(),
      by: by === 'reverb' ? 'sandbox' : by,
      quantity: inventory,
      priceMinor: price.minor,
    })),
  }
}

/** One order is one line of one listing, so both have the same number. */
function trueOrder(order: Order): TrueOrder {
  const { number, reference = null, status, createdAt, quantity, unitPrice, sku } = order
  return {
    number,
    reference,
    status,
    placedAt: createdAt.toISOString(),
    isPaid: order.paidAt !== undefined && status !== 'refunded',
    isCanceled: status === 'cancelled' || status === 'blocked',
    isShipped: order.shipment !== undefined || status === 'picked_up',
    total: orderTotal(order),
    lines: [{ lineId: number, sku: sku ?? '', quantity, unitPriceMinor: unitPrice.minor }],
  }
}
