/** What of a sales channel decides how its orders are imported. */
export type IngestChannel = {
  id: string
  connectedAt: Date
  excludeUnmapped: boolean
  splitMixed: boolean
  settingsVersion: number
  defaultShippingServiceId: string | null
  defaultShippingServiceName: string | null
}
