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
  /** A confirmation is answered by its status alone: there is no body to lose. */
  shipAnswersWithoutBody?: boolean
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
  /** What a draft needs besides its texts. Left out: the first category that takes listings, with what it requires. */
  attributes?(connector: Connector, sandbox: RunningSandbox): Promise<Record<string, string>>
}

const wishId = '0123456789abcdef01234567'

export const sandboxWords: Record<string, SandboxWords> = {
  amazon: {
    operations: {
      listOrders: 'searchOrders',
      ship: 'confirmShipment',
      pushStock: 'patchListingsItem',
      publish: 'putListingsItem',
    },
    prepare: (control) =>
      control('choices', {
        listingDelaySeconds: 0,
        creationDelaySeconds: 0,
        shipmentDelaySeconds: 0,
        feedQueueSeconds: 0,
        feedProcessingSeconds: 0,
        reportDelaySeconds: 0,
      }),
    ups: 'UPS',
    shipAnswersWithoutBody: true,
    severalPagesOfOrders: 130,
    skusMayRepeat: false,
    noOrder: '111-1111111-1111111',
    noListing: 'NEVER-WAS',
    // A change of an unknown SKU is taken and makes nothing (docs#3748); reading back tells.
    unknownListing: ['done', 'gone'],
  },
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
  tiktok: {
    operations: {
      listOrders: 'orders.search',
      ship: 'packages.create',
      pushStock: 'inventory.update',
      publish: 'products.create',
    },
    prepare: (control) => control('choices', { reviewSeconds: 0 }),
    // Carriers go by number there.
    ups: '7117858858072016909',
    severalPagesOfOrders: 130,
    skusMayRepeat: false,
    noOrder: '576461413038785759',
    noListing: '1729592969712207999',
    noVariant: '1729592969712207998',
    // Sellers' SKUs have no blanks there.
    awkwardSkus: ['A+B&C/é#1', '50%25off/+x', 'emoji🎸x'],
  },
  wish: {
    operations: {
      listOrders: 'orders.list',
      ship: 'orders.tracking',
      pushStock: 'products.update',
      publish: 'products.create',
    },
    prepare: (control) => control('choices', { processingSeconds: 0, reviewSeconds: 0, jobSeconds: 0 }),
    ups: 'UPS',
    severalPagesOfOrders: 520,
    skusMayRepeat: false,
    noOrder: wishId,
    noListing: wishId,
    noVariant: wishId,
  },
}
