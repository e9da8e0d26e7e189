// Orders as a marketplace would send them, the same ones each time: two lines of two listings, most of them paid.
import type { ChannelOrder } from '../../src/domain/orders/channel-order.ts'

const gbp = (minor: number) => ({ minor, currency: 'GBP' })
const firstPlacedAt = Date.UTC(2026, 0, 1)

export function orderOf(at: number, variants: number, status: ChannelOrder['status'] = 'to-ship'): ChannelOrder {
  const placedAt = new Date(firstPlacedAt + at * 60_000)
  const name = `Buyer ${String(at).padStart(6, '0')}`
  // Steps that share no divisor with a round number walk over the whole catalogue.
  const lines = [at * 7919, at * 104_729 + 1].map((step, index) => lineOf(at, index, 1 + (step % variants)))
  const items = lines.reduce((total, line) => total + line.unitPriceIncVat.minor * line.quantity, 0)
  const order: Omit<ChannelOrder, 'raw'> = {
    marketplaceOrderId: `B${String(at).padStart(8, '0')}`,
    bundleId: null,
    status,
    marketplaceStatus: status === 'to-ship' ? 'paid' : status,
    placedAt,
    updatedAt: placedAt,
    paidAt: status === 'awaiting-payment' ? null : placedAt,
    shipBy: null,
    currency: 'GBP',
    totals: { itemsIncVat: gbp(items), shippingIncVat: gbp(499), tax: gbp(0), grandTotal: gbp(items + 499) },
    shippingService: 'Standard',
    buyer: { name, email: `buyer-${at}@example.com`, phone: '020 7946 0000' },
    shipTo: {
      name,
      street: `${1 + (at % 200)} Example Road`,
      extended: '',
      city: 'Leeds',
      region: 'West Yorkshire',
      postalCode: 'LS1 1AA',
      countryCode: 'GB',
      phone: '020 7946 0000',
    },
    localPickup: false,
    lines,
    shipments: [],
  }
  return {
    ...order,
    raw: {
      ...order,
      links: Array.from({ length: 8 }, (_, link) => ({ href: `https://api.example.com/orders/${at}/${link}` })),
    },
  }
}

function lineOf(at: number, index: number, listing: number): ChannelOrder['lines'][number] {
  return {
    marketplaceLineId: `${at}-${index}`,
    marketplaceListingId: `L${listing}`,
    marketplaceVariantId: null,
    channelSku: `SKU-${listing}`,
    title: `Product ${listing} of a catalogue`,
    quantity: 1 + ((at + index) % 2),
    unitPriceIncVat: gbp(1999),
  }
}
