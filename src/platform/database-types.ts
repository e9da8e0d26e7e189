// Written by scripts/db-types.ts from the migrations. Do not edit.

import type { ColumnType } from 'kysely'

export type Generated<T> =
  T extends ColumnType<infer S, infer I, infer U> ? ColumnType<S, I | undefined, U> : ColumnType<T, T | undefined, T>

export type Json = JsonValue

export type JsonArray = JsonValue[]

export type JsonObject = {
  [x: string]: JsonValue | undefined
}

export type JsonPrimitive = boolean | number | string | null

export type JsonValue = JsonArray | JsonObject | JsonPrimitive

export type Numeric = ColumnType<string, number | string, number | string>

export type Timestamp = ColumnType<Date, Date | string, Date | string>

export interface AuditEvents {
  action: string
  actor: string
  at: Generated<Timestamp>
  data: Generated<Json>
  id: string
  subject: string
  tenant_id: string
}

export interface AuthAccounts {
  access_token: string | null
  access_token_expires_at: Timestamp | null
  account_id: string
  created_at: Generated<Timestamp>
  id: string
  id_token: string | null
  password: string | null
  provider_id: string
  refresh_token: string | null
  refresh_token_expires_at: Timestamp | null
  scope: string | null
  updated_at: Generated<Timestamp>
  user_id: string
}

export interface AuthInvitations {
  accepted_at: Timestamp | null
  created_at: Generated<Timestamp>
  email: string
  expires_at: Timestamp
  id: string
  invited_by: string
  role: string
  supplier_id: string | null
  tenant_id: string
  token_hash: string
}

export interface AuthMembers {
  created_at: Generated<Timestamp>
  role: string
  supplier_id: string | null
  tenant_id: string
  user_id: string
}

export interface AuthSessions {
  created_at: Generated<Timestamp>
  expires_at: Timestamp
  id: string
  ip_address: string | null
  token: string
  updated_at: Generated<Timestamp>
  user_agent: string | null
  user_id: string
}

export interface AuthSetupToken {
  made_at: Generated<Timestamp>
  only_row: Generated<boolean>
  token_hash: string
}

export interface AuthSignInTries {
  email_hash: string
  failures: number
  last_failed_at: Timestamp
  locked_until: Timestamp | null
}

export interface AuthSupplierKeys {
  created_at: Generated<Timestamp>
  created_by: string
  hint: string
  id: string
  key_hash: string
  last_used_at: Timestamp | null
  name: string
  revoked_at: Timestamp | null
  supplier_id: string
  tenant_id: string
}

export interface AuthUsers {
  created_at: Generated<Timestamp>
  email: string
  email_verified: Generated<boolean>
  id: string
  image: string | null
  name: string
  updated_at: Generated<Timestamp>
}

export interface AuthVerifications {
  created_at: Generated<Timestamp>
  expires_at: Timestamp
  id: string
  identifier: string
  updated_at: Generated<Timestamp>
  value: string
}

export interface BulkActionOrders {
  bulk_id: string
  order_id: string
  position: number
  reason: string | null
  state: Generated<string>
  tenant_id: string
}

export interface BulkActions {
  action: string
  actor: string
  created_at: Generated<Timestamp>
  data: Generated<Json>
  done: Generated<number>
  finished_at: Timestamp | null
  id: string
  refused: Generated<number>
  tenant_id: string
  total: number
}

export interface ChannelAccounts {
  base_url: string | null
  checked_at: Timestamp | null
  connector: string
  created_at: Generated<Timestamp>
  credentials: Buffer
  id: string
  removed_at: Timestamp | null
  renew_after: Timestamp | null
  renew_failures: Generated<number>
  renew_fence: Generated<number>
  renewals_in_vain: Generated<number>
  renewed_at: Timestamp | null
  renewing_until: Timestamp | null
  seller_id: string
  state: Generated<string>
  state_reason: string | null
  tenant_id: string
}

export interface ChannelCategories {
  channel_id: string
  id: string
  is_leaf: boolean
  may_list: boolean
  name: string
  parent_id: string | null
  path: string
  retired_at: Timestamp | null
  search_text: string
  tenant_id: string
}

export interface ChannelCategoryAttributes {
  attributes: Json
  category_id: string
  channel_id: string
  limits: Json
  read_at: Generated<Timestamp>
  tenant_id: string
}

