// Our draft → their listing, published at once. Not safe to repeat: whoever repeats it looks for the SKU first.
import { moneyText } from '../../domain/money.ts'
import type { Call, ListingDraft, Reply } from '../connector.ts'
import { listingCurrencies } from './account.ts'
import type { ReverbAccount } from './account.ts'
import { brandNew, takesQuantity } from './conditions.ts'
import { errorsIn, messageIn, replyOf } from './errors.ts'
import { listingIdOf } from './listings.ts'
import { asObject, asText } from '../reading.ts'

/** Attributes that go out under their own name. */
const textAttributes = ['finish', 'year', 'shipping_profile_id', 'storage_location', 'origin_country_code']
/** Category takes up to three UUIDs with commas between: the category and at most two below it. */
const knownAttributes = ['condition', 'category', ...textAttributes]
const categoriesMax = 3

export function publishListing(call: Call<ReverbAccount>, draft: ListingDraft): Promise<Reply> {
  return replyOf(async () => {
    const reason = whyNotPublished(draft)
    if (reason !== undefined) return { kind: 'rejected', reason }
    const response = await call.send({ method: 'POST', url: '/listings', body: toReverbListing(draft) })
    const body = asObject(response.json) ?? {}
    if (errorsIn(body).length > 0) return { kind: 'rejected', reason: messageIn(response) ?? 'Reverb found errors' }
    const reference = listingIdOf(asObject(body['listing']) ?? body)
    // 202: taken, photos are still being fetched. The listing is there already, so it is done like a 201 (R13).
    if (reference !== null) return { kind: 'done', reference }
    return { kind: 'unclear', reason: 'Reverb took the listing without saying its id' }
  })
}

export function toReverbListing(draft: ListingDraft) {
  const condition = asText(draft.attributes['condition']) ?? brandNew
  const categories = uuidsIn(draft.attributes['category'])
  const attributes = textAttributes.flatMap((name) => {
    const text = asText(draft.attributes[name])
    return text === null ? [] : [[name, text] as const]
  })
  return {
    title: draft.title,
    description: draft.description,
    sku: draft.channelSku,
    // Left out, Reverb reads make and model from the title.
    ...(draft.brand === null ? {} : { make: draft.brand }),
    ...(draft.model === null ? {} : { model: draft.model }),
    ...(draft.barcode === null ? { upc_does_not_apply: true } : { upc: draft.barcode }),
    condition: { uuid: condition },
    ...(categories.length === 0 ? {} : { categories: categories.map((uuid) => ({ uuid })) }),
    price: { amount: moneyText(draft.price), currency: draft.price.currency },
    ...(takesQuantity(condition) ? { has_inventory: true, inventory: draft.quantity } : { has_inventory: false }),
    ...(draft.images.length === 0 ? {} : { photos: draft.images }),
    ...Object.fromEntries(attributes),
    publish: true,
  }
}

// What would surely be refused, or worse: publishing with stock 0 ends what it begins.
function whyNotPublished(draft: ListingDraft): string | undefined {
  if (draft.channelSku.trim() === '') return 'A listing needs a SKU'
  if (draft.title.trim() === '') return 'A listing needs a title'
  if (!Number.isSafeInteger(draft.quantity) || draft.quantity < 1)
    return 'Nothing is in stock, and Reverb ends a listing that shows 0'
  if (draft.price.minor <= 0) return 'The price must be above 0'
  if (!listingCurrencies.includes(draft.price.currency)) return `Reverb takes no prices in ${draft.price.currency}`
  const condition = asText(draft.attributes['condition']) ?? brandNew
  if (!takesQuantity(condition) && draft.quantity > 1)
    return 'A used item is one of a kind at Reverb, so its quantity is 1'
  if (uuidsIn(draft.attributes['category']).length > categoriesMax)
    return `Reverb takes at most ${categoriesMax} categories`
  const unknown = Object.keys(draft.attributes).find((name) => !knownAttributes.includes(name))
  if (unknown !== undefined) return `Reverb has no attribute “${unknown}”. Known are: ${knownAttributes.join(', ')}`
  return undefined
}

function uuidsIn(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((uuid) => uuid.trim())
    .filter((uuid) => uuid !== '')
}
