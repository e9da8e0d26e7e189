// What can happen to an order, as its log keeps it: a kind and plain data, no sentences and no buyer data. Stories are
// told from it (story.ts), so an entry once written is never changed.
import type { Money } from '../money.ts'
import type { OfferRefusal } from '../purchasing/ask-offers.ts'
import type { OtherReason } from '../purchasing/routing.ts'
import type { ChannelOrderStatus, HoldReason } from './order.ts'

export type OrderEvent =
  | {
      kind: 'imported'
      data: { lines: number; units: number; leftOut: string[]; because: string; marketplaceStatus: string }
    }
  | {
      kind: 'shipping-service-chosen'
      data: { theirs: string | null; ours: string; because: 'mapping' | 'default' | 'person' }
    }
  | { kind: 'paid'; data: { marketplaceStatus: string } }
  | { kind: 'hold-lifted'; data: { marketplaceStatus: string } }
  | { kind: 'held'; data: { marketplaceStatus: string; status: ChannelOrderStatus; atSupplier: boolean } }
  | { kind: 'called-off'; data: { marketplaceStatus: string; status: 'cancelled' | 'refunded'; alreadyLeft: boolean } }
  | { kind: 'shipped-elsewhere'; data: { marketplaceStatus: string; atSupplier: boolean } }
  | { kind: 'shipped'; data: { marketplaceStatus: string } }
  | { kind: 'reopened'; data: { marketplaceStatus: string } }
  | { kind: 'unknown-status'; data: { marketplaceStatus: string } }
  | { kind: 'address-changed'; data: { atSupplier: boolean } }
  | { kind: 'lines-changed'; data: { marketplaceStatus: string; lines?: ChangedLine[] } }
  | { kind: 'units-cancelled'; data: { by: CutBy; reason: string | null; lines: CutLine[] } }
  | { kind: 'units-taken-back'; data: { by: CutBy; reason: string | null; lines: CutLine[] } }
  | { kind: 'taken-up-again'; data: { lines: CutLine[] } }
  | { kind: 'cancel-asked'; data: { reason: string; tells: boolean } }
  | { kind: 'cancel-taken'; data: { readBack: boolean } }
  | { kind: 'cancel-delayed'; data: { reason: string | null } }
  | { kind: 'cancel-unclear'; data: { reason: string | null } }
  | { kind: 'cancel-rejected'; data: { reason: string } }
  | { kind: 'entered'; data: { lines: number; units: number } }
  | { kind: 'buyer-data-forgotten'; data: { days: number } }
  | { kind: 'stock-reserved'; data: { lines: ReservedLine[]; because: HoldReason | null } }
  | { kind: 'stock-awaited'; data: { lines: AwaitedLine[] } }
  | { kind: 'stock-released'; data: { lines: PlacedLine[] } }
  | {
      kind: 'purchase-order-sent'
      data: {
        number: string
        supplier: string
        /** Of the goods. */
        costMinor: number
        shippingMinor?: number
        vatMinor?: number
        currency: string
        lines: RoutedLine[]
        /** The choice for lines that travel together. */
        whole?: ToldChoice
        /** How it goes to the supplier, or what it waits for; left out: to his screen. */
        goes?: 'screen' | 'email' | 'sftp' | 'webhook' | 'prepaid' | 'credit-limit'
      }
    }
  | { kind: 'purchase-order-accepted'; data: { number: string; supplier: string } }
  | { kind: 'rerouted'; data: { lines: MovedLine[] } }
  | { kind: 'purchase-order-released'; data: { number: string; supplier: string; because: 'paid' | 'credit' } }
  | {
      kind: 'credited'
      data: { number: string; supplier: string; creditNote: string; totalMinor: number; currency: string }
    }
  | { kind: 'purchase-order-cancelled'; data: { number: string; supplier: string } }
  | {
      kind: 'purchase-order-arrived'
      data: SentRevision & { way: 'screen' | 'email' | 'sftp' | 'webhook'; said: 'taken' | 'read-back' | 'person' }
    }
  | { kind: 'purchase-order-delayed'; data: SentRevision & { reason: string | null } }
  | { kind: 'purchase-order-refused'; data: SentRevision & { reason: string } }
  | { kind: 'purchase-order-unclear'; data: SentRevision & { reason: string | null; asksPerson: boolean } }
  | { kind: 'purchase-order-not-there'; data: SentRevision }
  | { kind: 'purchase-order-sent-again'; data: SentRevision }
  | { kind: 'purchase-order-changed'; data: { number: string; supplier: string; lines: CutLine[] } }
  | {
      kind: 'dispatched'
      data: {
        number: string | null
        carrier: string
        trackingNumber: string
        packageNumber: number
        units: number
        confirms: boolean
      }
    }
  | {
      kind: 'confirmation-sent'
      data: { packageNumber: number; trackingNumber: string; reference: string | null; readBack: boolean }
    }
  | { kind: 'confirmation-delayed'; data: { packageNumber: number; reason: string | null } }
  | { kind: 'confirmation-unclear'; data: { packageNumber: number; reason: string | null } }
  | { kind: 'confirmation-not-found'; data: { packageNumber: number } }
  | { kind: 'confirmation-rejected'; data: { packageNumber: number; reason: string } }
  | { kind: 'mapping-applied'; data: { lines: AppliedLine[]; stillUnmapped: number } }
  | { kind: 'pinned'; data: { pinned: boolean } }

/** Who wants fewer units. */
export type CutBy = 'seller' | 'marketplace' | 'supplier'
export type CutLine = { sku: string; quantity: number }
/** Units the marketplace shows of a line: here, and there. */
export type ChangedLine = { sku: string; ours: number; theirs: number }
export type MovedLine = { sku: string; quantity: number; from: string | null; to: string }
export type AppliedLine = { channelSku: string; quantity: number; components: { sku: string; quantity: number }[] }
export type SentRevision = { number: string; revision: number; supplier: string }
export type PlacedLine = { sku: string; quantity: number; supplier: string }
/** With who could not send it, where that is why it is only reserved. */
export type ReservedLine = PlacedLine & { refused?: Refused[] }
export type Refused = { supplier: string; because: OfferRefusal; available: number | null }
export type AwaitedLine = { sku: string; quantity: number; because: HoldReason; refused: Refused[] }
export type RoutedLine = {
  sku: string
  quantity: number
  costMinor: number
  because: ToldChoice['because'] | 'together' | 'reserved-before' | 'by-hand'
  landed?: Money | null
  others?: ToldOther[]
  refused: Refused[]
  /** No supplier had all lines of the order. */
  split?: boolean
}
export type ToldChoice = {
  because: 'only-one' | 'preferred' | 'cheaper' | 'comparable' | 'equal'
  /** What the choice was between: with shipping, and with VAT where it does not come back. */
  landed: Money | null
  others: ToldOther[]
  refused: Refused[]
}
export type ToldOther = { supplier: string; because: OtherReason; landed: Money | null }