export interface ChannelProducts {
  attributes: Generated<Json>
  category_id: string | null
  category_path: string | null
  channel_id: string
  description: string | null
  product_id: string
  template_id: string | null
  tenant_id: string
  title: string | null
  updated_at: Generated<Timestamp>
}

export interface ChannelServices {
  channel_id: string
  label: string
  seen_at: Generated<Timestamp>
  seen_on_orders: Generated<boolean>
  service: string
  tenant_id: string
}

export interface ChannelVariants {
  attributes: Generated<Json>
  channel_id: string
  currency: string | null
  included: Generated<boolean>
  price_minor: number | null
  shipping_minor: number | null
  tenant_id: string
  title: string | null
  updated_at: Generated<Timestamp>
  variant_id: string
}

export interface ChannelWork {
  attempts: Generated<number>
  channel_id: string
  due_at: Timestamp | null
  even_when_off: Generated<boolean>
  every_seconds: number
  fence: Generated<number>
  finished_at: Timestamp | null
  last_refusal: string | null
  leased_until: Timestamp | null
  nudged_for: Timestamp | null
  operation: string
  started_at: Timestamp | null
  tenant_id: string
}

export interface CommonWords {
  tenant_id: string
  word: string
}

export interface Consents {
  account: Buffer | null
  channel_id: string | null
  code_hash: string | null
  connected_channel_id: string | null
  created_at: Generated<Timestamp>
  expires_at: Timestamp
  id: string
  marketplace: string
  name: string | null
  purpose: string
  reason: string | null
  redirect_uri: string
  site_id: string | null
  sites: Json | null
  state: Generated<string>
  state_hash: string
  tenant_id: string
  typed: Buffer
  user_id: string
}

export interface Counters {
  name: string
  tenant_id: string
  value: Generated<number>
}

export interface Effects {
  attempts: Generated<number>
  business_key: string
  channel_id: string | null
  created_at: Generated<Timestamp>
  data: Generated<Json>
  fence: Generated<number>
  id: string
  kind: string
  next_try_at: Timestamp | null
  reference: string | null
  refusal: string | null
  settled_at: Timestamp | null
  state: Generated<string>
  subject_id: string
  supplier_id: string | null
  tenant_id: string
  ticket: string | null
}

export interface ExchangeRates {
  created_at: Generated<Timestamp>
  entered_by: string
  from_currency: string
  id: string
  on_date: Timestamp
  rate: Numeric
  source: string
  tenant_id: string
  to_currency: string
}

export interface FileImportRefusals {
  column_name: string | null
  import_id: string
  line: number
  position: number
  reason: string
  row_taken: Generated<boolean>
  row_text: string
  tenant_id: string
}

export interface FileImports {
  actor: string
  came_by: Generated<string>
  failure: string | null
  feed_id: string | null
  file_name: string
  finished_at: Timestamp | null
  held_because: Generated<Json>
  id: string
  kind: string
  layout: Generated<Json>
  notes: Generated<Json>
  rows_applied: Generated<number>
  rows_read: Generated<number>
  rows_refused: Generated<number>
  rows_unchanged: Generated<number>
  size_bytes: number
  started_at: Generated<Timestamp>
  state: string
  supplier_id: string | null
  tenant_id: string
}

export interface FreeSlots {
  slot: number
  tenant_id: string
}

export interface GridFacets {
  category: string | null
  id: Generated<number>
  in_stock: boolean
  supplier_ids: string[]
  tenant_id: string
}

export interface GridMarks {
  id: Generated<number>
  product_id: string
  slot: number | null
  tenant_id: string
}

export interface GridRows {
  channel_id: string
  cost_key: number
  facet_id: number
  price_key: number
  product_id: string
  sku_key: string
  slot: number
  state: number
  stock_key: number
  tenant_id: string
  title_key: string
}

export interface InvoiceLines {
  id: string
  invoice_id: string
  net_minor: number
  position: number
  purchase_order_id: string
  purchase_order_line_id: string | null
  quantity: number
  tenant_id: string
  text: string
  unit_minor: number
  vat_minor: number
  vat_rate_basis_points: number
}

export interface Invoices {
  created_at: Generated<Timestamp>
  credited_minor: Generated<number>
  credits_invoice_id: string | null
  currency: string
  due_on: Timestamp | null
  for_day: Timestamp | null
  goods_minor: number
  id: string
  issued_at: Timestamp | null
  kind: string
  number: string | null
  paid_minor: Generated<number>
  shipping_minor: number
  state: string
  supplier_id: string
  tenant_id: string
  total_minor: number
  vat_minor: number
}

