// What subscribers are told. Without a test address nothing leaves; what is sent may be lost or doubled by choice.
import { createHash } from 'node:crypto'
import { marketplaceOf, statusWords } from './reference.ts'
import { nextNumber } from './state.ts'
import type { Amazon, Job, Order } from './state.ts'

const newsMax = 10_000

/** No prices and no address: whoever hears it fetches the order. */
export function announceOrder(amazon: Amazon, order: Order, at: number, kind = 'OrderStatusChange'): void {
  const status = statusWords[order.status]
  const open = (shipped: boolean) =>
    order.lines.reduce((sum, line) => sum + (shipped ? line.shipped : line.quantity - line.shipped), 0)
  announce(
    amazon,
    { type: 'ORDER_CHANGE', sellerId: order.sellerId, region: marketplaceOf(order.marketplaceId)?.region, at },
    (about) => ({
      NotificationVersion: '1.0',
      NotificationType: 'ORDER_CHANGE',
      PayloadVersion: '1.0',
      EventTime: new Date(at).toISOString(),
      Payload: {
        OrderChangeNotification: {
          NotificationLevel: 'OrderLevel',
          SellerId: order.sellerId,
          AmazonOrderId: order.id,
          OrderChangeType: kind,
          OrderChangeTrigger: {
            TimeOfOrderChange: new Date(at).toISOString(),
            ChangeReason: order.lines[0]?.cancelReason ?? '',
          },
          Summary: {
            MarketplaceId: order.marketplaceId,
            OrderStatus: status,
            PurchaseDate: new Date(order.createdAt).toISOString(),
            DestinationPostalCode: '',
            FulfillmentType: 'MFN',
            OrderType: 'StandardOrder',
            NumberOfItemsShipped: open(true),
            NumberOfItemsUnshipped: open(false),
            OrderItems: order.lines.map((line) => ({
              OrderItemId: line.itemId,
              SellerSKU: line.sku,
              SupplySourceId: '',
              Quantity: line.quantity,
              QuantityShipped: line.shipped,
            })),
          },
        },
      },
      NotificationMetadata: {
        ApplicationId: amazon.application.id,
        SubscriptionId: about.subscriptionId,
        PublishTime: new Date(at).toISOString(),
        NotificationId: about.id,
      },
    }),
  )
}

export function announceJob(amazon: Amazon, job: Job, at: number): void {
  const isFeed = job.kind === 'feed'
  const type = isFeed ? 'FEED_PROCESSING_FINISHED' : 'REPORT_PROCESSING_FINISHED'
  const document =
    job.resultDocumentId === undefined
      ? {}
      : { [isFeed ? 'resultFeedDocumentId' : 'reportDocumentId']: job.resultDocumentId }
  const content = isFeed
    ? {
        feedProcessingFinishedNotification: {
          sellerId: job.sellerId,
          accountId: `amzn1.merchant.o.${job.sellerId}`,
          feedId: job.id,
          feedType: job.type,
          processingStatus: job.status,
          ...document,
        },
      }
    : {
        reportProcessingFinishedNotification: {
          sellerId: job.sellerId,
          accountId: `amzn1.merchant.o.${job.sellerId}`,
          reportId: job.id,
          reportType: job.type,
          processingStatus: job.status,
          ...document,
        },
      }
  announce(amazon, { type, sellerId: job.sellerId, region: job.region, at }, (about) => ({
    notificationVersion: '2020-09-04',
    notificationType: type,
    payloadVersion: '2020-09-04',
    eventTime: new Date(at).toISOString(),
    payload: content,
    notificationMetadata: {
      applicationId: amazon.application.id,
      subscriptionId: about.subscriptionId,
      publishTime: new Date(at).toISOString(),
      notificationId: about.id,
    },
  }))
}

type About = { type: string; sellerId: string; region: string | undefined; at: number }

function announce(
  amazon: Amazon,
  about: About,
  write: (given: { subscriptionId: string; id: string }) => unknown,
): void {
  const url = amazon.choices.notificationUrl
  const heard = [...amazon.subscriptions.values()].filter(
    (one) => one.type === about.type && one.sellerId === about.sellerId && one.region === about.region,
  )
  if (url === '' || amazon.news.length >= newsMax) return
  for (const subscription of heard) {
    const id = createHash('sha256')
      .update(`notification ${nextNumber(amazon)}`)
      .digest('hex')
      .slice(0, 36)
    const body = JSON.stringify(write({ subscriptionId: subscription.id, id }))
    const { notificationLoss, notificationRepeat } = amazon.choices
    if (notificationLoss > 0 && amazon.faults.random() < notificationLoss) continue
    const delivery = { url, headers: { 'content-type': 'application/json' }, body }
    amazon.news.push(delivery)
    if (notificationRepeat > 0 && amazon.faults.random() < notificationRepeat) amazon.news.push(delivery)
  }
}
