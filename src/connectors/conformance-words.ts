// What the conformance suite must be told of each marketplace's sandbox: its names of operations, the switches that make
// it quick, and what a listing needs there. A new marketplace adds an entry.
import type { RunningSandbox } from './conformance-sandbox.ts'
import type { Connector, Reply } from './connector.ts'

export type SandboxWords = {
  /** The sandbox's names for what the connector asks, as its meter counts them. */
  operations: { listOrders: string; ship: string; pushStock: string; publish: string }
  /** Its own switches, so that nothing takes longer than it must. */
  prepare?(control: RunningSandbox['control']): Promise<unknown>
  /** What a listing needs besides the common fields. */
  listing?: Record<string, unknown>
  /** Its word for our carrier "ups". */
  ups: string
  /** How many orders fill more than a page. */
  severalPagesOfOrders: number
  /** Several listings may have one SKU. */
  skusMayRepeat: boolean
  /** An order id, a listing id and a variant id of the right form that nothing has. */
  noOrder?: string
  noListing?: string
  noVariant?: string
  /** What a push to a listing that is not there may be answered; 'gone' where left out. */
  unknownListing?: Reply['kind'][]
  /** Where not every letter is allowed in a SKU. */
  awkwardSkus?: string[]
  /** What a draft needs besides its texts, taken from what is known over there. */
  attributes(connector: Connector, sandbox: RunningSandbox): Promise<Record<string, string>>
}

export const sandboxWords: Record<string, SandboxWords> = {
  reverb: {
    operations: {
      listOrders: 'orders.list',
      ship: 'orders.ship',
      pushStock: 'listings.update',
      publish: 'listings.create',
    },
    listing: { condition: 'Brand New' },
    ups: 'UPS',
    severalPagesOfOrders: 80,
    skusMayRepeat: true,
    async attributes(_connector, { control }) {
      const made = { title: 'One to learn from', price: '10.00', sku: 'LEARN-1', inventory: 1, condition: 'Brand New' }
      await control('listings', made)
      const known = (await control('truth/reverb/listings')) as { categoryUuids: unknown[] }[]
      return { category: String(known.at(-1)?.categoryUuids[0]) }
    },
  },
}