export interface LedgerEntries {
  account: string
  at: Generated<Timestamp>
  credit_minor: Generated<number>
  currency: string
  debit_minor: Generated<number>
  id: string
  supplier_id: string
  tenant_id: string
  transaction_id: string
}

export interface ListingChanges {
  action: string
  asked_by: string
  attempts: Generated<number>
  channel_id: string
  created_at: Generated<Timestamp>
  draft: Json | null
  faults: Generated<Json>
  fence: Generated<number>
  id: string
  look_ups: Generated<number>
  marketplace_listing_id: string | null
  next_try_at: Generated<Timestamp>
  product_id: string
  run_id: string
  settled_at: Timestamp | null
  state: Generated<string>
  tenant_id: string
  ticket: string | null
  variant_id: string | null
}

export interface ListingEvents {
  actor: string
  at: Generated<Timestamp>
  data: Generated<Json>
  id: string
  kind: string
  listing_id: string
  tenant_id: string
}

export interface Listings {
  barcode: string | null
  channel_id: string
  channel_sku: string | null
  channel_sku_normalized: string | null
  condition: string | null
  created_at: Generated<Timestamp>
  id: string
  image_url: string | null
  listed_here_at: Timestamp | null
  marketplace_listing_id: string
  marketplace_state: string
  marketplace_variant_id: Generated<string>
  missing_since: Timestamp | null
  price_currency: string | null
  price_minor: number | null
  quantity: number | null
  search_text: Generated<string>
  seen_at: Generated<Timestamp>
  state: string
  takes_quantity: Generated<boolean>
  tenant_id: string
  title: string
  url: string | null
  zero_is_final: Generated<boolean>
}

export interface ListingSelections {
  action: string
  after_id: string | null
  asked_by: string
  channel_id: string
  closed_at: Timestamp | null
  filter: Json
  matching: number
  run_id: string
  taken: Generated<number>
  tenant_id: string
}

export interface ListingTargets {
  accepted: number | null
  accepted_at: Timestamp | null
  accepted_version: number | null
  approved_version: number | null
  attempts: Generated<number>
  channel_id: string
  currency: string | null
  desired: number | null
  desired_at: Generated<Timestamp>
  desired_version: Generated<number>
  fence: Generated<number>
  kind: string
  listing_id: string
  next_try_at: Timestamp | null
  reasons: Generated<Json>
  refusal: string | null
  refused_version: number | null
  sent: number | null
  sent_at: Timestamp | null
  sent_version: number | null
  state: Generated<string>
  tenant_id: string
  ticket_id: string | null
  ticket_place: number | null
  urgency: Generated<number>
  verified: number | null
  verified_at: Timestamp | null
  waits: Generated<boolean>
}

export interface ListingTemplates {
  attributes: Generated<Json>
  catalogue_category: string | null
  category_id: string
  category_path: string
  channel_id: string
  created_at: Generated<Timestamp>
  description_pattern: string | null
  id: string
  name: string
  tenant_id: string
  title_pattern: string | null
  updated_at: Generated<Timestamp>
}

export interface NudgeInbox {
  marketplace: string
  nudge_hash: string
  received_at: Generated<Timestamp>
}

export interface NudgeRoutes {
  channel_id: string
  marketplace: string
  seller_hash: string
  site_hash: string
  tenant_id: string
}

export interface OrderBodies {
  body: Buffer
  order_id: string
  stored_at: Generated<Timestamp>
  tenant_id: string
}

export interface OrderEvents {
  actor: string
  at: Generated<Timestamp>
  data: Generated<Json>
  id: string
  kind: string
  order_id: string
  settings_version: number | null
  tenant_id: string
}

export interface OrderLineComponents {
  hold_reason: string | null
  id: string
  order_id: string
  order_line_id: string
  quantity: number
  quantity_each: number
  state: string
  tenant_id: string
  variant_id: string
}

export interface OrderLines {
  channel_sku: string | null
  id: string
  listing_id: string | null
  mapped: boolean
  marketplace_line_id: string
  marketplace_listing_id: string | null
  marketplace_quantity: number | null
  marketplace_variant_id: string | null
  order_id: string
  position: number
  quantity: number
  tenant_id: string
  title: string
  unit_price_minor: number
}

