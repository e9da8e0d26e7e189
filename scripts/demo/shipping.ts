// What the marketplaces call their shipping services is mapped, all but one word, so that the screens have something to ask.
import { until, type HubClient } from './hub-client.ts'
import { nameDefaultService } from './seed.ts'

type Theirs = { services: { service: string; label: string; shippingServiceId: string | null }[]; canDownload: boolean }

/** This one is left for the seller to map. */
export const leftUnmapped = { marketplace: 'amazon', service: 'EXPEDITED' }

/** A marketplace that names no services gets a default. */
export async function mapServices(hub: HubClient, channelId: string, marketplace: string): Promise<void> {
  const path = `/api/channels/${channelId}`
  const { canDownload } = await hub.get<Theirs>(`${path}/shipping-services`)
  if (!canDownload) return nameDefaultService(hub, channelId)
  await hub.send('POST', `${path}/shipping-services/download`, {})
  const { services } = await until(
    'Asking for shipping services',
    60,
    () => hub.get<Theirs>(`${path}/shipping-services`),
    (found) => found.services.length > 0,
  )
  const ours = await hub.get<{ id: string; name: string }[]>('/api/shipping-services')
  const idOf = (name: RegExp) => ours.find((one) => name.test(one.name))?.id
  const isLeft = (service: string) => marketplace === leftUnmapped.marketplace && service === leftUnmapped.service
  const map = services
    .filter(({ service, shippingServiceId }) => shippingServiceId === null && !isLeft(service))
    .map(({ service, label }) => ({
      service,
      shippingServiceId: /express|next|same|priority/i.test(`${service} ${label}`) ? idOf(/Express/) : idOf(/Standard/),
    }))
  await hub.send('POST', `${path}/shipping-mappings`, { map, unmap: [] })
}
