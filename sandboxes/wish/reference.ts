// The words of Wish: what may be asked for, what is answered, and the lists it offers.

export const base = '/api/v3'

export const scopes = [
  'products:read',
  'products:write',
  'orders:read',
  'orders:write',
  'merchant:read',
  'merchant:write',
  'webhook:read',
  'webhook:write',
] as const
export type Scope = (typeof scopes)[number]

/** What each scope means on the page where the seller allows it. */
export const scopeTexts: Record<Scope, string> = {
  'products:read': 'See your products',
  'products:write': 'Add, change and remove your products',
  'orders:read': 'See your orders',
  'orders:write': 'Ship and refund your orders',
  'merchant:read': 'See your store settings and warehouses',
  'merchant:write': 'Change your warehouses and the countries you ship to',
  'webhook:read': 'See your webhooks',
  'webhook:write': 'Add and remove webhooks',
}

/** Codes mean one thing per endpoint only; the same number stands for other things elsewhere. */
export const codes = {
  badGrantType: 1001,
  accountDisabled: 1002,
  unauthorized: 1006,
  tokenExpired: 1007,
  tokenRevoked: 1008,
  tokenMissing: 1012,
  badCredentials: 10001,
  codeRedeemed: 10002,
  codeExpired: 10004,
  codeWrong: 10008,
  invalid: 90001,
} as const

export const currencies: Record<string, { name: string; minorDigits: number }> = {
  USD: { name: 'US Dollar', minorDigits: 2 },
  GBP: { name: 'Pound Sterling', minorDigits: 2 },
  EUR: { name: 'Euro', minorDigits: 2 },
  CAD: { name: 'Canadian Dollar', minorDigits: 2 },
  AUD: { name: 'Australian Dollar', minorDigits: 2 },
  CNY: { name: 'Chinese Yuan', minorDigits: 2 },
  JPY: { name: 'Japanese Yen', minorDigits: 0 },
}

export const countries: Record<string, { name: string; phone: string }> = {
  AU: { name: 'Australia', phone: '61' },
  BR: { name: 'Brazil', phone: '55' },
  CA: { name: 'Canada', phone: '1' },
  CN: { name: 'China', phone: '86' },
  DE: { name: 'Germany', phone: '49' },
  ES: { name: 'Spain', phone: '34' },
  FR: { name: 'France', phone: '33' },
  GB: { name: 'United Kingdom', phone: '44' },
  IE: { name: 'Ireland', phone: '353' },
  IT: { name: 'Italy', phone: '39' },
  JP: { name: 'Japan', phone: '81' },
  KR: { name: 'South Korea', phone: '82' },
  MX: { name: 'Mexico', phone: '52' },
  NL: { name: 'Netherlands', phone: '31' },
  NO: { name: 'Norway', phone: '47' },
  PL: { name: 'Poland', phone: '48' },
  PT: { name: 'Portugal', phone: '351' },
  SE: { name: 'Sweden', phone: '46' },
  US: { name: 'United States', phone: '1' },
}

/** Countries whose customs want an IOSS number on the parcel. */
export const unionCountries = ['DE', 'ES', 'FR', 'IE', 'IT', 'NL', 'PL', 'PT', 'SE']

export const carriers = [
  'RoyalMail',
  'DPDUK',
  'EVRi',
  'ParcelForce',
  'Yodel',
  'DHL',
  'DHLeCommerce',
  'FedEx',
  'UPS',
  'USPS',
  'GLS',
  'ChinaAirPost',
  'YunExpress',
  'YanWen',
  '4PX',
  'PostNL',
  'DeutschePost',
  'Colissimo',
  'CanadaPost',
  'AustraliaPost',
  'JapanPost',
  'EMS',
]

/** Those with proof of delivery. */
export const confirmedCarriers = ['RoyalMail', 'DPDUK', 'ParcelForce', 'DHL', 'FedEx', 'UPS', 'USPS', 'GLS']

export const orderStates = ['APPROVED', 'SHIPPED', 'REFUNDED', 'REQUIRE_REVIEW', 'DECLINED'] as const
export type OrderState = (typeof orderStates)[number]

