// The console page of a sandbox: what it holds and what can be done to it, for a person with a browser. What is common to
// all marketplaces stands here; each adds sections of its own.
import { faultCatalogue, typedFaults } from './faults.ts'
import { html, page, postButton } from './page.ts'
import type { Money, SandboxControl, TrueListing, TrueOrder } from './control.ts'
import type { FaultName } from './faults.ts'
import type { Html } from './page.ts'

export type ConsoleSection = { title: string; body: Html; width?: 'whole' | 'two-thirds' | 'half' | 'third' }

export type ConsoleParts = {
  /** Such as "Reverb sandbox". */
  title: string
  control: SandboxControl
  /** One line under the title: who sells, in which currency, where the API is. */
  about?: Html
  /** Other pages to go to, such as those of the seller's side. */
  links?: { label: string; href: string }[]
  sections?: ConsoleSection[]
  /** Shown in place of the common table, by a marketplace that has more to say. */
  orders?: Html
  listings?: Html
}

const rowsMax = 100

export function consolePage(parts: ConsoleParts): string {
  const { title, control, sections = [] } = parts
  const { listings, orders, confirmations } = control.truth()
  const own = sections.map((one) => section(one))
  const body = html`<main>
    ${showHead(parts)}
    <div class="grid">
      ${showFigures(control, { listings, orders, confirmations: confirmations.length })} ${showDoor(control)}
      ${showFaults(control)} ${own} ${parts.orders ?? showOrders(orders)} ${parts.listings ?? showListings(listings)}
      ${showConfirmations(confirmations)} ${showRequests(control)} ${showMeter(control)}
    </div>
  </main>`
  return page(title, body)
}

export function section({ title, body, width = 'whole' }: ConsoleSection): Html {
  return html`<section class="card ${width}">
    <h2>${title}</h2>
    ${body}
  </section>`
}

function showHead({ title, control, about, links = [] }: ConsoleParts): Html {
  const anchors = links.map(({ label, href }) => html`<a href="${href}">${label}</a> `)
  return html`<header>
    <h1>${title}</h1>
    <span class="tag">imitation</span>
    <span class="quiet">${about}</span>
    ${anchors}
    <div class="row">
      ${postButton('/__sandbox/buy', 'A buyer orders now', { tone: 'main' })}
      <form method="post" action="/__sandbox/buyers">
        <input
          type="number"
          name="ordersPerMinute"
          aria-label="Orders a minute"
          min="0"
          step="any"
          value="${control.ordersPerMinute()}"
        />
        <button>orders a minute</button>
      </form>
    </div>
  </header>`
}

function showFigures(
  control: SandboxControl,
  { listings, orders, confirmations }: { listings: TrueListing[]; orders: TrueOrder[]; confirmations: number },
): Html {
  const meter = control.meter()
  const live = listings.filter((one) => one.isLive).length
  const waiting = orders.filter((one) => one.isPaid && !one.isCanceled && !one.isShipped).length
  const body = html`<div class="figures">
    <div><b>${live}</b>live of ${listings.length} listings</div>
    <div><b>${orders.length}</b>orders</div>
    <div><b>${waiting}</b>waiting to be shipped</div>
    <div><b>${confirmations}</b>dispatch confirmations</div>
    <div><b>${meter.calls}</b>API calls, at most ${meter.busiestSecond} in a second</div>
    <div><b class="${meter.refused > 0 ? 'bad' : ''}">${(meter.shareRefused * 100).toFixed(1)}%</b>answered 429</div>
    <div><b>${meter.retryAfter.tooEarly}</b>calls before a wait was over</div>
  </div>`
  return section({ title: 'At a glance', body, width: 'two-thirds' })
}

function showDoor(control: SandboxControl): Html {
  const { limit, isOverridden } = control.meter()
  const back = isOverridden ? postButton('/__sandbox/limit', "the marketplace's plan again", { tone: 'small' }) : ''
  const body = html`<div class="row">
      ${postButton('/__sandbox/tokens/revoke', 'Take back the consent', { tone: 'small' })}
      ${postButton('/__sandbox/tokens/restore', 'Give it again', { tone: 'small' })}
    </div>
    <form method="post" action="/__sandbox/limit" class="row">
      <input
        type="number"
        name="perSecond"
        aria-label="Calls a second"
        step="any"
        min="0.0001"
        value="${limit.perSecond}"
      />
      a second, burst
      <input type="number" name="burst" aria-label="Burst" min="1" value="${limit.burst}" />
      <button>${isOverridden ? 'set' : 'set for all operations'}</button>
    </form>
    ${back}`
  return section({ title: 'Account and limit', body, width: 'third' })
}

function showFaults(control: SandboxControl): Html {
  const { rates, struck } = control.faults()
  const toggles = (Object.keys(faultCatalogue) as FaultName[]).map((name) => {
    const rate = rates[name]
    const label = rate ? `${name} ${Math.round(rate * 1000) / 10}%` : name
    const count = struck[name] ? html`<span class="quiet">×${struck[name]}</span>` : undefined
    const button = postButton('/__sandbox/faults/toggle', label, { fields: { name }, tone: rate ? 'on' : '' })
    return html`<span title="${faultCatalogue[name].about}">${button} ${count}</span>`
  })
  const words = Object.entries(typedFaults).map(([word, about]) => html`<code title="${about}">${word}</code> `)
  const body = html`<div class="row">${toggles}</div>
    <p class="quiet">Or type one of these into a SKU, a title or a tracking number: ${words}</p>`
  return section({ title: 'Faults', body })
}