export interface Orders {
  address_missing: Generated<boolean>
  bundle_id: string | null
  cancel_asked_at: Timestamp | null
  cancel_reason: string | null
  channel_id: string | null
  channel_status: string
  closed_at: Timestamp | null
  contact: Buffer | null
  country_code: string | null
  currency: string
  entered_by: string | null
  id: string
  imported_at: Generated<Timestamp>
  items_minor: number
  left_out_lines: string[] | null
  local_pickup: Generated<boolean>
  marketplace_order_id: string
  marketplace_status: string
  marketplace_updated_at: Timestamp
  paid_at: Timestamp | null
  pinned: Generated<boolean>
  placed_at: Timestamp
  settings_version: number
  ship_by: Timestamp | null
  shipping_because: string | null
  shipping_minor: number
  shipping_service_id: string | null
  shipping_service_name: string | null
  status: string
  status_reason: string | null
  tax_minor: number
  tenant_id: string
  terms: Generated<string[]>
  terms_version: Generated<number>
  total_minor: number
  unmapped: Generated<boolean>
  updated_at: Generated<Timestamp>
}

export interface OrderTerms {
  order_id: string
  placed_at: Timestamp
  tenant_id: string
  term: string
}

export interface Payments {
  amount_minor: number
  created_at: Generated<Timestamp>
  currency: string
  entered_by: string
  id: string
  invoice_id: string
  method: Generated<string>
  paid_on: Timestamp
  reference: Generated<string>
  supplier_id: string
  tenant_id: string
}

export interface Pictures {
  content: Buffer
  content_type: string
  created_at: Generated<Timestamp>
  height: number
  id: string
  sha256: Buffer
  tenant_id: string
  width: number
}

export interface PriceApprovals {
  actor: string
  at: Generated<Timestamp>
  cost_minor: number
  currency: string
  down_to_minor: number
  listing_id: string
  tenant_id: string
}

export interface PriceSweeps {
  after_variant: string | null
  approved_by: string | null
  created_at: Generated<Timestamp>
  done: Generated<number>
  id: Generated<number>
  tenant_id: string
}

export interface PricingRules {
  active: Generated<boolean>
  ceiling_minor: number | null
  changed_at: Generated<Timestamp>
  changed_by: string
  channel_ids: Generated<string[]>
  currency: string
  deleted_at: Timestamp | null
  ending_every: number | null
  ending_minor: number | null
  fee_basis_points: number
  fee_fixed_minor: number
  floor_minor: number | null
  id: string
  markup: number
  markup_kind: string
  name: string
  position: number
  scope_kind: string
  shipping_service_id: string | null
  tenant_id: string
  vat_from: string
  vat_rate_basis_points: number | null
  version: Generated<number>
}

export interface PricingRuleScopes {
  rule_id: string
  tenant_id: string
  value: string
}

export interface PricingRuleVersions {
  active: boolean
  actor: string
  approved: boolean
  at: Generated<Timestamp>
  position: number
  rule: Json
  rule_id: string
  tenant_id: string
  version: number
  what: string
}

export interface Problems {
  channel_id: string | null
  closed_at: Timestamp | null
  data: Generated<Json>
  id: string
  key: string
  kind: string
  last_seen_at: Generated<Timestamp>
  listing_id: string | null
  opened_at: Generated<Timestamp>
  order_id: string | null
  supplier_id: string | null
  tenant_id: string
}

export interface ProductEditRows {
  after: Json
  before: Json
  edit_id: string
  is_variant: boolean
  subject_id: string
  tenant_id: string
}

export interface ProductEdits {
  actor: string
  change: Json
  created_at: Generated<Timestamp>
  id: string
  products: number
  tenant_id: string
  undone_at: Timestamp | null
  undone_by: string | null
}

export interface ProductImages {
  alt: Generated<string>
  id: string
  picture_id: string | null
  position: number
  product_id: string
  tenant_id: string
  url: string
}

export interface Products {
  archived_at: Timestamp | null
  brand: string | null
  category: string | null
  created_at: Generated<Timestamp>
  description: Generated<string>
  handle: string
  id: string
  product_type: string | null
  tags: Generated<string[]>
  tenant_id: string
  title: string
  updated_at: Generated<Timestamp>
}

export interface ProductSlots {
  next: number
  surveyed: Generated<number>
  tenant_id: string
}

export interface ProductTerms {
  slot: number
  tenant_id: string
  term: string
}

