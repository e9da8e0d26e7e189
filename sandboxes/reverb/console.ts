// The console page: what this Reverb holds and what can be done to it, for a person with a browser.
import { faultCatalogue, typedFaults } from '../kit/faults.ts'
import { html, page, postButton } from '../kit/page.ts'
import { amountText } from './money.ts'
import { orderTotal } from './orders.ts'
import { conditionOf, listingStates } from './reference.ts'
import { findListing, visibleState } from './listings.ts'
import type { FaultName } from '../kit/faults.ts'
import type { Html } from '../kit/page.ts'
import type { ReverbControl } from './control.ts'
import type { Money, Order, Reverb } from './state.ts'

const rowsMax = 100

export function showConsole(reverb: Reverb, control: ReverbControl): string {
  const body = html`<main>
    ${showHead(reverb, control)}
    <div class="grid">
      ${showFigures(reverb, control)} ${showDoor(reverb, control)} ${showFaults(control)} ${showOrders(reverb)}
      ${showListings(reverb)} ${showConfirmations(reverb)} ${showRequests(reverb)}
    </div>
  </main>`
  return page('Reverb sandbox', body)
}

function showHead(reverb: Reverb, control: ReverbControl): Html {
  return html`<header>
    <h1>Reverb sandbox</h1>
    <span class="tag">imitation</span>
    <span class="quiet">${reverb.shop.name} · ${reverb.shop.currency} · API at <code>${reverb.origin}/api</code></span>
    <div class="row">
      ${postButton('/__sandbox/buy', 'A buyer orders now', { tone: 'main' })}
      <form method="post" action="/__sandbox/buyers">
        <input type="number" name="ordersPerMinute" min="0" step="any" value="${control.ordersPerMinute()}" />
        <button>orders a minute</button>
      </form>
    </div>
  </header>`
}

function showFigures(reverb: Reverb, control: ReverbControl): Html {
  const meter = control.meter()
  const live = [...reverb.listings.values()].filter((one) => one.state === 'live').length
  const waiting = reverb.orders.filter((one) => one.status === 'paid').length
  const share = (meter.shareRefused * 100).toFixed(1)
  const doubled = reverb.confirmations.filter((one) => one.outcome === 'repeated' || one.outcome === 'replaced').length
  return html`<section class="card two-thirds">
    <h2>At a glance</h2>
    <div class="figures">
      <div><b>${live}</b>live of ${reverb.listings.size} listings</div>
      <div><b>${reverb.orders.length}</b>orders</div>
      <div><b>${waiting}</b>waiting to be shipped</div>
      <div><b>${reverb.confirmations.length}</b>shipment calls, ${doubled} repeated</div>
      <div><b>${meter.calls}</b>API calls, at most ${meter.busiestSecond} in a second</div>
      <div><b class="${meter.refused > 0 ? 'bad' : ''}">${share}%</b>answered 429</div>
      <div><b>${meter.retryAfter.tooEarly}</b>calls before a wait was over</div>
    </div>
  </section>`
}

function showDoor(reverb: Reverb, control: ReverbControl): Html {
  const { limit } = control.meter()
  const rows = control
    .tokens()
    .map(
      (one) =>
        html`<p>
          <code>${one.token}</code><br /><span class="${one.isRevoked ? 'bad' : 'good'}"
            >${one.isRevoked ? 'revoked' : 'valid'}</span
          >, ${one.scopes.length} scopes
          ${
            one.isRevoked
              ? postButton('/__sandbox/tokens/restore', 'restore', { fields: { token: one.token }, tone: 'small' })
              : postButton('/__sandbox/tokens/revoke', 'revoke token', { fields: { token: one.token }, tone: 'small' })
          }
        </p>`,
    )
  return html`<section class="card third">
    <h2>Tokens and limit</h2>
    ${rows}
    <form method="post" action="/__sandbox/limit" class="row">
      <input type="number" name="perSecond" step="any" min="0.01" value="${limit.perSecond}" /> a second, burst
      <input type="number" name="burst" min="1" value="${limit.burst}" /><button>set</button>
    </form>
    ${reverb.shop.onVacation ? html`<p class="bad">The shop is on vacation.</p>` : undefined}
  </section>`
}