function showOrders(orders: TrueOrder[]): Html {
  const rows = newest(orders).map(
    (order) =>
      html`<tr id="order-${order.number}">
        <td>${order.number}</td>
        <td>${clock(order.placedAt)}</td>
        <td><span class="pill">${order.status}</span></td>
        <td class="wide">${order.lines.map((line) => html`${line.quantity} × <code>${line.sku}</code> `)}</td>
        <td class="number">${amount(order.total)}</td>
        <td>${order.reference}</td>
        <td><div class="buttons">${orderButtons(order)}</div></td>
      </tr>`,
  )
  const body = table(['Number', 'Placed', 'Status', 'Lines', '#Total', 'Reference', ''], rows)
  return section({ title: `Orders, newest first${limited(orders)}`, body })
}

function orderButtons(order: TrueOrder): Html[] {
  if (order.isCanceled || order.isShipped) return []
  const verbs = order.isPaid ? ['cancel'] : ['pay', 'cancel']
  return verbs.map((verb) =>
    postButton(`/__sandbox/orders/${encodeURIComponent(order.number)}/${verb}`, verb, {
      tone: 'small',
      fields: { ok: '1' },
    }),
  )
}

function showListings(listings: TrueListing[]): Html {
  const changedAt = (one: TrueListing) => one.history.at(-1)?.at ?? ''
  const latest = listings.toSorted((one, other) => (changedAt(one) < changedAt(other) ? -1 : 1))
  const rows = newest(latest).map(
    (one) =>
      html`<tr>
        <td>${one.id}${one.variantId === null ? '' : html`<br /><span class="quiet">${one.variantId}</span>`}</td>
        <td><code>${one.sku}</code></td>
        <td class="wide">${one.title}</td>
        <td><span class="pill ${one.isLive ? 'good' : ''}">${one.isLive ? 'live' : 'not live'}</span></td>
        <td class="number">${one.quantity}</td>
        <td class="number">${amount(one.price)}</td>
        <td>${clock(changedAt(one))}</td>
      </tr>`,
  )
  const body = table(['Id', 'SKU', 'Title', 'State', '#Stock', '#Price', 'Changed'], rows)
  return section({ title: `Listings, changed last first${limited(listings)}`, body })
}

function showConfirmations(confirmations: ReturnType<SandboxControl['truth']>['confirmations']): Html {
  const rows = newest(confirmations).map(
    (one) =>
      html`<tr>
        <td>${clock(one.at)}</td>
        <td>${one.orderNumber}</td>
        <td>${one.provider}</td>
        <td>${one.trackingNumber}</td>
        <td class="${one.outcome === 'accepted' ? 'good' : 'bad'}">${one.outcome}</td>
      </tr>`,
  )
  const body = table(['When', 'Order', 'Provider', 'Tracking number', 'Outcome'], rows)
  return section({ title: 'Dispatch confirmations', body, width: 'half' })
}

function showRequests(control: SandboxControl): Html {
  const rows = newest(control.requests()).map(
    (one) =>
      html`<tr>
        <td>${clock(one.at)}</td>
        <td class="wide"><code>${one.method} ${one.url}</code></td>
        <td class="${typeof one.answer === 'number' && one.answer < 400 ? '' : 'bad'}">${one.answer}</td>
        <td class="bad">${one.faults.join(', ')}</td>
      </tr>`,
  )
  return section({ title: 'Requests', body: table(['When', 'Request', 'Answer', 'Faults'], rows), width: 'half' })
}

function showMeter(control: SandboxControl): Html {
  const counts = Object.entries(control.meter().byOperation).toSorted(([, one], [, other]) => other.calls - one.calls)
  const rows = counts.map(
    ([operation, { calls, refused, limit, lastAt }]) =>
      html`<tr>
        <td>${operation}</td>
        <td class="number">${calls}</td>
        <td class="number ${refused > 0 ? 'bad' : ''}">${refused}</td>
        <td class="number">${Number(limit.perSecond.toPrecision(3))}</td>
        <td class="number">${limit.burst}</td>
        <td>${clock(lastAt)}</td>
      </tr>`,
  )
  const body = table(['Operation', '#Calls', '#Answered 429', '#Allowed a second', '#Burst', 'Last'], rows)
  return section({ title: 'Calls by operation', body })
}

/** A heading that starts with # stands over numbers. */
export function table(headings: string[], rows: Html[]): Html {
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

/** The last of a list, newest first; no page shows all of thousands. */
export function newest<Item>(items: readonly Item[]): Item[] {
  return items.slice(-rowsMax).toReversed()
}

function limited(items: readonly unknown[]): string {
  return items.length > rowsMax ? ` (${rowsMax} of ${items.length})` : ''
}

export function amount({ minor, currency }: Money): string {
  const { maximumFractionDigits = 2 } = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions()
  return `${(minor / 10 ** maximumFractionDigits).toFixed(maximumFractionDigits)} ${currency}`
}

export function clock(at: Date | string): string {
  return new Date(at).toISOString().slice(0, 19).replace('T', ' ')
}
