// Notifications v1: destinations belong to the app, subscriptions to a seller.
import { uuid } from '../kit/random.ts'
import { done, invalid, isObject, notFound, refuse, textOf } from './call.ts'
import type { Answer } from '../kit/front.ts'
import type { ApiCall, Route } from './call.ts'
import type { Destination, Subscription } from './state.ts'

const base = '/notifications/v1'
const scope = 'sellingpartnerapi::notifications'

export const notificationRoutes: Route[] = [
  { operation: 'createDestination', method: 'POST', path: `${base}/destinations`, scope, handle: createDestination },
  {
    operation: 'getDestinations',
    method: 'GET',
    path: `${base}/destinations`,
    scope,
    handle: ({ amazon }) => payload([...amazon.destinations.values()].map(showDestination)),
  },
  { operation: 'getDestination', method: 'GET', path: `${base}/destinations/{id}`, scope, handle: getDestination },
  {
    operation: 'deleteDestination',
    method: 'DELETE',
    path: `${base}/destinations/{id}`,
    scope,
    handle: deleteDestination,
  },
  { operation: 'createSubscription', method: 'POST', path: `${base}/subscriptions/{type}`, handle: subscribe },
  { operation: 'getSubscription', method: 'GET', path: `${base}/subscriptions/{type}`, handle: getSubscription },
  { operation: 'getSubscriptions', method: 'GET', path: `${base}/subscriptions`, handle: getSubscriptions },
  {
    operation: 'getSubscriptionById',
    method: 'GET',
    path: `${base}/subscriptions/{type}/{id}`,
    scope,
    handle: getById,
  },
  {
    operation: 'deleteSubscriptionById',
    method: 'DELETE',
    path: `${base}/subscriptions/{type}/{id}`,
    scope,
    handle: deleteById,
  },
  {
    operation: 'sendTestNotification',
    method: 'POST',
    path: `${base}/subscriptions/{type}/testNotification`,
    scope,
    handle: () => refuse(400, 'InvalidInput', 'sendTestNotification is only available on the sandbox endpoint.'),
  },
]

/** Where events of a type can be sent. */
const types: Record<string, 'sqs' | 'eventBridge'> = {
  ORDER_CHANGE: 'sqs',
  FEED_PROCESSING_FINISHED: 'sqs',
  REPORT_PROCESSING_FINISHED: 'sqs',
  ANY_OFFER_CHANGED: 'sqs',
  LISTINGS_ITEM_STATUS_CHANGE: 'eventBridge',
  LISTINGS_ITEM_ISSUES_CHANGE: 'eventBridge',
  LISTINGS_ITEM_MFN_QUANTITY_CHANGE: 'eventBridge',
  PRODUCT_TYPE_DEFINITIONS_CHANGE: 'eventBridge',
}
const filtered = ['ANY_OFFER_CHANGED', 'ORDER_CHANGE']

const payload = (value: unknown): Answer => done({ payload: value })

function createDestination({ amazon, body }: ApiCall): Answer {
  const sent = isObject(body) ? body : {}
  const name = textOf(sent['name'])
  const given = isObject(sent['resourceSpecification']) ? sent['resourceSpecification'] : {}
  const resource = readResource(given)
  if (name === undefined || name.length > 256 || !resource) return invalid('The destination is not valid.')
  if ([...amazon.destinations.values()].some((one) => JSON.stringify(one.resource) === JSON.stringify(resource))) {
    return refuse(409, 'ResourceExists', 'A destination with this resource already exists.')
  }
  const destination: Destination = { id: uuid(amazon.random), name, resource }
  amazon.destinations.set(destination.id, destination)
  return payload(showDestination(destination))
}

function readResource(given: Record<string, unknown>): Destination['resource'] | undefined {
  const arn = isObject(given['sqs']) ? textOf(given['sqs']['arn']) : undefined
  if (arn !== undefined) return /^arn:aws:sqs:\S+:\S+:\S+/.test(arn) ? { sqs: { arn } } : undefined
  const bridge = isObject(given['eventBridge']) ? given['eventBridge'] : {}
  const [region, accountId] = [textOf(bridge['region']), textOf(bridge['accountId'])]
  if (region === undefined || accountId === undefined) return undefined
  return { eventBridge: { name: `aws.partner/sellingpartnerapi.amazon.com/${accountId}`, region, accountId } }
}

function showDestination({ id, name, resource }: Destination) {
  return { destinationId: id, name, resource }
}

function getDestination({ amazon, params }: ApiCall): Answer {
  const found = amazon.destinations.get(params['id'] ?? '')
  return found ? payload(showDestination(found)) : notFound('The destination was not found.')
}

function deleteDestination({ amazon, params }: ApiCall): Answer {
  return amazon.destinations.delete(params['id'] ?? '') ? done({}) : notFound('The destination was not found.')
}

function subscribe(call: ApiCall): Answer {
  const { amazon, body, params, sellerId, region } = call
  const sent = isObject(body) ? body : {}
  const type = params['type'] ?? ''
  const payloadVersion = textOf(sent['payloadVersion'])
  const destination = amazon.destinations.get(textOf(sent['destinationId']) ?? '')
  const directive = isObject(sent['processingDirective']) ? sent['processingDirective'] : undefined
  if (!Object.hasOwn(types, type)) return invalid(`The notification type '${type}' is not known.`)
  if (payloadVersion === undefined || !destination) return invalid('payloadVersion and destinationId are required.')
  if (!Object.hasOwn(destination.resource, types[type] ?? ''))
    return invalid(`${type} cannot be sent to this kind of destination.`)
  if (
    directive?.['eventFilter'] !== undefined &&
    (directive['filterExpression'] !== undefined || !filtered.includes(type))
  ) {
    return invalid('The processingDirective is not valid.')
  }
  if (mine(call, type))
    return refuse(409, 'ResourceExists', 'A subscription for this notification type already exists.')
  const subscription: Subscription = {
    id: uuid(amazon.random),
    sellerId,
    region,
    type,
    payloadVersion,
    destinationId: destination.id,
    processingDirective: directive,
  }
  amazon.subscriptions.set(subscription.id, subscription)
  return payload(showSubscription(subscription))
}

function mine({ amazon, sellerId, region }: ApiCall, type: string | undefined): Subscription | undefined {
  return [...amazon.subscriptions.values()].find(
    (one) => one.type === type && one.sellerId === sellerId && one.region === region,
  )
}

function showSubscription({ id, payloadVersion, destinationId, processingDirective }: Subscription) {
  return { subscriptionId: id, payloadVersion, destinationId, ...(processingDirective ? { processingDirective } : {}) }
}

function getSubscription(call: ApiCall): Answer {
  const found = mine(call, call.params['type'])
  return found ? payload(showSubscription(found)) : notFound('The subscription was not found.')
}

function getSubscriptions(call: ApiCall): Answer {
  const type = call.query.get('notificationTypes')
  if (type === null) return invalid('notificationTypes is required.')
  const found = mine(call, type)
  return payload({ subscriptions: found ? [showSubscription(found)] : [] })
}

function getById({ amazon, params }: ApiCall): Answer {
  const found = amazon.subscriptions.get(params['id'] ?? '')
  return found?.type === params['type']
    ? payload(showSubscription(found as Subscription))
    : notFound('The subscription was not found.')
}

function deleteById({ amazon, params }: ApiCall): Answer {
  return amazon.subscriptions.delete(params['id'] ?? '') ? done({}) : notFound('The subscription was not found.')
}
