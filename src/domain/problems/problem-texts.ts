// What each problem says to the seller and which button solves it. All kinds stand here, so that none is without words.
import { moneyLabel } from '../money.ts'

export type ProblemContext = {
  channelId: string | null
  channelName: string | null
  orderId: string | null
  marketplaceOrderId: string | null
  listingId: string | null
  supplierId: string | null
  supplierName: string | null
  data: Record<string, unknown>
}

export type ProblemWords = { text: string; action: { label: string; href: string } | null }

const operationWords: Record<string, string> = {
  'pull-orders': 'the download of orders',
  'pull-listings': 'the download of listings',
  'push-stock': 'the stock update',
  'push-prices': 'the price update',
  'confirm-shipments': 'the dispatch confirmations',
  'verify-listings': 'the reading back of listings',
  'cancel-orders': 'the cancellations',
  'reconcile-orders': 'the nightly comparison of orders',
  subscribe: 'our wish to be notified',
  'change-listings': 'the changes of listings',
  'pull-categories': 'the download of categories',
}

type Words = (problem: ProblemContext) => ProblemWords

const problemTexts = {
  'renewal-refused': (problem) => ({
    text: `The marketplace refused to renew the credentials of ${channel(problem)}: ${withStop(problem, 'reason')} They work until ${date(problem, 'endsAt') ?? 'they end'}; reauthorise before that, and nothing is missed.`,
    action: reauthorise(problem),
  }),
  'order-unreadable': (problem) => ({
    text: `${channel(problem)} sent ${reference(problem)} that could not be read: ${text(problem, 'reason')}. It was set aside, and the others were downloaded.`,
    action: openChannel(problem),
  }),
  'listings-unreadable': (problem) => ({
    text: `Not all listings of ${channel(problem)} could be read${about(problem)}: ${withStop(problem, 'reason')} The others were downloaded, none was taken for ended, and the next download tries again.`,
    action: openChannel(problem),
  }),
  'unknown-status': (problem) => ({
    text: `${order(problem)} has the status “${text(problem, 'marketplaceStatus')}” on the marketplace, which is not known here. Nothing is sent to a supplier until the marketplace names another.`,
    action: openOrder(problem),
  }),
  'unexpected-currency': (problem) => ({
    text: `${order(problem)} is in ${text(problem, 'currency')}, but this integration sells in ${text(problem, 'expected')}. It was taken with its amounts as they are; check what the marketplace will pay out.`,
    action: openOrder(problem),
  }),
  'called-off-after-dispatch': (problem) => ({
    text: `${order(problem)} was ${text(problem, 'status')} on the marketplace, but goods had already left. Ask the supplier to stop the parcel, or agree a return with the buyer.`,
    action: seeParcels(problem),
  }),
  'units-called-off-after-dispatch': (problem) => ({
    text: `${text(problem, 'units')} of the units that the marketplace took off ${order(problem)} had already left. Ask the supplier to stop the parcel, or agree a return with the buyer.`,
    action: seeParcels(problem),
  }),
  'cancel-rejected': (problem) => ({
    text: `The marketplace did not take the cancellation of ${order(problem)}: ${withStop(problem, 'reason')} Here nothing of it leaves any more. Cancel it on the marketplace by hand, or route it again.`,
    action: routeAgain(problem),
  }),
  'cancel-unclear': (problem) => ({
    text: `It is not known yet whether the marketplace took the cancellation of ${order(problem)}${because(problem)}. It is looked up there again before anything is repeated.`,
    action: openOrder(problem),
  }),
  'ship-by-near': (problem) => ({
    text: `${order(problem)} has to leave by ${instant(problem, 'shipBy')}, and not all of it has.`,
    action: openOrder(problem),
  }),
  'ship-by-passed': (problem) => ({
    text: `${order(problem)} should have left by ${instant(problem, 'shipBy')}, and not all of it has. Dispatch it now, or tell the buyer.`,
    action: openOrder(problem),
  }),
  'held-at-supplier': (problem) => ({
    text: `The marketplace put ${order(problem)} on hold after it went to the supplier. Ask the supplier to wait until the hold is lifted.`,
    action: openOrder(problem),
  }),
  'shipped-elsewhere-at-supplier': (problem) => ({
    text: `${order(problem)} is shown as dispatched on the marketplace, but its purchase order is still open here. Enter the parcel if the supplier sent it; otherwise ask not to send it again.`,
    action: openOrder(problem),
  }),
  'order-reopened': (problem) => ({
    text: `The marketplace took up ${order(problem)} again after it was closed. Nothing was sent for it a second time: route it again if the buyer should get it.`,
    action: routeAgain(problem),
  }),
  'address-changed-at-supplier': (problem) => ({
    text: `The delivery address of ${order(problem)} changed after the purchase order was sent. The supplier was told the new one; make sure that it was seen before the parcel left.`,
    action: openOrder(problem),
  }),
  'order-lines-changed': (problem) => ({
    text: `On the marketplace, ${order(problem)} has more than was downloaded${because(problem, 'lines')}. Units that were called off before are looked for by Route again; enter the others as an order by hand, or settle it with the buyer.`,
    action: openOrder(problem),
  }),
  'confirmation-rejected': (problem) => ({
    text: `The marketplace did not take the dispatch of ${order(problem)} (parcel ${text(problem, 'packageNumber')}): ${text(problem, 'reason')}. Mark it as dispatched on the marketplace by hand.`,
    action: openOrder(problem),
  }),
  'confirmation-delayed': (problem) => ({
    text: `The marketplace could not be told yet that parcel ${text(problem, 'packageNumber')} of ${order(problem)} left${because(problem)}. It is tried again by itself.`,
    action: openOrder(problem),
  }),
  'confirmation-unclear': (problem) => ({
    text: `It is not known yet whether the marketplace took the dispatch of ${order(problem)} (parcel ${text(problem, 'packageNumber')}). It is looked up there again before anything is repeated.`,
    action: openOrder(problem),
  }),
  'signed-out': (problem) => ({
    text: `${channel(problem)} does not accept our sign-in any more: ${text(problem, 'reason')}. Reauthorise it; orders and updates wait until then.`,
    action: reauthorise(problem),
  }),
  'channel-refused': (problem) => ({
    text: `${channel(problem)} refused ${operationWords[text(problem, 'operation')] ?? 'a request'}: ${text(problem, 'reason')}. It is tried again by itself.`,
    action: openChannel(problem),
  }),
  'operation-failed': (problem) => ({
    text: `${channel(problem)}: ${operationWords[text(problem, 'operation')] ?? 'work'} failed several times through a fault of ours. It is tried again by itself; nothing is lost.`,
    action: openChannel(problem),
  }),
  'listing-refused': (problem) => ({
    text: `${channel(problem)} did not take the ${text(problem, 'what')} of “${text(problem, 'title')}”: ${text(problem, 'reason')}. It is sent again when the figure changes, and tried again every few hours.`,
    action: openChannel(problem),
  }),
  'listings-refused': (problem) => ({
    text: `${count(problem, 'count', 'product')} ${text(problem, 'count') === '1' ? 'was' : 'were'} refused by ${channel(problem)}. Look at what is said of each, change it, and send it again.`,
    action: openRefused(problem),
  }),
  'listing-gone': (problem) => ({
    text: `“${text(problem, 'title')}” is no longer on ${channel(problem)}, so it is not updated any more. Cut its SKU mapping, or list it again there.`,
    action: openChannel(problem),
  }),
  'listing-drift': (problem) => ({
    text: `“${text(problem, 'title')}” on ${channel(problem)} keeps showing another ${text(problem, 'what')} than was sent. Another tool may be changing the same listing.`,
    action: openChannel(problem),
  }),
  'zero-waits': (problem) => ({
    text: `${listing(problem)} on ${channel(problem)} would show 0 only because of the stock threshold, and 0 would end it for good. Say so here, or lower the threshold.`,
    action: openChannel(problem),
  }),
  'price-waits': (problem) => ({
    text: `${listing(problem)} on ${channel(problem)} has the price ${money(problem)}, ${priceReasons[text(problem, 'because')] ?? 'which waits for you'}. It is not sent without your say: look at the arithmetic and approve it, or change it.`,
    action: openPrice(problem),
  }),
  'waiting-for-payment': (problem) => ({
    text: `${problem.supplierName ?? 'A supplier'} has not been sent ${count(problem, 'count', 'purchase order')}: ${problem.data.isPrepaid === true ? 'it is paid before it sends anything' : 'they would be more than the credit it gives'}. Record what you paid, and they go on by themselves.`,
    action: openInvoices(problem),
  }),
  'invoices-overdue': (problem) => ({
    text: `${count(problem, 'count', 'invoice')} of ${problem.supplierName ?? 'a supplier'} should have been paid, the first by ${date(problem, 'since') ?? 'now'}: ${money(problem)} in all.`,
    action: openInvoices(problem),
  }),
  'file-held': (problem) => ({
    text: `The file “${text(problem, 'fileName')}” of ${problem.supplierName ?? 'a supplier'} is held back, and the last good figures stay: ${text(problem, 'because')}`,
    action: { label: 'Look at the file', href: `/imports/${text(problem, 'importId')}` },
  }),
  'purchase-order-refused': (problem) => ({
    text: `${supplier(problem)} did not take purchase order ${text(problem, 'number')}: ${withStop(problem, 'reason')} Change how orders go out, or send it again from the order.`,
    action: openWays(problem),
  }),
  'purchase-order-delayed': (problem) => ({
    text: `Purchase order ${text(problem, 'number')} could not be sent to ${supplier(problem)} yet${because(problem)}. It is tried again by itself.`,
    action: openWays(problem),
  }),
  'purchase-order-unclear': (problem) => ({
    text: `It is not known yet whether ${supplier(problem)} has purchase order ${text(problem, 'number')}. It is looked up there again before anything is repeated.`,
    action: openOrder(problem),
  }),
  'purchase-order-in-doubt': (problem) => ({
    text: `It is not certain that purchase order ${text(problem, 'number')} reached ${supplier(problem)}${because(problem)}. Ask there, then say that it arrived or send it again.`,
    action: openOrder(problem),
  }),
  'tracking-file-failed': (problem) => ({
    text: `The tracking file “${text(problem, 'fileName')}” of ${supplier(problem)} could not be used: ${withStop(problem, 'reason')}`,
    action: openImport(problem),
  }),
  'tracking-rows-refused': (problem) => ({
    text: `Of the tracking file “${text(problem, 'fileName')}” of ${supplier(problem)}, rows were not taken: ${text(problem, 'rows')}. The others were.`,
    action: openImport(problem),
  }),
  'tracking-not-picked-up': (problem) => ({
    text: `Tracking files of ${supplier(problem)} could not be picked up: ${withStop(problem, 'reason')} It is tried again by itself.`,
    action: openWays(problem),
  }),
  'feed-failing': (problem) => ({
    text: `The stock file of ${problem.supplierName ?? 'a supplier'} could not be fetched from ${text(problem, 'address')} several times: ${withStop(problem, 'reason')} The last good figures stay, and it is tried again by itself.`,
    action: { label: 'Open the feeds', href: `/suppliers/${text(problem, 'supplierId')}?tab=files` },
  }),
  'figures-stale': (problem) => ({
    text: `The stock figures of ${problem.supplierName ?? 'a supplier'} are older than ${text(problem, 'hours')} hours. ${problem.data.showsZero === true ? 'Nothing is advertised from them until newer ones come.' : 'They are still advertised; ask for a new file.'}`,
    action: { label: 'Open the supplier', href: `/suppliers/${text(problem, 'supplierId')}?tab=files` },
  }),
} satisfies Record<string, Words>

