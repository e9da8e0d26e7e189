/** Every kind of work the queue carries. A job only says "look at this again"; what is wanted stands in tables. */
export const jobs = {
  /** One operation on one sales channel: look at it again. Its lease says who may; its due row says when again. */
  channel: { concurrency: 4, retriesMax: 8, retrySeconds: 5, timeoutSeconds: 900 },
  /** What every listing of the marked variants should show. */
  'settle-stock': { concurrency: 1, retriesMax: 8, retrySeconds: 2, timeoutSeconds: 300 },
  /** All prices by rules, worked out anew (F7). */
  'settle-prices': { concurrency: 1, retriesMax: 8, retrySeconds: 2, timeoutSeconds: 900 },
  /** Lines that waited for stock, payment or a service. */
  'route-waiting': { concurrency: 1, retriesMax: 8, retrySeconds: 2, timeoutSeconds: 300 },
  /** Unmapped orders past their days (D3). */
  'sweep-unmapped': { concurrency: 1, retriesMax: 3, retrySeconds: 60, timeoutSeconds: 300 },
  /** Words of orders that lack them (D10). */
  'index-orders': { concurrency: 1, retriesMax: 3, retrySeconds: 60, timeoutSeconds: 900 },
  /** One action on many orders. */
  'bulk-orders': { concurrency: 1, retriesMax: 8, retrySeconds: 2, timeoutSeconds: 900 },
  /** Drafts whose day is over, what waits for payment, what is overdue (D8). */
  'settle-invoices': { concurrency: 1, retriesMax: 8, retrySeconds: 5, timeoutSeconds: 300 },
  /** Purchase orders on their way to suppliers (D5). Claims keep two at once apart, and a slow supplier holds up nobody. */
  'send-purchase-orders': { concurrency: 4, retriesMax: 8, retrySeconds: 5, timeoutSeconds: 900 },
  /** Tracking files in suppliers' folders (D7). */
  'pick-up-tracking': { concurrency: 2, retriesMax: 3, retrySeconds: 60, timeoutSeconds: 900 },
  /** Suppliers' files that are due, and the age of their figures. */
  'fetch-feeds': { concurrency: 2, retriesMax: 3, retrySeconds: 30, timeoutSeconds: 900 },
  /** The mappings of today for orders that are here (B6, C3). */
  'apply-to-waiting': { concurrency: 1, retriesMax: 8, retrySeconds: 2, timeoutSeconds: 300 },
  /** Orders whose ship-by time is near (V2). */
  'watch-deadlines': { concurrency: 1, retriesMax: 3, retrySeconds: 30, timeoutSeconds: 300 },
  /** Buyer data of orders that are over (X3). */
  'forget-buyers': { concurrency: 1, retriesMax: 3, retrySeconds: 60, timeoutSeconds: 900 },
  /** Rows of the listings grid whose products changed. */
  'settle-grid': { concurrency: 1, retriesMax: 3, retrySeconds: 5, timeoutSeconds: 900 },
  'apply-file': { concurrency: 1, retriesMax: 3, retrySeconds: 5, timeoutSeconds: 900 },
} satisfies Record<string, JobSettings>

export type JobSettings = {
  /** At once, per process. What a marketplace account may bear is a lease's business, not the queue's. */
  concurrency: number
  retriesMax: number
  /** Before the first retry; doubled each time, up to retrySecondsMax. */
  retrySeconds: number
  timeoutSeconds: number
}

export type JobName = keyof typeof jobs

export const jobNames = Object.keys(jobs).toSorted() as JobName[]
export const retrySecondsMax = 300
/** A worker that says nothing for this long is dead, and its job goes to another. */
export const heartbeatSeconds = 10
/** Where jobs end that failed every time. */
export const deadLetterQueue = 'dead-letter'
