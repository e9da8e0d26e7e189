// Changes some fields of a listing and leaves the others: only what is sent changes.
import type { Call, ListingRef, Reply } from '../connector.ts'
import type { ReverbAccount } from './account.ts'
import { errorsIn, messageIn } from './errors.ts'
import { asObject, pathPart } from '../reading.ts'

export async function changeListing(
  call: Call<ReverbAccount>,
  ref: ListingRef,
  changes: Record<string, unknown>,
): Promise<Reply> {
  const url = `/listings/${pathPart(ref.marketplaceListingId)}`
  const response = await call.send({ method: 'PUT', url, body: changes })
  const body = asObject(response.json)
  if (!body) return { kind: 'unclear', reason: 'Reverb did not say what became of the change' }
  // A success may carry errors: the object was found, the change was not made.
  if (errorsIn(body).length > 0) return { kind: 'rejected', reason: messageIn(response) ?? 'Reverb found errors' }
  return { kind: 'done', reference: ref.marketplaceListingId }
}
