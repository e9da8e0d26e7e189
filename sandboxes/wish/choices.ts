// How this sandbox decides where nothing is published. Each choice can be changed while it runs.
import { z } from 'zod'

const choiceSchema = z.object({
  /** How `Wish-Rate-Limit-Reset` says when. */
  resetStyle: z.enum(['epoch', 'iso', 'seconds', 'absent']),
  /** `code` of an error as a number (seen live) or as text (examples of the spec). */
  codeType: z.enum(['integer', 'string', 'mixed']),
  /** Status of an expired or revoked token on ordinary calls. The `test` call always answers 400. */
  tokenStatus: z.union([z.literal(401), z.literal(400)]),
  rotateRefreshToken: z.boolean(),
  /** Whether the refresh token used last works on until its successor was used, or ends at once. */
  oldRefreshToken: z.enum(['until-new-is-used', 'ends']),
  /** What happens to warehouses that an update's `inventories` does not name. */
  inventories: z.enum(['merge', 'replace']),
  /** What the seller's browser does after Refuse: back with `error=access_denied`, or nowhere. */
  refusal: z.enum(['redirect', 'stay']),
  /** Whether a `state` given to the authorise page comes back. Only `client_id` is documented. */
  returnsState: z.boolean(),
  /** Whether the seller may untick single scopes. */
  partialConsent: z.boolean(),
  /** A call that ships, refunds or moves an order while another one is in progress. */
  whileProcessing: z.enum(['refuse', 'accept']),
  /** Share of accepted tracking, refund and address calls that fail later. */
  processingFails: z.number().min(0).max(1),
  processingSeconds: z.number().min(0),
  reviewSeconds: z.number().min(0),
  jobSeconds: z.number().min(0),
  bulkFileProducts: z.number().int().min(1),
  /** The most products one bulk update takes. */
  bulkUpdateMax: z.number().int().min(1),
  /** Days from release to the automatic refund. */
  shipDays: z.number().min(0),
  webhookBody: z.enum(['object', 'id', 'empty']),
  /** Whether a hub's app, too, may make webhooks by calls. */
  hubWebhookCalls: z.boolean(),
  accessTokenDays: z.number().positive(),
  codeMinutes: z.number().positive(),
})

export type Choices = z.infer<typeof choiceSchema>

export const choicesDefault: Choices = {
  resetStyle: 'epoch',
  codeType: 'integer',
  tokenStatus: 401,
  rotateRefreshToken: true,
  oldRefreshToken: 'until-new-is-used',
  inventories: 'merge',
  refusal: 'redirect',
  returnsState: false,
  partialConsent: false,
  whileProcessing: 'refuse',
  processingFails: 0,
  processingSeconds: 20,
  reviewSeconds: 300,
  jobSeconds: 15,
  bulkFileProducts: 10_000,
  bulkUpdateMax: 100_000,
  shipDays: 5,
  webhookBody: 'object',
  hubWebhookCalls: false,
  accessTokenDays: 30,
  codeMinutes: 5,
}

/** Some of the choices, as another process or a form sends them; a form sends only text. */
export const someChoices = z.preprocess((sent) => {
  if (typeof sent !== 'object' || sent === null) return sent
  return Object.fromEntries(Object.entries(sent).map(([name, value]) => [name, fromText(value)]))
}, choiceSchema.partial().strict())

function fromText(value: unknown): unknown {
  if (value === 'true' || value === 'false') return value === 'true'
  return typeof value === 'string' && value !== '' && !Number.isNaN(Number(value)) ? Number(value) : value
}

/** For the console page: what can be chosen instead. */
export function optionsOf(name: keyof Choices): string[] | undefined {
  const options = choiceOptions(choiceSchema.shape[name])
  return options?.map(String)
}

function choiceOptions(schema: z.ZodType): unknown[] | undefined {
  if (schema instanceof z.ZodEnum) return schema.options
  if (schema instanceof z.ZodBoolean) return [true, false]
  return schema instanceof z.ZodUnion ? [401, 400] : undefined
}
