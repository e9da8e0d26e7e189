// Reverb's words for refusing a listing → the part they are about and what to do. It names the field: "title: can't be
// blank"; the words after it follow one custom, so they are told apart by what they say.
import type { ListingFault } from '../connector.ts'

type Place = Pick<ListingFault, 'field' | 'attribute'>

export function explainRefusal(reason: string): ListingFault[] {
  return reason.split('; ').map(explainPiece)
}

function explainPiece(piece: string): ListingFault {
  const [, name = '', text = ''] = /(?:^|: )([a-z_.]+): (.+)$/s.exec(piece) ?? []
  const place = places[name.split('.')[0] ?? '']
  if (place) return { ...place, message: messageOf(text, name), theirs: piece }
  return { field: null, message: generalMessage(piece), theirs: piece }
}

const places: Record<string, Place> = {
  title: { field: 'title' },
  description: { field: 'description' },
  make: { field: 'brand' },
  model: { field: 'brand' },
  sku: { field: 'sku' },
  upc: { field: 'barcode' },
  upc_does_not_apply: { field: 'barcode' },
  categories: { field: 'category' },
  category: { field: 'category' },
  category_uuids: { field: 'category' },
  price: { field: 'price' },
  inventory: { field: 'quantity' },
  has_inventory: { field: 'quantity' },
  photos: { field: 'images' },
  condition: { field: 'attribute', attribute: 'condition' },
  shipping_profile_id: { field: 'attribute', attribute: 'shipping_profile_id' },
  shipping: { field: 'attribute', attribute: 'shipping_profile_id' },
  year: { field: 'attribute', attribute: 'year' },
  finish: { field: 'attribute', attribute: 'finish' },
  origin_country_code: { field: 'attribute', attribute: 'origin_country_code' },
  publish: { field: null },
}

function messageOf(text: string, name: string): string {
  if (name === 'publish') return 'Reverb cannot bring this listing back: list it anew.'
  if (/blank|missing|required/i.test(text)) return 'It is missing: fill it in.'
  if (/too long|maximum/i.test(text)) return 'It is too long: shorten it.'
  if (/too short|minimum/i.test(text)) return 'It is too short: say more.'
  if (/greater than/i.test(text)) return 'It is too small: it must be above 0.'
  if (/used item|must be 1/i.test(text)) return 'A used item is one of a kind at Reverb: its stock is 1.'
  if (/at most/i.test(text)) return 'There are too many: choose fewer.'
  if (/taken|already/i.test(text)) return 'Another listing has it already: change it.'
  if (/url/i.test(text)) return 'A picture cannot be fetched: it must be reachable from the web.'
  if (/invalid|valid value|not included|not a number|unknown/i.test(text))
    return 'Reverb does not take it as it is: choose again.'
  return 'Reverb refused it. Its own words say why: change that.'
}

function generalMessage(text: string): string {
  if (/verif/i.test(text)) return 'Reverb has not verified the shop yet: finish its set-up at Reverb.'
  if (/billing|payment method/i.test(text)) return 'The shop lacks its billing details: add them at Reverb.'
  if (/vacation/i.test(text)) return 'The shop is on vacation: end it at Reverb.'
  // A sentence of ours says itself what to do.
  if (/^(Reverb|The (listing|access token))\b/.test(text) || !/could not|error|fail/i.test(text)) return text
  return 'Reverb refused the listing. Its own words say why: change that.'
}
