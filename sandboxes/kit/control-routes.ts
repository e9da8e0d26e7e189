// The control surface over HTTP, below /__sandbox: for other processes, and for the forms of the console page.
import { z } from 'zod'
import { faultCatalogue, isFaultName, parseFaultRates } from './faults.ts'
import { decodePart, splitUrl } from './routes.ts'
import type { GivenListing, GivenOrder, OurAddress, Refused, SandboxControl } from './control.ts'
import type { SandboxRequest, SandboxResponse } from './sandbox.ts'

export type Reply =
  | { status: number; body: unknown }
  | { status: number; page: string }
  | { status: number; file: string | Buffer; type: string }
  | { redirect: string }

export type ControlCall = {
  /** What the groups of the path's pattern caught, decoded. */
  params: string[]
  query: URLSearchParams
  /** JSON as sent, or the fields of a form. */
  body: unknown
  request: SandboxRequest
}

export type ControlRoute = { method: 'GET' | 'POST'; path: RegExp; handle(call: ControlCall): Reply }

const prefix = '/__sandbox'

/** `own` is asked first, so a sandbox can say more than the common words do. Undefined: not below /__sandbox. */
export function answerControl(
  control: SandboxControl,
  own: readonly ControlRoute[],
  request: SandboxRequest,
): SandboxResponse | undefined {
  const { path: whole, query } = splitUrl(request.url)
  if (whole !== prefix && !whole.startsWith(`${prefix}/`)) return undefined
  const path = whole.slice(prefix.length) || '/'
  const isForm = (request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded')
  const body = isForm ? Object.fromEntries(new URLSearchParams(request.body)) : readJson(request.body)
  for (const route of [...own, ...commonRoutes(control)]) {
    const match = route.method === request.method ? route.path.exec(path) : null
    if (!match) continue
    const params = match.slice(1).map((part) => decodePart(part ?? ''))
    const reply = route.handle({ params, query, body, request })
    const isBack = isForm && 'body' in reply && reply.status < 300
    return write(isBack ? { redirect: `${prefix}/` } : reply)
  }
  return write(refused(404, `There is no ${request.method} ${prefix}${path}.`))
}

export function get(path: RegExp, handle: ControlRoute['handle']): ControlRoute {
  return { method: 'GET', path, handle }
}

export function post<Sent>(
  path: RegExp,
  schema: z.ZodType<Sent>,
  handle: (sent: Sent, call: ControlCall) => Reply,
): ControlRoute {
  return {
    method: 'POST',
    path,
    handle(call) {
      const sent = schema.safeParse(call.body)
      return sent.success ? handle(sent.data, call) : refused(400, z.prettifyError(sent.error))
    },
  }
}

export function ok(body: unknown): Reply {
  return { status: 200, body }
}

export function refused(status: number, message: string): Reply {
  return { status, body: { message } }
}

export function settled(result: Refused): Reply {
  return result ? refused(409, result.refusal) : ok({ done: true })
}

/** GET shows how a sandbox decides open questions, POST changes what is named. Forms send text, so schemas coerce. */
export function choicesRoutes<Choices extends object>(
  choices: Choices,
  schema: z.ZodType<{ [Name in keyof Choices]?: Choices[Name] | undefined }>,
): ControlRoute[] {
  return [
    get(/^\/choices$/, () => ok(choices)),
    post(/^\/choices$/, schema, (sent) => {
      const named = Object.entries(sent).filter(([, value]) => value !== undefined)
      return ok(Object.assign(choices, Object.fromEntries(named)))
    }),
  ]
}

/** Prices come as text such as "12.50", or as numbers. */
export const givenPrice = z
  .union([z.string(), z.number()])
  .transform(String)
  .pipe(z.string().regex(/^\d{1,9}(\.\d{1,4})?$/))

const givenListing = z.object({
  sku: z.string().min(1),
  title: z.string().min(1),
  price: givenPrice,
  inventory: z.coerce.number().int().nonnegative(),
  state: z.enum(['live', 'draft', 'ended']).optional(),
  barcode: z.string().optional(),
})

const givenOrder = z.object({
  lines: z
    .array(
      z.object({
        sku: z.string(),
        quantity: z.number().int().positive(),
        unitPrice: givenPrice.optional(),
      }),
    )
    .min(1),
  reference: z.string().optional(),
  status: z.enum(['paid', 'unpaid']).optional(),
  buyerNumber: z.number().int().nonnegative().optional(),
  countryCode: z.string().optional(),
  shippingService: z.string().optional(),
  force: z.boolean().optional(),
})

const armed = z.object({
  name: z.string(),
  operation: z.string().optional(),
  times: z.coerce.number().int().positive().optional(),
})

const ourAddress = z.strictObject({
  redirectUri: z.url(),
  loginUri: z.url().optional(),
  webhookUrl: z.url().optional(),
})

const limit = z.object({ perSecond: z.coerce.number().positive(), burst: z.coerce.number().min(1) })
/** `{}` is the marketplace's plan again. */
const limitOrPlan = z.union([
  limit,
  z
    .object({})
    .strict()
    .transform(() => undefined),
])

export function commonRoutes(control: SandboxControl): ControlRoute[] {
  return [
    get(/^\/truth$/, () => ok(control.truth())),
    get(/^\/truth\/hash$/, () => ok({ hash: control.truthHash() })),
    get(/^\/truth\/listings$/, () => ok(control.truth().listings)),
    get(/^\/truth\/orders$/, () => ok(control.truth().orders)),
    get(/^\/truth\/confirmations$/, () => ok(control.truth().confirmations)),
    get(/^\/meter$/, () => ok(control.meter())),
    get(/^\/requests$/, () => ok(control.requests())),
    post(/^\/listings$/, listOrOne(givenListing), (sent) =>
      // The schema leaves no field that is there and undefined, which its type cannot say.
      ok(control.addListings(sent as GivenListing[])),
    ),
    post(/^\/orders$/, listOrOne(givenOrder), (sent) => ok(control.placeOrders(sent as GivenOrder[]))),
    post(/^\/orders\/([^/]+)\/pay$/, z.unknown(), (_, { params }) => settled(control.payOrder(params[0] ?? ''))),
    post(/^\/orders\/([^/]+)\/cancel$/, z.unknown(), (_, { params }) => settled(control.cancelOrder(params[0] ?? ''))),
    post(/^\/buy$/, z.unknown(), () => ok({ orders: control.buyNow() })),
    post(/^\/buyers$/, z.object({ ordersPerMinute: z.coerce.number().min(0).max(6000) }), ({ ordersPerMinute }) => {
      control.setOrdersPerMinute(ordersPerMinute)
      return ok({ ordersPerMinute })
    }),
    post(/^\/tokens\/revoke$/, z.unknown(), () => {
      control.revokeAccount()
      return ok({ done: true })
    }),
    post(/^\/tokens\/restore$/, z.unknown(), () => {
      control.restoreAccount()
      return ok({ done: true })
    }),
    post(/^\/limit$/, limitOrPlan, (sent) => {
      control.setLimit(sent)
      return ok(sent ?? {})
    }),
    post(/^\/our-address$/, ourAddress, (sent) => {
      control.setOurAddress(sent as OurAddress)
      return ok(sent)
    }),
    post(/^\/no-delays$/, z.unknown(), () => {
      control.noDelays()
      return ok({ done: true })
    }),
    ...faultRoutes(control),
  ]
}

function faultRoutes(control: SandboxControl): ControlRoute[] {
  return [
    get(/^\/faults$/, () => ok(control.faults())),
    post(/^\/faults$/, z.unknown(), (sent) => {
      const rates = parseFaultRates(sent)
      if ('refusal' in rates) return refused(400, rates.refusal)
      control.setFaults(rates)
      return ok(control.faults())
    }),
    post(/^\/faults\/toggle$/, z.object({ name: z.string() }), ({ name }) => {
      if (!isFaultName(name)) return refused(400, `There is no fault named "${name}".`)
      const { [name]: current, ...others } = control.faults().rates
      control.setFaults(current ? others : { ...others, [name]: faultCatalogue[name].rate })
      return ok(control.faults())
    }),
    post(/^\/faults\/arm$/, armed, ({ name, operation, times }) => {
      if (!isFaultName(name)) return refused(400, `There is no fault named "${name}".`)
      control.armFault(name, { ...(operation ? { operation } : {}), ...(times ? { times } : {}) })
      return ok({ armed: name })
    }),
  ]
}

/** One, or a list of thousands. */
export function listOrOne<Item>(schema: z.ZodType<Item>): z.ZodType<Item[]> {
  return z.union([z.array(schema), schema.transform((one) => [one])])
}

function write(reply: Reply): SandboxResponse {
  if ('redirect' in reply) return { status: 303, headers: { location: reply.redirect }, body: '' }
  if ('page' in reply) {
    return { status: reply.status, headers: { 'content-type': 'text/html; charset=utf-8' }, body: reply.page }
  }
  if ('file' in reply) {
    const headers = { 'content-type': reply.type, 'cross-origin-resource-policy': 'cross-origin' }
    return { status: reply.status, headers, body: reply.file }
  }
  const headers = { 'content-type': 'application/json; charset=utf-8' }
  return { status: reply.status, headers, body: JSON.stringify(reply.body) }
}

function readJson(text: string): unknown {
  if (text.trim() === '') return undefined
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