export type ProblemKind = keyof typeof problemTexts

export function problemWords(kind: string, problem: ProblemContext): ProblemWords {
  const words = Object.hasOwn(problemTexts, kind) ? problemTexts[kind as ProblemKind] : undefined
  if (!words) return { text: `Something needs a look (${kind}).`, action: openOrder(problem) ?? openChannel(problem) }
  const { text: sentence, action } = words(problem)
  return { text: sentence.charAt(0).toUpperCase() + sentence.slice(1), action }
}

function text(problem: ProblemContext, name: string): string {
  const value = problem.data[name]
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

function channel(problem: ProblemContext): string {
  return problem.channelName ?? 'The marketplace'
}

function listing(problem: ProblemContext): string {
  const title = text(problem, 'title')
  return title === '' ? 'A listing' : `“${title}”`
}

function order(problem: ProblemContext): string {
  const id = problem.marketplaceOrderId ?? text(problem, 'marketplaceOrderId')
  return problem.channelName === null ? `order ${id}` : `order ${id} (${problem.channelName})`
}

function reference(problem: ProblemContext): string {
  const id = text(problem, 'reference')
  return id === '' ? 'an order' : `order ${id}`
}

function about(problem: ProblemContext): string {
  const id = text(problem, 'reference')
  return id === '' ? '' : ` (${id})`
}

/** With its full stop. */
function withStop(problem: ProblemContext, name: string): string {
  return `${text(problem, name).replace(/[.\s]+$/, '')}.`
}

/** "9 March 2026": by the calendar of Greenwich, for who reads it is not known here. */
function date(problem: ProblemContext, name: string): string | null {
  const instant = new Date(text(problem, name))
  if (Number.isNaN(instant.getTime())) return null
  return instant.toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' })
}

/** "9 March 2026, 14:30 UTC". */
function instant(problem: ProblemContext, name: string): string {
  const at = new Date(text(problem, name))
  const time = at.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: 'UTC' })
  return `${date(problem, name) ?? 'its time'}, ${time} UTC`
}

