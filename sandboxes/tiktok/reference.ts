// What the marketplace publishes: scopes, carriers, delivery options, categories with their rules, reasons. The category
// tree is our own, with ids that stay the same.

export const scopes = [
  'seller.authorization.info',
  'seller.order.info',
  'seller.fulfillment.basic',
  'seller.fulfillment.package.write',
  'seller.logistics',
  'seller.product.basic',
  'seller.product.write',
  'seller.product.delete',
  'seller.return_refund.basic',
  'seller.shop.info',
  'seller.delivery.status.write',
] as const
export type Scope = (typeof scopes)[number]

/** How the consent page words them. */
export const scopeWords: Record<Scope, string> = {
  'seller.authorization.info': 'See which shops you have',
  'seller.order.info': 'Read your orders',
  'seller.fulfillment.basic': 'Ship orders and read packages',
  'seller.fulfillment.package.write': 'Split and combine packages',
  'seller.logistics': 'Read warehouses and delivery options',
  'seller.product.basic': 'Read, activate and deactivate products',
  'seller.product.write': 'Create and edit products, stock and prices',
  'seller.product.delete': 'Delete and recover products',
  'seller.return_refund.basic': 'Handle cancellations and returns',
  'seller.shop.info': 'Read your shop settings',
  'seller.delivery.status.write': 'Report deliveries',
}

export type Carrier = { id: string; name: string; pattern: RegExp }

export const carriers: readonly Carrier[] = [
  { id: '7117858858072016901', name: 'Royal Mail', pattern: /^[A-Z]{2}\d{9}GB$/ },
  { id: '7117858858072016902', name: 'Hermes/EVRI', pattern: /^[A-Z0-9]{16}$/ },
  { id: '7117858858072016903', name: 'DPD', pattern: /^\d{14}$/ },
  { id: '7117858858072016904', name: 'Yodel', pattern: /^[A-Z0-9]{16,18}$/ },
  { id: '7117858858072016905', name: 'Amazon Logistics', pattern: /^TBA\d{12}$/ },
  { id: '7117858858072016906', name: 'Parcel2Go', pattern: /^P2G\d{8,12}$/ },
  { id: '7117858858072016907', name: 'Parcel Force', pattern: /^[A-Z]{2}\d{7,9}(GB)?$/ },
  { id: '7117858858072016908', name: 'UK Mail', pattern: /^\d{14}$/ },
  { id: '7117858858072016909', name: 'UPS UK', pattern: /^1Z[A-Z0-9]{16}$/ },
  { id: '7117858858072016910', name: 'DHL UK', pattern: /^\d{10,20}$/ },
  { id: '7117858858072016911', name: 'DHL eCommerce', pattern: /^[A-Z0-9]{10,39}$/ },
  { id: '7117858858072016912', name: 'FedEx UK', pattern: /^\d{12,15}$/ },
]

export function carrierOf(id: string): Carrier | undefined {
  return carriers.find((one) => one.id === id)
}

export type DeliveryOption = { id: string; name: string; type: string; isByTiktok: boolean; priceMinor: number }

export const deliveryOptions: readonly DeliveryOption[] = [
  { id: '7091146663229654001', name: 'Standard Shipping', type: 'STANDARD', isByTiktok: false, priceMinor: 299 },
  { id: '7091146663229654002', name: 'Express Shipping', type: 'EXPRESS', isByTiktok: false, priceMinor: 599 },
  { id: '7091146663229654003', name: 'Seller Shipping', type: 'SEND_BY_SELLER', isByTiktok: false, priceMinor: 349 },
  { id: '7091146663229654004', name: 'Economy Shipping', type: 'ECONOMY', isByTiktok: true, priceMinor: 199 },
]

/** A delivery option this sandbox did not know before is one the seller made up. */
export function deliveryOptionNamed(name: string): DeliveryOption {
  const known = deliveryOptions.find((one) => one.name === name || one.id === name)
  return (
    known ?? {
      id: `709114666322966${String(checkDigits(name))}`,
      name,
      type: 'STANDARD',
      isByTiktok: false,
      priceMinor: 399,
    }
  )
}

function checkDigits(text: string): number {
  return 1000 + Buffer.from(text).reduce((sum, byte) => (sum * 31 + byte) % 9000, 7)
}

export type Category = {
  id: string
  parentId: string
  name: string
  isLeaf: boolean
  permissions: string[]
  needsDimensions: boolean
}

const tree: Record<string, Record<string, string[]>> = {
  'Home Supplies': {
    'Kitchen Utensils': ['Knives & Boards', 'Bakeware', 'Drinkware'],
    'Home Organisers': ['Storage Boxes', 'Hooks & Rails'],
  },
  'Phones & Electronics': {
    Accessories: ['Cables & Chargers', 'Cases & Covers'],
    Audio: ['Headphones', 'Speakers'],
  },
  'Sports & Outdoor': {
    'Camping & Hiking': ['Lamps & Torches', 'Bottles & Flasks'],
    Fitness: ['Mats & Bands'],
  },
  'Musical Instruments': { 'Guitars & Strings': ['Strings', 'Straps & Picks'], Percussion: ['Drum Sticks'] },
  'Menswear & Underwear': { 'Menswear Tops': ['T-shirts', 'Hoodies'] },
  Collectibles: { 'Trading Cards': ['Card Packs'] },
}

export const categories: readonly Category[] = mintCategories()
export const leaves = categories.filter((one) => one.isLeaf)

