// The console page: what this Reverb holds and what can be done to it, for a person with a browser.
import { amount, clock, consolePage, newest, section, table } from '../kit/console.ts'
import { html, page, postButton } from '../kit/page.ts'
import { orderTotal } from './orders.ts'
import { conditionOf, listingStates } from './reference.ts'
import { findListing, visibleState } from './listings.ts'
import type { Html } from '../kit/page.ts'
import type { ReverbControl } from './control.ts'
import type { Order, Reverb } from './state.ts'

export function showConsole(reverb: Reverb, control: ReverbControl): string {
  const { shop, origin } = reverb
  return consolePage({
    title: 'Reverb sandbox',
    control,
    about: html`${shop.name} · ${shop.currency} · API at <code>${origin}/api</code>`,
    sections: [{ title: 'Tokens', body: showTokens(reverb, control) }],
    orders: showOrders(reverb),
    listings: showListings(reverb),
  })
}

function showTokens(reverb: Reverb, control: ReverbControl): Html {
  const rows = control.tokens().map(({ token, isRevoked, scopes }) => {
    const verb = isRevoked ? 'restore' : 'revoke'
    const button = postButton(`/__sandbox/tokens/${verb}`, `${verb} token`, { fields: { token }, tone: 'small' })
    return html`<div class="row">
      <code>${token}</code>
      <span class="${isRevoked ? 'bad' : 'good'}">${isRevoked ? 'revoked' : 'valid'}</span>, ${scopes.length} scopes
      ${button}
    </div>`
  })
  return html`${rows} ${reverb.shop.onVacation ? html`<p class="bad">The shop is on vacation.</p>` : undefined}`
}

function showOrders(reverb: Reverb): Html {
  const rows = newest(reverb.orders).map(
    (order) =>
      html`<tr id="order-${order.number}">
        <td>${order.number}${order.bundleId ? html`<br /><span class="quiet">bundle ${order.bundleId}</span>` : ''}</td>
        <td>${clock(order.createdAt)}</td>
        <td><span class="pill">${order.shownStatus ?? order.status}</span></td>
        <td class="wide">${order.title}<br /><span class="quiet">${order.sku ?? 'no SKU'}</span></td>
        <td class="number">${order.quantity}</td>
        <td class="number">${amount(orderTotal(order))}</td>
        <td>${order.buyer.firstName} ${order.buyer.lastName}</td>
        <td>
          ${order.shipment ? `${order.shipment.provider} ${order.shipment.trackingNumber}` : shippingWish[order.shippingMethod]}
        </td>
        <td><div class="buttons">${orderButtons(order)}</div></td>
      </tr>`,
  )
  const body = table(['Number', 'Placed', 'Status', 'Listing', '#Quantity', '#Total', 'Buyer', 'Shipment', ''], rows)
  return section({ title: 'Orders, newest first', body })
}

const shippingWish = { shipped: '', local: 'local pickup', expedited_shipping: 'expedited' }

function orderButtons(order: Order): Html[] {
  const button = (verb: string) =>
    postButton(`/__sandbox/orders/${order.number}/${verb}`, verb, { tone: 'small', fields: { ok: '1' } })
  if (order.status === 'paid') return [button('cancel'), button('refund')]
  if (['unpaid', 'payment_pending', 'pending_review', 'partially_paid'].includes(order.status)) {
    return [button('pay'), button('cancel'), button('block')]
  }
  return order.status === 'shipped' ? [button('refund')] : []
}

function showListings(reverb: Reverb): Html {
  const changed = [...reverb.listings.values()].toSorted(
    (one, other) => one.updatedAt.getTime() - other.updatedAt.getTime(),
  )
  const rows = newest(changed).map((listing) => {
    const state = visibleState(reverb, listing)
    return html`<tr>
      <td><a href="/__sandbox/item/${listing.slug}">${listing.id}</a></td>
      <td><code>${listing.sku ?? '—'}</code></td>
      <td class="wide">${listing.title}</td>
      <td>${conditionOf(listing.conditionUuid)?.name}</td>
      <td><span class="pill ${state === 'live' ? 'good' : ''}">${listingStates[state]}</span></td>
      <td class="number">${listing.hasInventory ? listing.inventory : `${listing.inventory} of a kind`}</td>
      <td class="number">${amount(listing.price)}</td>
      <td>${clock(listing.updatedAt)}</td>
    </tr>`
  })
  const body = table(['Id', 'SKU', 'Title', 'Condition', 'State', '#Stock', '#Price', 'Changed'], rows)
  return section({ title: 'Listings, changed last first', body })
}

/** One listing with its history; also what `_links.web` points to. */
export function showItem(reverb: Reverb, idOrSlug: string): string | undefined {
  const listing = findListing(reverb, idOrSlug)
  if (!listing) return undefined
  const rows = listing.history.toReversed().map(
    (change) =>
      html`<tr>
        <td>${clock(change.at)}</td>
        <td>${change.by}</td>
        <td>${change.cause}</td>
        <td>${listingStates[change.state]}</td>
        <td class="number">${change.inventory}</td>
        <td class="number">${amount(change.price)}</td>
      </tr>`,
  )
  const body = html`<main>
    <header>
      <h1>${listing.title}</h1>
      <span class="tag">${listingStates[listing.state]}</span>
      <span class="quiet">${listing.sku ?? 'no SKU'} · ${amount(listing.price)} · ${listing.inventory} in stock</span>
      <a href="/__sandbox/">back to the console</a>
    </header>
    ${section({ title: 'History', body: table(['When', 'By', 'Cause', 'State', '#Stock', '#Price'], rows) })}
  </main>`
  return page(listing.title, body)
}
