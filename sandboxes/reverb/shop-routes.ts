// The shop, the account, reference lists and webhook registrations.
import { done, invalid, notFound } from './call.ts'
import { isCurrency } from './money.ts'
import {
  categories,
  conditions,
  currencies,
  shippingProfiles,
  shippingProviders,
  shippingRegions,
  topics,
} from './reference.ts'
import { nextId } from './state.ts'
import type { Answer, Call, Route } from './call.ts'
import type { Topic } from './reference.ts'
import type { Webhook } from './state.ts'

export const shopRoutes: Route[] = [
  { operation: 'account.get', method: 'GET', path: '/my/account', scope: 'read_profile', handle: showAccount },
  {
    operation: 'shop.get',
    method: 'GET',
    path: '/shop',
    scope: 'read_profile',
    handle: (call) => done(showShop(call)),
  },
  { operation: 'shop.update', method: 'PUT', path: '/shop', scope: 'write_profile', handle: updateShop },
  {
    operation: 'shop.vacation',
    method: 'GET',
    path: '/shop/vacation',
    scope: 'read_profile',
    handle: (call) => done({ vacation: call.reverb.shop.onVacation }),
  },
  {
    operation: 'shop.start-vacation',
    method: 'POST',
    path: '/shop/vacation',
    scope: 'write_profile',
    handle: (call) => setVacation(call, true),
  },
  {
    operation: 'shop.end-vacation',
    method: 'DELETE',
    path: '/shop/vacation',
    scope: 'write_profile',
    handle: (call) => setVacation(call, false),
  },
  {
    operation: 'shipping.profiles',
    method: 'GET',
    path: '/shops/{shop_id}/shipping_profiles',
    scope: 'read_profile',
    handle: (call) =>
      call.params['shop_id'] === String(call.reverb.shop.id)
        ? done({ shipping_profiles: shippingProfiles })
        : notFound('shop'),
  },
  constant('reference.conditions', '/listing_conditions', {
    conditions: conditions.map(({ uuid, name, slug }) => ({ uuid, display_name: name, slug })),
  }),
  { operation: 'reference.categories', method: 'GET', path: '/categories', scope: 'none', handle: showCategoryTree },
  { operation: 'reference.flat-categories', method: 'GET', path: '/categories/flat', scope: 'none', handle: showFlat },
  {
    operation: 'reference.category',
    method: 'GET',
    path: '/categories/{uuid}',
    scope: 'none',
    handle: (call) => {
      const found = categories.find((one) => one.uuid === call.params['uuid'])
      return found ? done({ uuid: found.uuid, name: found.name, full_name: found.fullName }) : notFound('category')
    },
  },
  constant('reference.currencies', '/currencies/listing', { currencies: Object.keys(currencies) }),
  constant('reference.regions', '/shipping/regions', { shipping_regions: shippingRegions }),
  constant('reference.providers', '/shipping/providers', {
    shipping_providers: shippingProviders.map((name) => ({ name })),
  }),
  { operation: 'webhooks.list', method: 'GET', path: '/webhooks/registrations', scope: 'any', handle: listWebhooks },
  { operation: 'webhooks.create', method: 'POST', path: '/webhooks/registrations', scope: 'any', handle: addWebhook },
  {
    operation: 'webhooks.get',
    method: 'GET',
    path: '/webhooks/registrations/{id}',
    scope: 'any',
    handle: (call) => withWebhook(call, (webhook) => done(showWebhook(webhook))),
  },
  {
    operation: 'webhooks.delete',
    method: 'DELETE',
    path: '/webhooks/registrations/{id}',
    scope: 'any',
    handle: (call) =>
      withWebhook(call, (webhook) => {
        call.reverb.webhooks = call.reverb.webhooks.filter((one) => one !== webhook)
        return done({ message: 'The webhook has been deleted' })
      }),
  },
]

function constant(operation: string, path: string, body: Record<string, unknown>): Route {
  return { operation, method: 'GET', path, scope: 'none', handle: () => done(body) }
}

function showAccount({ reverb }: Call): Answer {
  return done({
    id: String(reverb.shop.id + 1),
    email: 'seller@example.test',
    first_name: 'Sandbox',
    last_name: 'Seller',
    shop: { id: reverb.shop.id, name: reverb.shop.name, slug: reverb.shop.slug },
    _links: { self: { href: '/api/my/account' }, shop: { href: '/api/shop' } },
  })
}

function showShop({ reverb }: Call): Record<string, unknown> {
  return {
    id: reverb.shop.id,
    name: reverb.shop.name,
    slug: reverb.shop.slug,
    currency: reverb.shop.currency,
    on_vacation: reverb.shop.onVacation,
    _links: { self: { href: '/api/shop' } },
  }
}

function updateShop(call: Call): Answer {
  const { currency, name } = call.body
  if (currency !== undefined && !isCurrency(currency)) {
    return invalid(call.reverb, 'The shop could not be saved', { currency: ['does not have a valid value'] })
  }
  if (currency !== undefined) call.reverb.shop.currency = currency
  if (typeof name === 'string' && name !== '') call.reverb.shop.name = name
  return done(showShop(call))
}

function setVacation(call: Call, onVacation: boolean): Answer {
  call.reverb.shop.onVacation = onVacation
  return done({ message: onVacation ? 'Your shop is on vacation' : 'Your shop is open', vacation: onVacation })
}

function showCategoryTree(call: Call): Answer {
  const roots = categories.filter((one) => one.name === one.root)
  return done({
    categories: roots.map((root) => ({
      uuid: root.uuid,
      name: root.name,
      full_name: root.fullName,
      slug: root.slug,
      subcategories: categories
        .filter((one) => one.root === root.root && one !== root)
        .map((one) => ({ uuid: one.uuid, name: one.name, full_name: one.fullName, slug: one.slug })),
      _links: { self: { href: `${call.origin}/api/categories/${root.uuid}` } },
    })),
  })
}

function showFlat(): Answer {
  return done({ categories: categories.map((one) => ({ uuid: one.uuid, name: one.name, full_name: one.fullName })) })
}

function listWebhooks(call: Call): Answer {
  return done({ webhooks: call.reverb.webhooks.map(showWebhook) })
}

function addWebhook(call: Call): Answer {
  const { url, topic } = call.body
  const errors: Record<string, string[]> = {}
  if (typeof url !== 'string' || !/^https?:\/\/\S+$/.test(url)) errors['url'] = ['is invalid']
  if (!topics.includes(topic as Topic)) errors['topic'] = ['does not have a valid value']
  if (Object.keys(errors).length > 0) return invalid(call.reverb, 'The webhook could not be saved', errors)
  const webhook = { id: nextId(call.reverb), url: String(url), topic: topic as Topic, createdAt: call.at }
  call.reverb.webhooks.push(webhook)
  return done(showWebhook(webhook), 201)
}

function showWebhook(webhook: Webhook): Record<string, unknown> {
  const self = { href: `/api/webhooks/registrations/${webhook.id}` }
  return { id: webhook.id, url: webhook.url, topic: webhook.topic, _links: { self } }
}

function withWebhook(call: Call, act: (webhook: Webhook) => Answer): Answer {
  const webhook = call.reverb.webhooks.find((one) => String(one.id) === call.params['id'])
  return webhook ? act(webhook) : notFound('webhook')
}
