// The story of an order, told to the seller: every entry of its log as a sentence, with what led to it below. All words
// of the story stand in this file.
import { moneyLabel } from '../money.ts'
import { boughtTexts, refusedTexts } from './choice-texts.ts'
import type { CutBy, CutLine, OrderEvent, PlacedLine } from './order-events.ts'
import type { HoldReason } from './order.ts'

export type StoryEntry = { text: string; detail: string[] }

type Tellers = { [Kind in OrderEvent['kind']]: (data: Extract<OrderEvent, { kind: Kind }>['data']) => StoryEntry }

export function tellEvent(event: { kind: string; data: unknown }): StoryEntry {
  if (!Object.hasOwn(tellers, event.kind))
    return plain(`Something happened that this version has no words for (${event.kind}).`)
  const tell = tellers[event.kind as OrderEvent['kind']] as (data: unknown) => StoryEntry
  return tell(event.data)
}

/** Why a line, or an order, waits. */
export const holdTexts: Record<HoldReason, string> = {
  unpaid: 'the buyer has not paid yet',
  'on-hold': 'the marketplace has put it on hold',
  'no-address': 'the marketplace gives no complete delivery address',
  'no-offer': 'no active supplier offers it',
  'no-stock': 'no supplier has enough of it',
  'stock-unknown': 'the stock of its supplier is not known',
  'cost-unknown': 'the cost at its supplier is not known',
  'no-shipping-service': 'no shipping service is chosen',
  'shipping-cost-unknown': 'the cost of its shipping service is not known',
  'service-not-offered': 'no supplier who has it offers its shipping service',
  'country-not-served': 'no supplier who has it ships to its country',
  declined: 'every supplier who could send it declined it',
}

const importTexts: Record<string, string> = {
  'all-mapped': 'Every line is mapped to the inventory.',
  mixed: 'Some lines are not mapped; these go to no supplier.',
  split: 'Split orders with unknown SKUs is on, so only the mapped lines were imported.',
  unmapped:
    'No line is mapped, so nothing goes to a supplier. Map the SKUs; mappings count for orders downloaded afterwards.',
}

const serviceTexts: Record<'mapping' | 'default' | 'person', (theirs: string | null, ours: string) => string> = {
  mapping: (theirs, ours) => `The marketplace says “${theirs ?? 'nothing'}”, which is mapped to ${ours}.`,
  default: (theirs, ours) =>
    `The marketplace says “${theirs ?? 'nothing'}”; ${ours} is the default of this integration.`,
  person: (theirs) => `Chosen by hand. The marketplace says “${theirs ?? 'nothing'}”.`,
}

