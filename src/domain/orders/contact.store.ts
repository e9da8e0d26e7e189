// Buyer and address, sealed for their order: read by screens and purchase orders, never by logs, events or searches.
import type { Secrets } from '../../platform/secrets.ts'
import type { Address, ChannelOrder } from './channel-order.ts'

export type Contact = { buyer: ChannelOrder['buyer']; shipTo: Address | null }

export type ContactPlace = { tenantId: string; orderId: string }

export function sealContact(secrets: Secrets, place: ContactPlace, order: Contact): Buffer {
  return secrets.seal(contactText(order), placeOf(place, 'orders.contact'))
}

/** Null where it was deleted after the retention period. */
export function openContact(secrets: Secrets, place: ContactPlace, sealed: Buffer | null): Contact | null {
  if (sealed === null) return null
  return JSON.parse(secrets.open(sealed, placeOf(place, 'orders.contact'))) as Contact
}

export function contactDiffers(secrets: Secrets, place: ContactPlace, sealed: Buffer | null, order: Contact): boolean {
  if (sealed === null) return false
  return secrets.open(sealed, placeOf(place, 'orders.contact')) !== contactText(order)
}

export function sealBody(secrets: Secrets, place: ContactPlace, raw: unknown): Buffer {
  return secrets.seal(JSON.stringify(raw ?? null), placeOf(place, 'order_bodies.body'))
}

// Keys in one order, so that equal contacts read equal.
function contactText({ buyer, shipTo }: Contact): string {
  return JSON.stringify({
    buyer: buyer && { name: buyer.name, email: buyer.email, phone: buyer.phone },
    shipTo: shipTo && {
      name: shipTo.name,
      street: shipTo.street,
      extended: shipTo.extended,
      city: shipTo.city,
      region: shipTo.region,
      postalCode: shipTo.postalCode,
      countryCode: shipTo.countryCode,
      phone: shipTo.phone,
    },
  })
}

function placeOf({ tenantId, orderId }: ContactPlace, column: string) {
  return { tenantId, column, rowId: orderId }
}