export interface ProductWords {
  looked_up: boolean
  product_id: string
  slot: number
  tenant_id: string
  words: string
}

export interface PurchaseOrderLines {
  cancelled_quantity: Generated<number>
  component_id: string
  cost_minor: number
  id: string
  offer_id: string
  purchase_order_id: string
  quantity: number
  supplier_sku: string
  tenant_id: string
  title: string
  variant_id: string
  vat_rate_basis_points: Generated<number>
}

export interface PurchaseOrders {
  accepted_at: Timestamp | null
  cancel_reason: string | null
  cancelled_at: Timestamp | null
  cancelled_by: string | null
  carrier: string | null
  cost_minor: number
  created_at: Generated<Timestamp>
  currency: string
  gate_reason: string | null
  id: string
  invoice_id: string | null
  number: string
  order_id: string
  order_way: Generated<string>
  payment_gate: Generated<string>
  rate: Numeric | null
  rate_date: Timestamp | null
  rate_source: string | null
  revision: Generated<number>
  sent_at: Timestamp | null
  shipping_minor: Generated<number>
  shipping_service_id: string | null
  shipping_vat_basis_points: Generated<number>
  split_number: Generated<number>
  state: string
  supplier_id: string
  supplier_reference: string | null
  tenant_id: string
  vat_minor: Generated<number>
}

export interface PushTickets {
  channel_id: string
  check_at: Generated<Timestamp>
  checks: Generated<number>
  fence: number
  id: string
  kind: string
  submitted_at: Generated<Timestamp>
  tenant_id: string
  ticket: string | null
}

export interface Reservations {
  component_id: string
  created_at: Generated<Timestamp>
  ended_at: Timestamp | null
  id: string
  offer_id: string
  quantity: number
  state: Generated<string>
  tenant_id: string
}

export interface RulePrices {
  channel_id: string
  computed_at: Generated<Timestamp>
  cost_minor: number | null
  currency: string
  held: string | null
  offer_id: string | null
  price_minor: number | null
  rate: Numeric | null
  rate_on_date: Timestamp | null
  rate_source: string | null
  rule_id: string
  rule_version: number
  shipping_minor: number | null
  tenant_id: string
  variant_id: string
  vat_rate_basis_points: number | null
}

export interface Runs {
  channel_id: string | null
  counts: Generated<Json>
  done: Generated<number>
  finished_at: Timestamp | null
  id: string
  kind: string
  message: string | null
  started_at: Generated<Timestamp>
  state: Generated<string>
  tenant_id: string
  total: number | null
}

export interface SalesChannels {
  account_id: string
  advertised_max: Generated<number>
  categories_read_at: Timestamp | null
  connected_at: Generated<Timestamp>
  connector: string
  currencies: Generated<string[]>
  currency: string
  default_shipping_service_id: string | null
  enabled: Generated<boolean>
  exclude_unmapped: Generated<boolean>
  id: string
  listing_cursor: string | null
  listings_synced_at: Timestamp | null
  name: string
  order_cursor: string | null
  orders_synced_at: Timestamp | null
  price_update: Generated<boolean>
  prices_synced_at: Timestamp | null
  reconcile_cursor: string | null
  reconcile_since: Timestamp | null
  reconciled_at: Timestamp | null
  removed_at: Timestamp | null
  removed_by: string | null
  settings_version: Generated<number>
  site_id: string
  site_name: string
  split_mixed: Generated<boolean>
  stock_synced_at: Timestamp | null
  stock_threshold: Generated<number>
  stock_update: Generated<boolean>
  switched_at: Timestamp | null
  switched_by: string | null
  tenant_id: string
  warehouse_id: string | null
  warehouse_name: string | null
  warehouses: Generated<Json>
}

export interface SavedFilters {
  created_at: Generated<Timestamp>
  id: string
  is_default: Generated<boolean>
  name: string
  position: number
  query: string
  tenant_id: string
  user_id: string
}

export interface ShipmentLines {
  component_id: string
  quantity: number
  shipment_id: string
  tenant_id: string
}

export interface Shipments {
  carrier: string
  created_at: Generated<Timestamp>
  entered_by: string
  id: string
  order_id: string
  package_number: number
  purchase_order_id: string | null
  shipped_at: Timestamp
  tenant_id: string
  tracking_number: string
  tracking_plain: Generated<string | null>
}