const tellers: Tellers = {
  imported: ({ lines, units, leftOut, because, marketplaceStatus }) => ({
    text: `Downloaded with ${count(lines, 'line')}, ${count(units, 'unit')}.`,
    detail: [
      `Status on the marketplace: ${marketplaceStatus}.`,
      importTexts[because] ?? '',
      ...leftOut.map((sku) => `Left out: ${sku}.`),
    ].filter((text) => text !== ''),
  }),
  'shipping-service-chosen': ({ theirs, ours, because }) => ({
    text: `Goes by ${ours}.`,
    detail: [serviceTexts[because](theirs, ours)],
  }),
  paid: ({ marketplaceStatus }) => ({ text: 'The buyer has paid.', detail: [theirStatus(marketplaceStatus)] }),
  'hold-lifted': ({ marketplaceStatus }) => ({
    text: 'The marketplace lifted its hold.',
    detail: [theirStatus(marketplaceStatus)],
  }),
  held: ({ marketplaceStatus, atSupplier }) => ({
    text: 'The marketplace put the order on hold.',
    detail: [
      theirStatus(marketplaceStatus),
      ...(atSupplier ? ['A purchase order was sent before; a person has to tell the supplier.'] : []),
    ],
  }),
  'called-off': ({ marketplaceStatus, status, alreadyLeft }) => ({
    text: status === 'refunded' ? 'Refunded on the marketplace.' : 'Cancelled on the marketplace.',
    detail: [
      theirStatus(marketplaceStatus),
      ...(alreadyLeft ? ['Goods had already left: a person has to settle it.'] : []),
    ],
  }),
  'shipped-elsewhere': ({ marketplaceStatus, atSupplier }) => ({
    text: 'Marked as dispatched on the marketplace, not by us.',
    detail: [
      theirStatus(marketplaceStatus),
      ...(atSupplier ? ['Its purchase order is still open: a person has to settle it.'] : []),
    ],
  }),
  shipped: ({ marketplaceStatus }) => ({
    text: 'The marketplace shows the order as dispatched.',
    detail: [theirStatus(marketplaceStatus)],
  }),
  reopened: ({ marketplaceStatus }) => ({
    text: 'The marketplace took the order up again after it was closed.',
    detail: [theirStatus(marketplaceStatus), 'Nothing is sent a second time without a person.'],
  }),
  'unknown-status': ({ marketplaceStatus }) => ({
    text: `The marketplace uses a status that is not known here: “${marketplaceStatus}”.`,
    detail: ['The order is kept as it is until the status is known.'],
  }),
  'address-changed': ({ atSupplier }) => ({
    text: 'The delivery address or buyer changed on the marketplace.',
    detail: atSupplier ? ['The supplier, who has the earlier one, is told the new one.'] : [],
  }),
  'lines-changed': ({ lines = [] }) => ({
    text: 'The lines changed on the marketplace.',
    detail: lines.map(({ sku, ours, theirs }) => `${sku}: ${ours} here, ${theirs} there.`),
  }),
  'units-cancelled': ({ by, reason, lines }) => ({
    text: `${countUnits(lines)} will not leave: cancelled ${cutByTexts[by]}.`,
    detail: [...lines.map(cut), ...sentence(reason)],
  }),
  'units-taken-back': ({ by, reason, lines }) => ({
    text: `${countUnits(lines)} will be sent by another way: taken back ${cutByTexts[by]}.`,
    detail: [...lines.map(cut), ...sentence(reason)],
  }),
  'taken-up-again': ({ lines }) => ({
    text: 'Taken up again: what was cancelled here is looked for anew.',
    detail: lines.map(cut),
  }),
  'cancel-asked': ({ reason, tells }) => ({
    text: 'Cancelled by the seller.',
    detail: [...sentence(reason), tells ? 'The marketplace will be told.' : 'There is no marketplace to tell.'],
  }),
  'cancel-taken': ({ readBack }) => ({
    text: 'The marketplace took the cancellation.',
    detail: readBack ? ['Found there when it was looked up; it was not sent again.'] : [],
  }),
  'cancel-delayed': ({ reason }) => ({
    text: 'The marketplace could not be told of the cancellation yet. It is tried again.',
    detail: sentence(reason),
  }),
  'cancel-unclear': ({ reason }) => ({
    text: 'It is not settled yet whether the marketplace took the cancellation. It is looked up there before anything is repeated.',
    detail: sentence(reason),
  }),
  'cancel-rejected': ({ reason }) => ({
    text: 'The marketplace did not take the cancellation.',
    detail: sentence(reason),
  }),
  entered: ({ lines, units }) => plain(`Entered by hand with ${count(lines, 'line')}, ${count(units, 'unit')}.`),
  'buyer-data-forgotten': ({ days }) =>
    plain(
      `Buyer, address and the marketplace’s own text were deleted, ${count(days, 'day')} after the order was over.`,
    ),
  'stock-reserved': ({ lines, because }) => ({
    text: because === null ? 'Stock is reserved.' : `Stock is reserved; nothing is sent while ${holdTexts[because]}.`,
    detail: lines.flatMap((line) => [placed(line), ...refusedTexts(line.refused ?? [])]),
  }),
  'stock-awaited': ({ lines }) => ({
    text: `Waiting for ${count(lines.length, 'line')} to be filled.`,
    detail: lines.flatMap((line) => [
      `${line.quantity} × ${line.sku}: ${holdTexts[line.because]}.`,
      ...refusedTexts(line.refused),
    ]),
  }),
  'stock-released': ({ lines }) => ({ text: 'Reserved stock was given back.', detail: lines.map(placed) }),
  'purchase-order-sent': ({ number, supplier, costMinor, shippingMinor, vatMinor, currency, lines, whole, goes }) => ({
    text: `Purchase order ${number} ${goesTexts[goes ?? 'screen'](supplier)} (${money(costMinor + (shippingMinor ?? 0), currency)} ex VAT).`,
    detail: [
      ...(goes === 'prepaid' ? [`${supplier} is paid before anything is sent.`] : []),
      ...(goes === 'credit-limit' ? [`It would be more than the credit that ${supplier} gives.`] : []),
      ...(shippingMinor ? [`${money(shippingMinor, currency)} of it is shipping.`] : []),
      ...(vatMinor ? [`VAT comes to ${money(vatMinor, currency)}.`] : []),
      ...boughtTexts({ lines, currency, ...(whole ? { whole } : {}) }),
    ],
  }),
  rerouted: ({ lines }) => ({
    text: 'Moved to another supplier by hand.',
    detail: lines.map(({ sku, quantity, from, to }) =>
      from === null ? `${quantity} × ${sku}: to ${to}.` : `${quantity} × ${sku}: from ${from} to ${to}.`,
    ),
  }),
  'purchase-order-accepted': ({ number, supplier }) => plain(`${supplier} accepted purchase order ${number}.`),
  'purchase-order-released': ({ number, supplier, because }) =>
    plain(
      because === 'paid'
        ? `Purchase order ${number} is paid and goes to ${supplier}.`
        : `${supplier} gives credit again, and purchase order ${number} goes out.`,
    ),
  credited: ({ number, supplier, creditNote, totalMinor, currency }) =>
    plain(`Credit note ${creditNote} of ${supplier} for purchase order ${number}: ${money(totalMinor, currency)}.`),
  'purchase-order-cancelled': ({ number, supplier }) => plain(`Purchase order ${number} to ${supplier} was cancelled.`),
  'purchase-order-changed': ({ number, supplier, lines }) => ({
    text: `Purchase order ${number} to ${supplier} was lessened.`,
    detail: lines.map(cut),
  }),
  'purchase-order-arrived': ({ number, revision, supplier, way, said }) => ({
    text: `${supplier} has ${named(number, revision)}${wayTexts[way]}.`,
    detail:
      said === 'read-back'
        ? ['Found there when it was looked up; it was not sent again.']
        : said === 'person'
          ? ['A person said that it arrived.']
          : [],
  }),
  'purchase-order-delayed': ({ number, revision, supplier, reason }) => ({
    text: `${named(number, revision)} could not be sent to ${supplier} yet. It is tried again.`,
    detail: sentence(reason),
  }),
  'purchase-order-refused': ({ number, revision, supplier, reason }) => ({
    text: `${named(number, revision)} was not taken by ${supplier}.`,
    detail: sentence(reason),
  }),
  'purchase-order-unclear': ({ number, revision, supplier, reason, asksPerson }) => ({
    text: `It is unclear whether ${named(number, revision)} reached ${supplier}. ${asksPerson ? 'A person has to say before it is sent again.' : 'It is looked up there before anything is repeated.'}`,
    detail: sentence(reason),
  }),
  'purchase-order-not-there': ({ number, revision, supplier }) =>
    plain(`${supplier} does not have ${named(number, revision)}, so it is sent again.`),
  'purchase-order-sent-again': ({ number, revision, supplier }) =>
    plain(`A person had ${named(number, revision)} sent to ${supplier} again.`),
  dispatched: ({ number, carrier, trackingNumber, packageNumber, units, confirms }) => ({
    text: `Parcel ${packageNumber} left with ${count(units, 'unit')}${trackingNumber === '' ? ', picked up by the buyer' : `: ${carrier}, ${trackingNumber}`}.`,
    detail: [
      ...(number === null ? [] : [`From purchase order ${number}.`]),
      confirms
        ? 'The marketplace will be told.'
        : trackingNumber === ''
          ? 'Without tracking there is nothing to tell the marketplace.'
          : 'There is no marketplace to tell.',
    ],
  }),
  'confirmation-sent': ({ packageNumber, trackingNumber, reference, readBack }) => ({
    text: `The marketplace knows of parcel ${packageNumber} (${trackingNumber}).`,
    detail: [
      ...(readBack ? ['Found there when it was looked up; it was not sent again.'] : []),
      ...(reference === null || reference === trackingNumber ? [] : [`Its reference: ${reference}.`]),
    ],
  }),
  'confirmation-delayed': ({ packageNumber, reason }) => ({
    text: `The marketplace could not be told of parcel ${packageNumber} yet. It is tried again.`,
    detail: sentence(reason),
  }),
  'confirmation-unclear': ({ packageNumber, reason }) => ({
    text: `It is unclear whether the marketplace took parcel ${packageNumber}. It is looked up there before anything is repeated.`,
    detail: sentence(reason),
  }),
  'confirmation-not-found': ({ packageNumber }) =>
    plain(`The marketplace does not show parcel ${packageNumber}, so it is told again.`),
  'confirmation-rejected': ({ packageNumber, reason }) => ({
    text: `The marketplace did not take parcel ${packageNumber}.`,
    detail: sentence(reason),
  }),
  'mapping-applied': ({ lines, stillUnmapped }) => ({
    text: `The SKU mapping of today was applied to ${count(lines.length, 'line')}.`,
    detail: [
      ...lines.map(
        ({ channelSku, components }) =>
          `${channelSku} is ${components.map(({ sku, quantity }) => `${quantity} × ${sku}`).join(' and ')}.`,
      ),
      ...(stillUnmapped > 0 ? [`${count(stillUnmapped, 'line')} still without a mapping.`] : []),
    ],
  }),
  pinned: ({ pinned }) => plain(pinned ? 'Pinned: it is kept although no line is mapped.' : 'No longer pinned.'),
}

