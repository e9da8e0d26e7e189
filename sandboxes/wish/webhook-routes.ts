// Webhooks by calls, for a merchant's own app. A hub's app has its address in the dashboard instead.
import { done, invalid, removed } from './call.ts'
import { topics } from './news.ts'
import { newId } from './products.ts'
import type { Answer } from '../kit/front.ts'
import type { Ask, Route } from './call.ts'
import type { Subscription } from './state.ts'

const path = '/webhook/subscriptions'

export const webhookRoutes: Route[] = [
  {
    operation: 'webhook.topics',
    method: 'GET',
    path: '/webhook/topics',
    scope: 'webhook:read',
    handle: () => done(topics),
  },
  {
    operation: 'webhook.subscriptions.list',
    method: 'GET',
    path,
    scope: 'webhook:read',
    handle: (ask) => ownOnly(ask, () => done(ask.merchant.subscriptions.map(show))),
  },
  {
    operation: 'webhook.subscriptions.create',
    method: 'POST',
    path,
    scope: 'webhook:write',
    handle: (ask) => ownOnly(ask, () => subscribe(ask)),
  },
  {
    operation: 'webhook.subscriptions.get',
    method: 'GET',
    path: `${path}/{id}`,
    scope: 'webhook:read',
    handle: (ask) => withSubscription(ask, (found) => done(show(found))),
  },
  {
    operation: 'webhook.subscriptions.update',
    method: 'PUT',
    path: `${path}/{id}`,
    scope: 'webhook:write',
    handle: (ask) => withSubscription(ask, (found) => update(ask, found)),
  },
  {
    operation: 'webhook.subscriptions.delete',
    method: 'DELETE',
    path: `${path}/{id}`,
    scope: 'webhook:write',
    handle: (ask) =>
      withSubscription(ask, (found) => {
        ask.merchant.subscriptions = ask.merchant.subscriptions.filter((one) => one.id !== found.id)
        return removed
      }),
  },
]

/** Topic and address stand in the query; there is no body. */
function subscribe({ wish, merchant, query, at }: Ask): Answer {
  const [topicId, endpoint] = [query.get('topic_id') ?? '', query.get('endpoint') ?? '']
  if (!topics.some((one) => one.id === topicId)) return invalid('There is no such topic.')
  if (!/^https?:\/\/./.test(endpoint)) return invalid('The endpoint is not valid.')
  if (merchant.subscriptions.some((one) => one.topicId === topicId && one.endpoint === endpoint)) {
    return invalid('The subscription exists already.')
  }
  const subscription: Subscription = { id: newId(wish, at), topicId, endpoint, status: 'ACTIVE' }
  merchant.subscriptions.push(subscription)
  return done(show(subscription))
}

function update({ query }: Ask, subscription: Subscription): Answer {
  const [endpoint, status] = [query.get('endpoint'), query.get('status')]
  if (endpoint !== null && !/^https?:\/\/./.test(endpoint)) return invalid('The endpoint is not valid.')
  if (status !== null && status !== 'ACTIVE') return invalid('status must be ACTIVE.')
  if (endpoint !== null) subscription.endpoint = endpoint
  if (status !== null) subscription.status = 'ACTIVE'
  return done(show(subscription))
}

function withSubscription(ask: Ask, act: (found: Subscription) => Answer): Answer {
  return ownOnly(ask, () => {
    const found = ask.merchant.subscriptions.find((one) => one.id === ask.params['id'])
    return found ? act(found) : invalid('There is no such subscription for the merchant.')
  })
}

function ownOnly({ wish, clientId }: Ask, act: () => Answer): Answer {
  const isHub = wish.apps.get(clientId)?.kind === 'hub'
  if (isHub && !wish.choices.hubWebhookCalls) {
    return invalid('These calls are for merchants; set the webhook of this app in its dashboard.')
  }
  return act()
}

function show({ id, topicId, endpoint, status }: Subscription): Record<string, unknown> {
  return { id, topic_id: topicId, endpoint, status }
}