export interface ShippingMappings {
  channel_id: string
  created_at: Generated<Timestamp>
  created_by: string
  service: string
  shipping_service_id: string
  tenant_id: string
}

export interface ShippingServices {
  active: Generated<boolean>
  created_at: Generated<Timestamp>
  id: string
  name: string
  tenant_id: string
}

export interface SkippedOrders {
  at: Generated<Timestamp>
  channel_id: string
  marketplace_order_id: string
  reason: string
  refusal: string | null
  tenant_id: string
  wanted_at: Timestamp | null
}

export interface SkuMappingComponents {
  mapping_id: string
  quantity: number
  tenant_id: string
  variant_id: string
}

export interface SkuMappings {
  channel_id: string
  created_at: Generated<Timestamp>
  created_by: string
  evidence: Generated<string>
  id: string
  listing_id: string
  tenant_id: string
}

export interface StockMarks {
  id: Generated<number>
  tenant_id: string
  variant_id: string
}

export interface StockMovements {
  actor: string
  at: Generated<Timestamp>
  delta: number
  id: string
  offer_id: string
  on_hand_after: number
  reason: string
  reference: string | null
  tenant_id: string
}

export interface SupplierFeedFetches {
  at: Generated<Timestamp>
  feed_id: string
  file_name: string | null
  id: string
  import_id: string | null
  outcome: string
  reason: string | null
  size_bytes: number | null
  supplier_id: string
  tenant_id: string
}

export interface SupplierFeeds {
  active: Generated<boolean>
  content_hash: string | null
  created_at: Generated<Timestamp>
  created_by: string
  due_at: Generated<Timestamp>
  etag: string | null
  every_minutes: Generated<number>
  failures: Generated<number>
  fence: Generated<number>
  finished_at: Timestamp | null
  id: string
  last_import_id: string | null
  leased_until: Timestamp | null
  refusal: string | null
  settings: Buffer
  shown: Generated<Json>
  source: string
  started_at: Timestamp | null
  supplier_id: string
  tenant_id: string
}

export interface SupplierFileRows {
  cost_minor: number | null
  import_id: string
  line: number
  on_hand: number | null
  supplier_sku: string
  tenant_id: string
}

export interface SupplierFilesTaken {
  content_hash: string
  file_name: string
  import_id: string | null
  supplier_id: string
  taken_at: Generated<Timestamp>
  tenant_id: string
}

export interface SupplierOffers {
  active: Generated<boolean>
  cost_minor: number | null
  created_at: Generated<Timestamp>
  currency: string
  id: string
  lead_time_days: number | null
  on_hand: number | null
  on_hand_at: Timestamp | null
  reserved: Generated<number>
  supplier_id: string
  supplier_sku: string
  tenant_id: string
  updated_at: Generated<Timestamp>
  variant_id: string
}

export interface Suppliers {
  active: Generated<boolean>
  charges_vat: Generated<boolean>
  connection: Buffer | null
  connection_shown: Generated<Json>
  created_at: Generated<Timestamp>
  credit_limit_minor: number | null
  currency: string
  figures_at: Timestamp | null
  figures_stale: Generated<boolean>
  file_mapping: Json | null
  held_fewer_percent: Generated<number>
  held_zero_percent: Generated<number>
  id: string
  invoice_per: Generated<string>
  lead_time_days: number | null
  name: string
  order_email: string | null
  order_way: Generated<string>
  own_stock: Generated<boolean>
  payment_days: Generated<number>
  picks_up_tracking: Generated<boolean>
  postal_address: Generated<string>
  preference: Generated<number>
  ship_to_countries: string[] | null
  stale_after_hours: number | null
  stale_shows_zero: Generated<boolean>
  tenant_id: string
  terms: Generated<string>
  vat_number: string | null
  vat_rate_basis_points: Generated<number>
}

export interface SupplierServices {
  active: Generated<boolean>
  carrier: string
  cost_minor: number | null
  delivery_days: number | null
  shipping_service_id: string
  supplier_id: string
  tenant_id: string
  tracked: Generated<boolean>
  vat_rate_basis_points: Generated<number>
}

export interface Tenants {
  buyer_data_days: Generated<number>
  created_at: Generated<Timestamp>
  currency: Generated<string>
  deadline_warning_hours: Generated<number>
  id: string
  name: string
  price_listings_max: Generated<number>
  price_step_max_basis_points: Generated<number>
  reclaims_vat: Generated<boolean>
  time_zone: Generated<string>
  unmapped_keep_days: Generated<number>
}

