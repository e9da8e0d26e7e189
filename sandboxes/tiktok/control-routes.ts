// What this sandbox adds to the common control surface: our app's settings, tokens, open questions, shops, and the
// pictures and pages people look at.
import { z } from 'zod'
import { choicesRoutes, get, ok, post, refused, settled } from '../kit/control-routes.ts'
import { choicesSchema } from './choices.ts'
import { showConsole } from './console.ts'
import { scopes } from './reference.ts'
import type { ControlRoute } from '../kit/control-routes.ts'
import type { TiktokControl } from './control.ts'
import type { Tiktok } from './state.ts'

const flag = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')])
const appChanges = z.strictObject({
  redirectUri: z.union([z.url(), z.literal('')]).optional(),
  webhookUrl: z.union([z.url(), z.literal('')]).optional(),
  isIpAllowed: flag.optional(),
  name: z.string().min(1).optional(),
})
const productStatuses = [
  'DRAFT',
  'PENDING',
  'FAILED',
  'ACTIVATE',
  'SELLER_DEACTIVATED',
  'PLATFORM_DEACTIVATED',
  'FREEZE',
  'DELETED',
] as const

export function ownRoutes(tiktok: Tiktok, control: TiktokControl): ControlRoute[] {
  const byOrder = (verb: string, act: (number: string) => { refusal: string } | undefined) =>
    post(new RegExp(`^/orders/([^/]+)/${verb}$`), z.unknown(), (_, { params }) => settled(act(params[0] ?? '')))
  return [
    get(/^\/$/, () => ({ status: 200, page: showConsole(tiktok, control) })),
    get(/^\/image\/([^/]+)$/, ({ params }) => {
      const image = tiktok.images.get(params[0] ?? '')
      return image ? { status: 200, file: image.bytes, type: image.type } : refused(404, 'There is no such image.')
    }),
    get(/^\/app$/, () => ok(tiktok.app)),
    post(/^\/app$/, appChanges, (sent) => {
      const named = Object.entries(sent).filter(([, value]) => value !== undefined)
      return ok(control.setApp(Object.fromEntries(named)))
    }),
    ...choicesRoutes(tiktok.choices, choicesSchema),
    post(/^\/tokens\/expire$/, z.unknown(), () => {
      control.expireTokens()
      return ok({ done: true })
    }),
    post(/^\/scopes$/, z.object({ scope: z.enum(scopes), isGranted: flag }), ({ scope, isGranted }) => {
      control.setScope(scope, isGranted)
      return ok({ done: true })
    }),
    post(/^\/promotions$/, z.object({ sku: z.string(), isOn: flag }), ({ sku, isOn }) =>
      settled(control.setPromotion(sku, isOn)),
    ),
    post(
      /^\/warehouses\/([^/]+)$/,
      z.object({ status: z.enum(['ENABLED', 'DISABLED', 'RESTRICTED']) }),
      ({ status }, { params }) => settled(control.setWarehouse(params[0] ?? '', status)),
    ),
    post(/^\/shops\/([^/]+)$/, z.object({ isOpen: flag }), ({ isOpen }, { params }) =>
      settled(control.closeShop(params[0] ?? '', isOpen)),
    ),
    get(/^\/shops$/, () => ok(tiktok.shops)),
    post(/^\/products\/([^/]+)$/, z.object({ status: z.enum(productStatuses) }), ({ status }, { params }) =>
      settled(control.setProductStatus(params[0] ?? '', status)),
    ),
    byOrder('release', (number) => control.releaseOrder(number)),
    byOrder('ask-to-cancel', (number) => control.askToCancel(number)),
    byOrder('ask-to-return', (number) => control.askToReturn(number)),
    byOrder('change-address', (number) => control.changeAddress(number)),
    get(/^\/truth\/webhooks$/, () => ok(tiktok.webhooks)),
    get(/^\/truth\/cancellations$/, () => ok([...tiktok.cancellations.values()])),
    get(/^\/truth\/returns$/, () => ok([...tiktok.returns.values()])),
    get(/^\/truth\/packages$/, () => ok([...tiktok.parcels.values()])),
  ]
}
