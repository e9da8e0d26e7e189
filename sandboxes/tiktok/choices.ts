// How this sandbox decides where the vendor's pages leave a question open, and which pains it shows.
import { z } from 'zod'

export const choicesDefault = {
  /** How long an exchanged refresh token still gives the same new pair again; 0: reuse is refused. */
  refreshGraceSeconds: 0,
  accessTokenSeconds: 7 * 24 * 3600,
  refreshTokenSeconds: 365 * 24 * 3600,
  /** HTTP status of refused token calls. */
  tokenErrorStatus: 200,
  /** 401 and 403 for refused credentials, or 200 with the code in the body alone. */
  authStatus: 'http' as 'http' | 'ok',
  /** Business refusals: 200 with a code, or 400. */
  businessStatus: 200,
  /** What a token answers once the seller took back his consent. */
  revokedCode: 36_009_004,
  /** Lenient: a missing cipher means the first shop, an unwanted one is ignored. */
  shopCipher: 'strict' as 'strict' | 'lenient',
  /** On 429. */
  retryAfter: 'seconds' as 'seconds' | 'date' | 'zero' | 'absent' | 'mixed',
  /** Messages quote names with ' and end with a link, as seen live, or read as in the reference. */
  messages: 'live' as 'live' | 'reference',
  /** Unknown parameters on the way back from the consent page. */
  extraCallbackParameters: true,
  /** The vendor's page shows a refusal without the state. */
  refusalCarriesState: true,
  /** Whose orders wait an hour in ON_HOLD after payment. */
  onHold: 'buyers' as 'buyers' | 'always' | 'never',
  /** 'packages': parcels exist from payment on and are shipped by their id, as in South-East Asia. */
  dispatch: 'own-carrier' as 'own-carrier' | 'packages',
  /** What is asked of a tracking number. */
  trackingCheck: 'characters' as 'none' | 'characters' | 'carrier',
  /** A tracking number of another buyer's parcel. */
  reusedTracking: 'refused' as 'refused' | 'accepted',
  zeroStock: 'accepted' as 'accepted' | 'refused',
  /** More than 10,000 hits: refused at once, refused beyond the 10,000th, or all given. */
  searchCap: 'refused' as 'refused' | 'pages' | 'none',
  /** The reference spells the status of a withdrawn cancellation both ways. */
  cancelWord: 'CANCELLED' as 'CANCELLED' | 'CANCEL',
  categoryVersion: 'v1' as 'v1' | 'v2',
  reviewSeconds: 600,
  /** Share of submissions that fail review. */
  reviewFails: 0,
  /** Some notifications carry product ids as JSON numbers beyond 2^53. */
  numericProductIds: true,
  /** Strict: only https, a domain name and no port, as the vendor asks. */
  webhookAddresses: 'any' as 'any' | 'strict',
  /** Shares of notifications that are lost, come twice, come late and out of order, or are joined by a forged one. */
  webhookDrop: 0,
  webhookDouble: 0,
  webhookReorder: 0,
  webhookForge: 0,
  /** Notifications of changed addresses come without an id, as in one vendor sample. */
  webhookWithoutId: true,
}

export type Choices = typeof choicesDefault

const share = z.coerce.number().min(0).max(1)
const seconds = z.coerce.number().int().nonnegative()
const onOff = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')])

export const choicesSchema = z.strictObject({
  refreshGraceSeconds: seconds.optional(),
  accessTokenSeconds: seconds.optional(),
  refreshTokenSeconds: seconds.optional(),
  tokenErrorStatus: z.coerce.number().int().min(200).max(499).optional(),
  authStatus: z.enum(['http', 'ok']).optional(),
  businessStatus: z.coerce.number().int().min(200).max(499).optional(),
  revokedCode: z.coerce.number().int().optional(),
  shopCipher: z.enum(['strict', 'lenient']).optional(),
  retryAfter: z.enum(['seconds', 'date', 'zero', 'absent', 'mixed']).optional(),
  messages: z.enum(['live', 'reference']).optional(),
  extraCallbackParameters: onOff.optional(),
  refusalCarriesState: onOff.optional(),
  onHold: z.enum(['buyers', 'always', 'never']).optional(),
  dispatch: z.enum(['own-carrier', 'packages']).optional(),
  trackingCheck: z.enum(['none', 'characters', 'carrier']).optional(),
  reusedTracking: z.enum(['refused', 'accepted']).optional(),
  zeroStock: z.enum(['accepted', 'refused']).optional(),
  searchCap: z.enum(['refused', 'pages', 'none']).optional(),
  cancelWord: z.enum(['CANCELLED', 'CANCEL']).optional(),
  categoryVersion: z.enum(['v1', 'v2']).optional(),
  reviewSeconds: seconds.optional(),
  reviewFails: share.optional(),
  numericProductIds: onOff.optional(),
  webhookAddresses: z.enum(['any', 'strict']).optional(),
  webhookDrop: share.optional(),
  webhookDouble: share.optional(),
  webhookReorder: share.optional(),
  webhookForge: share.optional(),
  webhookWithoutId: onOff.optional(),
})
