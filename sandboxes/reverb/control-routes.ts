// What Reverb adds to the control surface over HTTP.
import { z } from 'zod'
import { get, givenPrice, listOrOne, ok, post, refused, settled } from '../kit/control-routes.ts'
import { showConsole, showItem } from './console.ts'
import { drawPhoto } from './photo.ts'
import { conditionOf, categories, currencies, scopes } from './reference.ts'
import { shippingMethods } from './state.ts'
import type { Refused } from '../kit/control.ts'
import type { ControlRoute, Reply } from '../kit/control-routes.ts'
import type { CatalogueLine } from './catalogue.ts'
import type { ReverbControl } from './control.ts'
import type { HandOrder } from './order-desk.ts'
import type { Currency } from './reference.ts'
import type { Reverb } from './state.ts'

const handLine = z.object({
  listingId: z.number().int().optional(),
  sku: z.string().optional(),
  quantity: z.number().int().positive(),
  unitPrice: givenPrice.optional(),
})

const currency = z.enum(Object.keys(currencies) as [Currency, ...Currency[]])

const handOrder = z.object({
  lines: z.array(handLine).min(1),
  reference: z.string().optional(),
  at: z.coerce.date().optional(),
  buyerNumber: z.number().int().nonnegative().optional(),
  buyerName: z.string().optional(),
  withoutAddress: z.boolean().optional(),
  countryCode: z.string().optional(),
  status: z.enum(['unpaid', 'payment_pending', 'pending_review', 'partially_paid', 'paid']).optional(),
  kind: z.enum(['instant', 'offer']).optional(),
  shippingMethod: z.enum(shippingMethods).optional(),
  shippingService: z.string().optional(),
  shippingPrice: z.number().nonnegative().optional(),
  currency: currency.optional(),
  force: z.boolean().optional(),
})

const catalogueLine = z.object({
  sku: z.string().optional(),
  title: z.string().min(1),
  make: z.string().optional(),
  model: z.string().optional(),
  category: z
    .string()
    .refine((name) => categories.some((one) => one.name === name))
    .optional(),
  condition: z
    .string()
    .refine((name) => conditionOf(name) !== undefined)
    .optional(),
  price: givenPrice,
  inventory: z.coerce.number().int().nonnegative().optional(),
  state: z.enum(['live', 'draft', 'ended']).optional(),
  description: z.string().optional(),
})

const tokenChoice = z.object({ token: z.string().optional() }).default({})
const shopChanges = z.object({
  verified: z.boolean().optional(),
  onVacation: z.boolean().optional(),
  currency: currency.optional(),
})

/** Tried before the common routes: here listings and orders can say more. */
export function ownRoutes(reverb: Reverb, control: ReverbControl): ControlRoute[] {
  return [
    ...pageRoutes(reverb, control),
    get(/^\/truth\/reverb$/, () => ok(control.books())),
    get(/^\/truth\/reverb\/(listings|orders|confirmations|refunds|webhooks)$/, ({ params }) =>
      ok(control.books()[params[0] as 'listings' | 'orders' | 'confirmations' | 'refunds' | 'webhooks']),
    ),
    post(/^\/listings$/, listOrOne(catalogueLine), (sent) => ok(control.addListings(sent as CatalogueLine[]))),
    post(/^\/orders$/, listOrOne(handOrder), (sent) => ok(control.placeOrders(sent as HandOrder[]))),
    post(/^\/orders\/([^/]+)\/(block|refund|request-refund|change-address)$/, z.unknown(), (sent, { params }) =>
      settled(changeOrder(control, params, sent)),
    ),
    ...tokenRoutes(control),
    post(/^\/shop$/, shopChanges, (sent) => {
      const entries = Object.entries(sent).filter(([, value]) => value !== undefined)
      control.setShop(Object.fromEntries(entries))
      return ok(reverb.shop)
    }),
  ]
}

function pageRoutes(reverb: Reverb, control: ReverbControl): ControlRoute[] {
  return [
    get(/^\/$/, () => ({ status: 200, page: showConsole(reverb, control) })),
    get(/^\/item\/([^/]+)$/, ({ params }) => {
      const shown = showItem(reverb, params[0] ?? '')
      return shown === undefined ? refused(404, 'There is no such listing.') : { status: 200, page: shown }
    }),
    get(/^\/photo\/(\d+)\.svg$/, ({ params }) => {
      const listing = reverb.listings.get(Number(params[0]))
      if (!listing) return refused(404, 'There is no such listing.')
      return { status: 200, file: drawPhoto(listing), type: 'image/svg+xml' }
    }),
  ]
}

function tokenRoutes(control: ReverbControl): ControlRoute[] {
  return [
    get(/^\/tokens$/, () => ok(control.tokens())),
    post(/^\/tokens$/, z.object({ scopes: z.array(z.enum(scopes)).optional() }).default({}), (sent) =>
      ok({ token: control.addToken(sent.scopes) }),
    ),
    post(/^\/tokens\/revoke$/, tokenChoice, ({ token }) =>
      token === undefined ? done(control.revokeAccount) : settled(control.revokeToken(token)),
    ),
    post(/^\/tokens\/restore$/, tokenChoice, ({ token }) =>
      token === undefined ? done(control.restoreAccount) : settled(control.restoreToken(token)),
    ),
    post(/^\/tokens\/remove-scope$/, z.object({ token: z.string().optional(), scope: z.enum(scopes) }), (sent) =>
      settled(control.removeScope(sent.scope, sent.token)),
    ),
  ]
}

function done(act: () => void): Reply {
  act()
  return settled(undefined)
}

function changeOrder(control: ReverbControl, [number = '', verb]: string[], sent: unknown): Refused {
  const share = z.object({ share: z.coerce.number().positive().max(1) }).safeParse(sent).data?.share
  if (verb === 'block') return control.blockOrder(number)
  if (verb === 'refund') return control.refundOrder(number, share)
  if (verb === 'request-refund') return control.requestRefund(number, share)
  return control.changeAddress(number)
}
