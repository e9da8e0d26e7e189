// All that runs unasked: what is done for each sales channel, and what is done for each business. Rows of the due table
// are made from this when a channel is connected, and what it lacks when the hub starts.
import type { Connector } from '../connectors/connector.ts'
import { applyToWaitingOrders } from './apply-to-waiting.ts'
import { changeListings } from './change-listings.ts'
import type { ChannelOperation } from './channel-run.ts'
import { cancelOrders } from './cancel-orders.ts'
import { confirmShipments } from './confirm-shipments.ts'
import { forgetBuyers } from './forget-buyers.ts'
import { reconcileOrders } from './reconcile-orders.ts'
import { watchDeadlines } from './watch-deadlines.ts'
import { bulkOrders } from './bulk-orders.ts'
import { indexOrders } from './index-orders.ts'
import { pickUpTracking } from './pick-up-tracking.ts'
import { pullCategories } from './pull-categories.ts'
import { pullListings } from './pull-listings.ts'
import { pullOrders } from './pull-orders.ts'
import { pullShippingServices } from './pull-shipping-services.ts'
import { pushPrices } from './push-prices.ts'
import { pushStock } from './push-stock.ts'
import { routeWaiting } from './route-waiting.ts'
import { sendPurchaseOrdersJob } from './send-purchase-orders.ts'
import { settleGrid } from './settle-grid.ts'
import { settleInvoices } from './settle-invoices.ts'
import { settlePrices } from './settle-prices.ts'
import { settleStock } from './settle-stock.ts'
import { subscribe } from './subscribe.ts'
import { sweepUnmapped } from './sweep-unmapped.ts'
import { verifyListings } from './verify-listings.ts'
import type { TenantJob } from './tenant-job.ts'

export const channelOperations: ChannelOperation[] = [
  pullOrders,
  confirmShipments,
  cancelOrders,
  reconcileOrders,
  pushStock,
  pushPrices,
  pullListings,
  verifyListings,
  subscribe,
  pullShippingServices,
  changeListings,
  pullCategories,
]

export const tenantJobs: TenantJob[] = [
  settleStock,
  settlePrices,
  routeWaiting,
  sendPurchaseOrdersJob,
  pickUpTracking,
  sweepUnmapped,
  watchDeadlines,
  forgetBuyers,
  applyToWaitingOrders,
  indexOrders,
  bulkOrders,
  settleInvoices,
  settleGrid,
]

/** What a new sales channel of this marketplace gets in the due table. */
export function plannedWork(connector: Connector, operations = channelOperations, jobs = tenantJobs) {
  return {
    channel: operations
      .filter((operation) => operation.possible(connector))
      .map(({ name, everySeconds, everySecondsAt, evenWhenOff = false }) => ({
        operation: name,
        everySeconds: everySecondsAt?.(connector) ?? everySeconds,
        evenWhenOff,
      })),
    tenant: jobs.flatMap(({ name, everySeconds }) => (everySeconds === undefined ? [] : [{ job: name, everySeconds }])),
  }
}
