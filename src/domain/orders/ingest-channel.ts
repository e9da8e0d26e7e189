/** What of a sales channel decides how its orders are imported. */
export type IngestChannel = {
  id: string
  connectedAt: Date
  currency: string
  /** All that the account can use; none where the marketplace does not say. */
  currencies: string[]
  excludeUnmapped: boolean
  splitMixed: boolean
  settingsVersion: number
  defaultShippingServiceId: string | null
  /** Null also where the default one is switched off: then it decides nothing. */
  defaultShippingServiceName: string | null
}
