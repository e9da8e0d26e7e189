// Our draft → their listing, published at once or changed. Publishing is not safe to repeat: whoever repeats it looks for
// the SKU first.
import { fitDescription } from '../../domain/listings/description.ts'
import { textOfFaults } from '../../domain/listings/draft-faults.ts'
import { moneyText } from '../../domain/money.ts'
import type { Call, ListingDraft, ListingRef, Reply } from '../connector.ts'
import type { ReverbAccount } from './account.ts'
import { textAttributes } from './attributes.ts'
import { brandNew, takesQuantity } from './conditions.ts'
import { errorsIn, messageIn, replyOf } from './errors.ts'
import { faultsOf, limits, singleOf, uuidsIn } from './limits.ts'
import { changeListing } from './listing-change.ts'
import { listingIdOf } from './listings.ts'
import { shippingOf } from './shipping-rate.ts'
import { asObject, asText } from '../reading.ts'

export function publishListing(call: Call<ReverbAccount>, draft: ListingDraft): Promise<Reply> {
  return replyOf(async () => {
    const reason = textOfFaults(faultsOf(draft, call.site))
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

/** Words, pictures and what the draft names; stock and price stay with the pushes, and what it does not name as it was. */
export function updateListing(call: Call<ReverbAccount>, ref: ListingRef, draft: ListingDraft): Promise<Reply> {
  return replyOf(async () => {
    const {
      price: _price,
      has_inventory: _counted,
      inventory: _stock,
      publish: _publish,
      ...words
    } = toReverbListing(draft)
    const { condition, ...rest } = words
    return changeListing(call, ref, {
      ...rest,
      ...(asText(draft.attributes['condition']) === null ? {} : { condition }),
      // Without it a later list of photos is added to the first.
      ...('photos' in rest ? { photo_upload_method: 'override_position' } : {}),
    })
  })
}

export function toReverbListing(whole: ListingDraft) {
  const draft = singleOf(whole)
  const condition = asText(draft.attributes['condition']) ?? brandNew
  const categories = uuidsIn(draft.attributes['category'])
  const attributes = textAttributes.flatMap((name) => {
    const text = asText(draft.attributes[name])
    return text === null ? [] : [[name, text] as const]
  })
  return {
    title: draft.title,
    description: fitDescription(draft.description, limits().descriptionTags),
    sku: draft.channelSku,
    // Left out, Reverb reads make and model from the title.
    ...(draft.brand === null ? {} : { make: draft.brand }),
    ...(draft.model === null ? {} : { model: draft.model }),
    ...(draft.barcode === null ? { upc_does_not_apply: true } : { upc: draft.barcode }),
    condition: { uuid: condition },
    ...(categories.length === 0 ? {} : { categories: categories.map((uuid) => ({ uuid })) }),
    price: { amount: moneyText(draft.price), currency: draft.price.currency },
    has_inventory: takesQuantity(condition),
    ...(takesQuantity(condition) ? { inventory: draft.quantity } : {}),
    ...(draft.images.length === 0 ? {} : { photos: draft.images }),
    ...Object.fromEntries(attributes),
    ...shippingOf(draft),
    publish: true,
  }
}