const cutByTexts: Record<CutBy, string> = {
  seller: 'by the seller',
  marketplace: 'on the marketplace',
  supplier: 'by the supplier',
}

function countUnits(lines: CutLine[]): string {
  return count(
    lines.reduce((sum, line) => sum + line.quantity, 0),
    'unit',
  )
}

function cut(line: CutLine): string {
  return `${line.quantity} × ${line.sku}.`
}

const wayTexts = {
  screen: ' on the supplier’s screen',
  email: ' by e-mail',
  sftp: ' in the supplier’s folder',
  webhook: ' through the supplier’s address',
}

function named(number: string, revision: number): string {
  return revision === 1 ? number : `${number} (revision ${revision})`
}

function plain(text: string): StoryEntry {
  return { text, detail: [] }
}

function theirStatus(word: string): string {
  return `Status on the marketplace: ${word}.`
}

function placed(line: PlacedLine): string {
  return `${line.quantity} × ${line.sku} at ${line.supplier}.`
}

function money(minor: number, currency: string): string {
  return moneyLabel({ minor, currency })
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

function sentence(reason: string | null): string[] {
  return reason === null || reason === '' ? [] : [/[.!?]$/.test(reason) ? reason : `${reason}.`]
}

type Goes = NonNullable<Extract<OrderEvent, { kind: 'purchase-order-sent' }>['data']['goes']>

const goesTexts: Record<Goes, (supplier: string) => string> = {
  screen: (supplier) => `was sent to ${supplier}`,
  email: (supplier) => `goes to ${supplier} by e-mail`,
  sftp: (supplier) => `goes to ${supplier} by SFTP`,
  webhook: (supplier) => `goes to ${supplier} by webhook`,
  prepaid: (supplier) => `for ${supplier} waits for payment`,
  'credit-limit': (supplier) => `for ${supplier} waits for payment`,
}