function showFaults(control: ReverbControl): Html {
  const { rates, struck } = control.faults()
  const toggles = (Object.keys(faultCatalogue) as FaultName[]).map((name) => {
    const rate = rates[name]
    const label = rate ? `${name} ${Math.round(rate * 1000) / 10}%` : name
    const count = struck[name] ? html`<span class="quiet">×${struck[name]}</span>` : undefined
    const button = postButton('/__sandbox/faults/toggle', label, { fields: { name }, tone: rate ? 'on' : '' })
    return html`<span title="${faultCatalogue[name].about}">${button} ${count}</span>`
  })
  const words = Object.entries(typedFaults).map(([word, about]) => html`<code title="${about}">${word}</code> `)
  return html`<section class="card">
    <h2>Faults</h2>
    <div class="row">${toggles}</div>
    <p class="quiet">Or type one of these into a SKU, a title or a tracking number: ${words}</p>
  </section>`
}

function showOrders(reverb: Reverb): Html {
  const rows = reverb.orders
    .slice(-rowsMax)
    .toReversed()
    .map(
      (order) =>
        html`<tr id="order-${order.number}">
          <td>
            ${order.number}${order.bundleId ? html`<br /><span class="quiet">bundle ${order.bundleId}</span>` : ''}
          </td>
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
  return html`<section class="card">
    <h2>Orders, newest first</h2>
    ${table(['Number', 'Placed', 'Status', 'Listing', '#Quantity', '#Total', 'Buyer', 'Shipment', ''], rows)}
  </section>`
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
  const all = [...reverb.listings.values()].toSorted(
    (one, other) => other.updatedAt.getTime() - one.updatedAt.getTime(),
  )
  const rows = all.slice(0, rowsMax).map((listing) => {
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
  const more = all.length > rowsMax ? html`<p class="quiet">The ${rowsMax} changed last, of ${all.length}.</p>` : ''
  return html`<section class="card">
    <h2>Listings, changed last first</h2>
    ${table(['Id', 'SKU', 'Title', 'Condition', 'State', '#Stock', '#Price', 'Changed'], rows)} ${more}
  </section>`
}

function showConfirmations(reverb: Reverb): Html {
  const rows = reverb.confirmations
    .slice(-rowsMax)
    .toReversed()
    .map(
      (one) =>
        html`<tr>
          <td>${clock(one.at)}</td>
          <td>${one.orderNumber}</td>
          <td>${one.provider}</td>
          <td>${one.trackingNumber}</td>
          <td class="${one.outcome === 'accepted' ? 'good' : 'bad'}">${one.outcome}</td>
        </tr>`,
    )
  return html`<section class="card half">
    <h2>Shipment calls</h2>
    ${table(['When', 'Order', 'Provider', 'Tracking number', 'Outcome'], rows)}
  </section>`
}

function showRequests(reverb: Reverb): Html {
  const rows = reverb.requests
    .slice(-rowsMax)
    .toReversed()
    .map(
      (one) =>
        html`<tr>
          <td>${clock(one.at)}</td>
          <td class="wide"><code>${one.method} ${one.url}</code></td>
          <td class="${typeof one.answer === 'number' && one.answer < 400 ? '' : 'bad'}">${one.answer}</td>
          <td class="bad">${one.faults.join(', ')}</td>
        </tr>`,
    )
  return html`<section class="card half">
    <h2>Requests</h2>
    ${table(['When', 'Request', 'Answer', 'Faults'], rows)}
  </section>`
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
    <section class="card">
      <h2>History</h2>
      ${table(['When', 'By', 'Cause', 'State', '#Stock', '#Price'], rows)}
    </section>
  </main>`
  return page(listing.title, body)
}

/** A heading that starts with # stands over numbers. */
function table(headings: string[], rows: Html[]): Html {
  if (rows.length === 0) return html`<p class="empty">Nothing yet.</p>`
  const cells = headings.map((text) =>
    text.startsWith('#') ? html`<th class="number">${text.slice(1)}</th>` : html`<th>${text}</th>`,
  )
  return html`<div class="scroll">
    <table>
      <thead>
        <tr>
          ${cells}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`
}

function amount(price: Money): string {
  return `${amountText(price)} ${price.currency}`
}

function clock(at: Date): string {
  return at.toISOString().slice(0, 19).replace('T', ' ')
}
