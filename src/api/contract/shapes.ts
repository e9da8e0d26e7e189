// Shapes that several parts of the contract share.
import { z } from 'zod'

export const id = z.uuid()
export const byId = z.object({ id })
export const money = z.object({ minor: z.int(), currency: z.string().length(3) })
export const time = z.iso.datetime()
export const maybeTime = time.nullable()
/** A count that stops being exact at 10,000. */
export const roughCount = z.object({ value: z.int(), more: z.boolean() })
export const cursorQuery = { cursor: z.string().optional(), limit: z.coerce.number().int().min(1).max(200).default(50) }
export const page = <Row extends z.ZodType>(row: Row) =>
  z.object({ rows: z.array(row), next: z.string().nullable(), count: roughCount })
export const nothing = z.object({})

/** Every refusal has this body. `fields` names the form fields that are wrong; `action` is the button that solves it. */
export const refusal = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    fields: z.record(z.string(), z.string()).optional(),
    action: z.object({ label: z.string(), href: z.string() }).optional(),
  }),
})

export const problem = z.object({
  id,
  kind: z.string(),
  /** What happened and whose it is, in a sentence. */
  text: z.string(),
  action: z.object({ label: z.string(), href: z.string() }).nullable(),
  listingId: id.nullable(),
  openedAt: time,
})

export type Route = {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  path: string
  summary: string
  params?: z.ZodObject
  query?: z.ZodObject
  body?: z.ZodType
  /** 'multipart' takes a file; 'csv' and 'file' give one; 'events' is a stream. Default: JSON. */
  kind?: 'multipart' | 'csv' | 'file' | 'events'
  response: z.ZodType
}