export function categoryOf(id: string): Category | undefined {
  return categories.find((one) => one.id === id)
}

/** From the root to it. */
export function categoryChain(id: string): Category[] {
  const category = categoryOf(id)
  return category ? [...categoryChain(category.parentId), category] : []
}

export function categoryNamed(name: string): Category {
  const found = categories.find((one) => one.name === name)
  if (!found) throw new Error(`There is no category named ${name}.`)
  return found
}

function mintCategories(): Category[] {
  let last = 600_000
  const mint = (parentId: string, name: string, isLeaf: boolean): Category => {
    last += 24
    const permissions = name === 'Card Packs' ? ['INVITE_ONLY'] : ['AVAILABLE']
    return { id: String(last), parentId, name, isLeaf, permissions, needsDimensions: isLeaf && name.includes('&') }
  }
  return Object.entries(tree).flatMap(([rootName, middles]) => {
    const root = mint('0', rootName, false)
    const below = Object.entries(middles).flatMap(([middleName, leafNames]) => {
      const middle = mint(root.id, middleName, false)
      return [middle, ...leafNames.map((name) => mint(middle.id, name, true))]
    })
    return [root, ...below]
  })
}

export type Attribute = {
  id: string
  name: string
  type: 'PRODUCT_PROPERTY' | 'SALES_PROPERTY'
  isRequired: boolean
  isCustomizable: boolean
  isMultiple: boolean
  values: { id: string; name: string }[]
  /** Needed only when another attribute has this value. */
  neededWith?: { attributeId: string; valueId: string }
  format?: string
}

const values = (from: number, names: string[]) => names.map((name, index) => ({ id: String(from + index), name }))

/** The same for every leaf; clothes need a size as well. */
export const attributes: readonly Attribute[] = [
  {
    id: '100000',
    name: 'Colour',
    type: 'SALES_PROPERTY',
    isRequired: false,
    isCustomizable: true,
    isMultiple: false,
    values: values(1_000_001, ['Black', 'White', 'Blue', 'Red', 'Green']),
  },
  {
    id: '100007',
    name: 'Size',
    type: 'SALES_PROPERTY',
    isRequired: false,
    isCustomizable: true,
    isMultiple: false,
    values: values(1_000_101, ['S', 'M', 'L', 'XL']),
  },
  {
    id: '100392',
    name: 'Contains Batteries or Cells?',
    type: 'PRODUCT_PROPERTY',
    isRequired: true,
    isCustomizable: false,
    isMultiple: false,
    values: values(1_000_325, ['Battery(s)', 'None']),
  },
  {
    id: '101395',
    name: 'Battery Type',
    type: 'PRODUCT_PROPERTY',
    isRequired: false,
    isCustomizable: false,
    isMultiple: true,
    values: values(1_005_001, ['Alkaline', 'Lithium', 'NiMH']),
    neededWith: { attributeId: '100392', valueId: '1000325' },
  },
  {
    id: '100398',
    name: 'Material',
    type: 'PRODUCT_PROPERTY',
    isRequired: false,
    isCustomizable: true,
    isMultiple: true,
    values: values(1_000_501, ['Steel', 'Wood', 'Cotton', 'Plastic', 'Glass']),
  },
  {
    id: '101610',
    name: 'Quantity Per Pack',
    type: 'PRODUCT_PROPERTY',
    isRequired: false,
    isCustomizable: true,
    isMultiple: false,
    values: [],
    format: 'POSITIVE_INT_OR_DECIMAL',
  },
]

export const seededBrands = ['Kestrel', 'Oakline', 'Harrow', 'Birchvale', 'Corvane', 'Lowmoor', 'Tandem', 'Pinewater']

export const sellerCancelReasons = {
  seller_cancel_reason_out_of_stock_uk: 'Out of stock',
  seller_cancel_reason_wrong_price_uk: 'Pricing error',
  seller_cancel_paid_reason_address_not_deliver_uk: 'Unable to deliver to buyer address',
}

export const buyerCancelReasons = {
  ecom_order_to_ship_canceled_reason_no_longer_needed: 'No longer needed',
  ecom_order_to_ship_canceled_reason_better_price: 'Better price available',
  ecom_order_to_ship_canceled_reason_need_to_change_address: 'Need to change the delivery address',
}

export const rejectReasons = {
  seller_reject_apply_product_has_been_packed: 'The product has been packed',
  seller_reject_apply_agreed_with_buyer: 'Agreed with the buyer',
}

export const returnReasons = {
  ecom_order_delivered_refund_and_return_reason_defective: 'The item is defective',
  ecom_order_delivered_refund_and_return_reason_wrong_product: 'A wrong item was sent',
}

/** Topics with an address of their own. */
export const topics: Record<string, number> = {
  ORDER_STATUS_CHANGE: 1,
  RECIPIENT_ADDRESS_UPDATE: 3,
  PACKAGE_UPDATE: 4,
  PRODUCT_STATUS_CHANGE: 5,
  SELLER_DEAUTHORIZATION: 6,
  UPCOMING_AUTHORIZATION_EXPIRATION: 7,
  CANCELLATION_STATUS_CHANGE: 11,
  RETURN_STATUS_CHANGE: 12,
  PRODUCT_INFORMATION_CHANGE: 15,
  PRODUCT_CREATION: 16,
  PRODUCT_CATEGORY_CHANGE: 18,
  INVENTORY_STATUS_CHANGE: 27,
  PRODUCT_AUDIT_STATUS_CHANGE: 37,
}