export interface TenantWork {
  due_at: Timestamp
  every_seconds: number
  job: string
  tenant_id: string
}

export interface TokenBuckets {
  account_id: string
  blocked_until: Timestamp | null
  burst: number
  operation_class: string
  per_minute: number
  refilled_at: Timestamp
  tenant_id: string
  tokens: number
}

export interface Variants {
  archived_at: Timestamp | null
  barcode: string | null
  created_at: Generated<Timestamp>
  currency: string
  height_mm: number | null
  id: string
  image_url: string | null
  length_mm: number | null
  options: Generated<Json>
  position: Generated<number>
  price_minor: number | null
  product_id: string
  search_text: Generated<string>
  sku: string
  sku_normalized: string
  tenant_id: string
  title: Generated<string>
  updated_at: Generated<Timestamp>
  vat_rate_basis_points: number | null
  weight_grams: number | null
  width_mm: number | null
}

export interface WordBits {
  bits: Buffer
  block: number
  tenant_id: string
  word: string
}

export interface DB {
  audit_events: AuditEvents
  'auth.accounts': AuthAccounts
  'auth.invitations': AuthInvitations
  'auth.members': AuthMembers
  'auth.sessions': AuthSessions
  'auth.setup_token': AuthSetupToken
  'auth.sign_in_tries': AuthSignInTries
  'auth.supplier_keys': AuthSupplierKeys
  'auth.users': AuthUsers
  'auth.verifications': AuthVerifications
  bulk_action_orders: BulkActionOrders
  bulk_actions: BulkActions
  channel_accounts: ChannelAccounts
  channel_categories: ChannelCategories
  channel_category_attributes: ChannelCategoryAttributes
  channel_products: ChannelProducts
  channel_services: ChannelServices
  channel_variants: ChannelVariants
  channel_work: ChannelWork
  common_words: CommonWords
  consents: Consents
  counters: Counters
  effects: Effects
  exchange_rates: ExchangeRates
  file_import_refusals: FileImportRefusals
  file_imports: FileImports
  free_slots: FreeSlots
  grid_facets: GridFacets
  grid_marks: GridMarks
  grid_rows: GridRows
  invoice_lines: InvoiceLines
  invoices: Invoices
  ledger_entries: LedgerEntries
  listing_changes: ListingChanges
  listing_events: ListingEvents
  listing_selections: ListingSelections
  listing_targets: ListingTargets
  listing_templates: ListingTemplates
  listings: Listings
  nudge_inbox: NudgeInbox
  nudge_routes: NudgeRoutes
  order_bodies: OrderBodies
  order_events: OrderEvents
  order_line_components: OrderLineComponents
  order_lines: OrderLines
  order_terms: OrderTerms
  orders: Orders
  payments: Payments
  pictures: Pictures
  price_approvals: PriceApprovals
  price_sweeps: PriceSweeps
  pricing_rule_scopes: PricingRuleScopes
  pricing_rule_versions: PricingRuleVersions
  pricing_rules: PricingRules
  problems: Problems
  product_edit_rows: ProductEditRows
  product_edits: ProductEdits
  product_images: ProductImages
  product_slots: ProductSlots
  product_terms: ProductTerms
  product_words: ProductWords
  products: Products
  purchase_order_lines: PurchaseOrderLines
  purchase_orders: PurchaseOrders
  push_tickets: PushTickets
  reservations: Reservations
  rule_prices: RulePrices
  runs: Runs
  sales_channels: SalesChannels
  saved_filters: SavedFilters
  shipment_lines: ShipmentLines
  shipments: Shipments
  shipping_mappings: ShippingMappings
  shipping_services: ShippingServices
  skipped_orders: SkippedOrders
  sku_mapping_components: SkuMappingComponents
  sku_mappings: SkuMappings
  stock_marks: StockMarks
  stock_movements: StockMovements
  supplier_feed_fetches: SupplierFeedFetches
  supplier_feeds: SupplierFeeds
  supplier_file_rows: SupplierFileRows
  supplier_files_taken: SupplierFilesTaken
  supplier_offers: SupplierOffers
  supplier_services: SupplierServices
  suppliers: Suppliers
  tenant_work: TenantWork
  tenants: Tenants
  token_buckets: TokenBuckets
  variants: Variants
  word_bits: WordBits
}