function because(problem: ProblemContext, name = 'reason'): string {
  const reason = text(problem, name)
  return reason === '' ? '' : ` (${reason})`
}

function money(problem: ProblemContext): string {
  return moneyLabel({ minor: Number(problem.data.minor ?? 0), currency: text(problem, 'currency') || 'XXX' })
}

function count(problem: ProblemContext, name: string, noun: string): string {
  const number = text(problem, name)
  return `${number} ${noun}${number === '1' ? '' : 's'}`
}

const priceReasons: Record<string, string> = {
  loss: 'which is less than its cost, shipping, fees and VAT',
  'below-floor': 'which is below the floor of its pricing rule',
  'large-step': 'which is a larger step than may go by itself',
}

function openPrice(problem: ProblemContext): ProblemWords['action'] {
  return problem.listingId === null
    ? openChannel(problem)
    : { label: 'Look at the price', href: `/pricing/listings/${problem.listingId}` }
}

function openInvoices(problem: ProblemContext): ProblemWords['action'] {
  return problem.supplierId === null
    ? null
    : { label: 'Open invoices', href: `/invoices?supplierId=${problem.supplierId}&state=open` }
}

function supplier(problem: ProblemContext): string {
  return problem.supplierName ?? 'The supplier'
}

function openImport(problem: ProblemContext): ProblemWords['action'] {
  return { label: 'Look at the file', href: `/imports/${text(problem, 'importId')}` }
}