export const orderTypes = [
  'WISH_EXPRESS',
  'FULFILLED_BY_WISH',
  'FULFILLED_BY_STORE',
  'LESS_THAN_TRUCKLOAD',
  'PREMIUM_SHIPPING_CARRIER_UPGRADE',
  'ADVANCED_LOGISTICS',
  'OPTIONAL_ADVANCED_LOGISTICS',
  'CONFIRMED_DELIVERY_POLICY',
  'VAT',
  'PC-VAT',
  'UNIFICATION_INITIATIVE',
  'MAX_DELIVERY_DAY_REQUIREMENT',
  'CALCULATED_SHIPPING',
  'WISH_PLUS',
] as const
export const orderTypesToFilter = [
  'WISH_EXPRESS',
  'FULFILLED_BY_WISH',
  'FULFILLED_BY_STORE',
  'LESS_THAN_TRUCKLOAD',
  'ADVANCED_LOGISTICS',
  'WISH_PLUS',
]

/** Which reasons may be given while the goods are here, and which once they left. */
export const refundReasons = {
  here: ['UNABLE_TO_SHIP', 'MERCHANT_OUT_OF_STOCK', 'MERCHANT_REPORTED_BUYER_FRAUD'],
  gone: [
    'ITEM_RETURNED_TO_SENDER',
    'ITEM_IS_DAMAGED',
    'SHIPPING_TAKING_TOO_LONG',
    'ITEM_DOES_NOT_FIT',
    'RECEIVED_WRONG_ITEM',
    'ITEM_DOES_NOT_WORK_AS_DESCRIBED',
    'ITEM_DOES_NOT_MATCH_LISTING',
    'ITEM_MARKED_DELIVERED_BUT_DID_NOT_ARRIVE',
    'MERCHANT_SENT_TO_WRONG_ADDRESS',
    'INCOMPLETE_ORDER',
    'EMPTY_PACKAGE',
  ],
}

export const productStates = [
  'ACTIVE',
  'WISH_INACTIVE',
  'MERCHANT_INACTIVE',
  'REMOVED_BY_WISH',
  'REMOVED_BY_MERCHANT',
] as const
export type ProductState = (typeof productStates)[number]

export const productStatuses = [
  'PENDING_REVIEW',
  'APPROVED',
  'REJECTED',
  'REMOVED_BY_WISH',
  'REMOVED_BY_MERCHANT',
] as const
export type ProductStatus = (typeof productStatuses)[number]

export const topicNames = [
  'ORDER_ALL',
  'ORDER_RELEASE',
  'ORDER_FULFILLMENT_DEADLINE',
  'ORDER_ADDRESS_CHANGE',
  'ORDER_TRACKING_UPDATE',
  'ORDER_REFUND',
  'PRODUCT_UPDATE_MERCHANT',
  'PRODUCT_INVENTORY_CHANGE_WISH_USER',
  'PRODUCT_INVENTORY_CHANGE_MERCHANT',
  'PRODUCT_SOLDOUT',
] as const
export type TopicName = (typeof topicNames)[number]

/** Ids that are the same for every seller and every seed. */
export const topicId = (name: TopicName) =>
  `5f3a9c00000000000000${String(topicNames.indexOf(name) + 1).padStart(4, '0')}`

/** Our own small tree; the taxonomy of Wish has calls of its own that are not imitated. */
export const categories: Record<number, string> = {
  1001: 'Kitchen & Dining',
  1002: 'Home Decor',
  1003: 'Garden Tools',
  1004: "Women's Clothing",
  1005: "Men's Clothing",
  1006: 'Phone Accessories',
  1007: 'Toys & Games',
  1008: 'Jewelry',
}

export const colors = [
  { id: 'beige', name: 'Beige' },
  { id: 'black', name: 'Black' },
  { id: 'blue', name: 'Blue' },
  { id: 'cream', name: 'Cream' },
  { id: 'green', name: 'Green' },
  { id: 'grey', name: 'Grey' },
  { id: 'pink', name: 'Pink' },
  { id: 'red', name: 'Red' },
  { id: 'white', name: 'White' },
  { id: 'yellow', name: 'Yellow' },
]
