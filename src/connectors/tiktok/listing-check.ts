// TikTok Shop's own look at a product before it is sent: whether the shop may list at all, then the product itself.
import { once, RefusedError } from '../connector.ts'
import type { ListingDraft, ListingFault } from '../connector.ts'
import { asArray, asCount, asObject, asText } from '../reading.ts'
import type { TikTokCall } from './account.ts'
import { ask } from './ask.ts'
import { plainMessage } from './errors.ts'
import { faultsOf } from './limits.ts'
import { prepare } from './listing-publish.ts'
import { toProduct } from './product-draft.ts'
import { explainCode, explainRefusal } from './refusal-words.ts'

/** The check wants the pictures uploaded, as the product itself does. */
export async function checkBeforehand(call: TikTokCall, draft: ListingDraft): Promise<ListingFault[]> {
  const known = faultsOf(draft, call.site)
  if (known.length > 0) return known
  try {
    const ofShop = await once(call, 'prerequisites', () => shopFaults(call))
    const body = toProduct(draft, await prepare(call, draft))
    const data = await ask(call, 'products.listingCheck', { body })
    if (asText(data['check_result']) !== 'FAILED') return ofShop
    const reasons = (asArray(data['fail_reasons']) ?? []).map((entry) => asObject(entry) ?? {})
    const faults = reasons.map((one) => explainCode(asCount(one['code']) ?? 0, plainMessage(asText(one['message']))))
    return [...ofShop, ...(faults.length > 0 ? faults : explainRefusal('The listing check failed without a reason'))]
  } catch (error) {
    if (error instanceof RefusedError && error.refusal.kind === 'rejected') return explainRefusal(error.refusal.reason)
    throw error
  }
}

async function shopFaults(call: TikTokCall): Promise<ListingFault[]> {
  const data = await ask(call, 'products.prerequisites')
  const results = (asArray(data['check_results']) ?? []).map((entry) => asObject(entry) ?? {})
  return results.flatMap((result): ListingFault[] => {
    if (result['is_failed'] !== true) return []
    const item = asText(result['check_item']) ?? ''
    const theirs = (asArray(result['fail_reasons']) ?? []).flatMap((text) => asText(text) ?? []).join(' ')
    const message =
      messages[item.toUpperCase()] ?? 'The shop may not list yet: see what is missing in the Seller Center.'
    return [{ field: null, message, theirs: theirs === '' ? item : theirs }]
  })
}

const messages: Record<string, string> = {
  SHOP_STATUS: 'The shop is not active: finish its set-up in the Seller Center.',
  SHOP_TAX: 'The shop’s tax details are missing: add them in the Seller Center.',
  PICKUP_WAREHOUSE: 'The shop has no warehouse to send from: add one in the Seller Center.',
  RETURN_WAREHOUSE: 'The shop has no address for returns: add one in the Seller Center.',
  DELIVERY_OPTION: 'The shop has no delivery option: choose one in the Seller Center.',
  SHIPPING_TEMPLATE: 'The shop has no shipping template: add one in the Seller Center.',
  PRODUCT_QUANTITY_LIMIT: 'The shop has as many products as it may: remove some, or list again tomorrow.',
  EXTENDED_PRODUCER_RESPONSIBILITY: 'The producer registration (EPR) is missing: add it in the Seller Center.',
  BANK_ACCOUNT: 'The shop has no bank account: add one in the Seller Center.',
  CONTACT_INFO: 'The shop’s contact details are missing: add them in the Seller Center.',
}