function openWays(problem: ProblemContext): ProblemWords['action'] {
  return problem.supplierId === null
    ? null
    : { label: 'Open supplier', href: `/suppliers/${problem.supplierId}?tab=ways` }
}

function openOrder(problem: ProblemContext): ProblemWords['action'] {
  return problem.orderId === null ? null : { label: 'Open order', href: `/orders/${problem.orderId}` }
}

function seeParcels(problem: ProblemContext): ProblemWords['action'] {
  return problem.orderId === null ? null : { label: 'See what left', href: `/orders/${problem.orderId}#parcels` }
}

/** Opens the question on the order's page. */
function routeAgain(problem: ProblemContext): ProblemWords['action'] {
  return problem.orderId === null ? null : { label: 'Route again', href: `/orders/${problem.orderId}?do=take-up` }
}

function openRefused(problem: ProblemContext): ProblemWords['action'] {
  return problem.channelId === null
    ? null
    : { label: 'Look at them', href: `/listings/${problem.channelId}?states=error` }
}

/** Straight to the fields that solve it. */
function reauthorise(problem: ProblemContext): ProblemWords['action'] {
  return problem.channelId === null
    ? null
    : { label: 'Reauthorise', href: `/settings/channels/${problem.channelId}?open=access` }
}

function openChannel(problem: ProblemContext): ProblemWords['action'] {
  return problem.channelId === null
    ? null
    : { label: 'Open integration', href: `/settings/channels/${problem.channelId}` }
}
