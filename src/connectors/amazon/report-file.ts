// The listing report: a line per SKU, columns apart by tabs, read by their names. Its letters are UTF-8 or an old set.
import type { ChannelListing, Page } from '../connector.ts'
import { parseMoney } from '../../domain/money.ts'
import { asCount, asText } from '../reading.ts'
import { isAmazons, productPage } from './listings.ts'
import { siteOf } from './marketplaces.ts'
import { listingStateOfReport } from './statuses.ts'

export type ReportPart = { items: ChannelListing[]; unreadable: Page<ChannelListing>['unreadable'] }

/** With the product it is of, which tells listings apart whose SKU the report could not write. */
export type ReportLine = { listing: ChannelListing; asin: string }
export type ReportLines = { lines: ReportLine[]; unreadable: ReportPart['unreadable'] }

const partSize = 1_000
/** A line longer than this is no listing; a file without line ends must not fill the memory. */
const lineBytesMax = 1_000_000
const lineEnd = 0x0a

/** Why the file is no listing report at all. */
export class ReportError extends Error {}

/** A thousand listings at a time, so that a shop of any size takes little memory. */
export async function* linesIn(bytes: AsyncIterable<Uint8Array>, siteId: string): AsyncGenerator<ReportLines> {
  let columns: Map<string, number> | undefined
  let part: ReportLines = { lines: [], unreadable: [] }
  for await (const line of linesOf(bytes, siteId)) {
    if (!columns) {
      columns = columnsOf(line)
      continue
    }
    if (line.trim() === '') continue
    readLine(line, columns, siteId, part)
    if (part.lines.length + part.unreadable.length >= partSize) {
      yield part
      part = { lines: [], unreadable: [] }
    }
  }
  if (!columns) throw new ReportError('The listing report is empty')
  if (part.lines.length + part.unreadable.length > 0) yield part
}

async function* linesOf(bytes: AsyncIterable<Uint8Array>, siteId: string): AsyncGenerator<string> {
  const decode = decoderFor(siteId)
  let rest: Uint8Array[] = []
  let restLength = 0
  for await (const chunk of bytes) {
    let from = 0
    for (let end = chunk.indexOf(lineEnd); end >= 0; end = chunk.indexOf(lineEnd, from)) {
      const piece = chunk.subarray(from, end)
      yield decode(rest.length === 0 ? piece : Buffer.concat([...rest, piece]))
      rest = []
      restLength = 0
      from = end + 1
    }
    if (from < chunk.length) {
      // Copied, for whoever gave the chunk may fill it anew.
      rest.push(chunk.slice(from))
      restLength += chunk.length - from
    }
    if (restLength > lineBytesMax) throw new ReportError('The listing report has a line without an end')
  }
  if (rest.length > 0) yield decode(Buffer.concat(rest))
}

// Neither answer nor file says which letters are used. Text in an old set is all but never valid UTF-8, so each line is
// tried as that first.
function decoderFor(siteId: string): (line: Uint8Array) => string {
  const utf8 = new TextDecoder('utf-8', { fatal: true })
  const old = new TextDecoder(siteOf(siteId).languageTag === 'ja_JP' ? 'shift_jis' : 'windows-1252')
  return (line) => {
    try {
      return utf8.decode(line).replace(/\r$/, '')
    } catch {
      return old.decode(line).replace(/\r$/, '')
    }
  }
}

function columnsOf(line: string): Map<string, number> {
  const names = line.split('\t').map((name) => name.trim().toLowerCase())
  const columns = new Map(names.map((name, index) => [name, index]))
  const missing = ['seller-sku', 'price', 'quantity'].filter((name) => !columns.has(name))
  if (missing.length === 0) return columns
  throw new ReportError(`The listing report has no column ${missing.join(', ')}. It begins: ${line.slice(0, 200)}`)
}

function readLine(line: string, columns: Map<string, number>, siteId: string, into: ReportLines): void {
  const cells = line.split('\t')
  const cell = (name: string) => cells[columns.get(name) ?? -1]?.trim() ?? ''
  // A line that was broken in two says nothing reliable about either half.
  const sku = cells.length >= columns.size - 1 ? (cells[columns.get('seller-sku') ?? -1] ?? '') : ''
  if (sku.trim() === '') {
    const reason = 'A line of the listing report has too few columns or no SKU'
    into.unreadable.push({ reference: null, reason, raw: line.slice(0, 2000) })
    return
  }
  const channel = asText(cell('fulfillment-channel'))
  const amazons = isAmazons(channel) ? channel : null
  const quantity = amazons === null ? (asCount(cell('quantity')) ?? null) : null
  const asin = cell('asin1')
  const listing: ChannelListing = {
    marketplaceListingId: sku,
    marketplaceVariantId: amazons,
    channelSku: sku,
    title: cell('item-name'),
    state: listingStateOfReport(cell('status'), quantity),
    marketplaceState: cell('status'),
    quantity,
    price: priceOf(cell('price'), siteId),
    imageUrl: asText(cell('image-url')),
    url: asin === '' ? null : productPage(siteId, asin),
    barcode: barcodeOf(cell('product-id-type'), cell('product-id')),
    condition: conditions[cell('item-condition')] ?? null,
    zeroIsFinal: false,
    takesQuantity: true,
  }
  into.lines.push({ listing, asin })
}

function priceOf(text: string, siteId: string): ChannelListing['price'] {
  // Some sites write the decimal comma.
  const plain = /^\d+,\d{1,2}$/.test(text) ? text.replace(',', '.') : text
  return parseMoney(plain, siteOf(siteId).currency) ?? null
}

/** 1 is Amazon's own number, 2 ISBN, 3 UPC, 4 EAN. */
function barcodeOf(type: string, id: string): string | null {
  return ['2', '3', '4'].includes(type) && /^[0-9X]{8,14}$/i.test(id) ? id : null
}

const conditions: Record<string, string> = {
  '1': 'Used like new',
  '2': 'Used very good',
  '3': 'Used good',
  '4': 'Used acceptable',
  '5': 'Collectible like new',
  '6': 'Collectible very good',
  '7': 'Collectible good',
  '8': 'Collectible acceptable',
  '9': 'Used',
  '10': 'Refurbished',
  '11': 'New',
}
