// What the marketplace calls its shipping services, once a day and when somebody asks (C1). Those on orders are seen there.
import { storeChannelServices } from '../domain/shipping/channel-services.store.ts'
import type { ChannelOperation } from './channel-run.ts'

export const pullShippingServices: ChannelOperation = {
  name: 'pull-shipping-services',
  everySeconds: 24 * 3600,
  possible: (connector) => connector.orders.shippingServices !== undefined,
  async run(run) {
    const services = (await run.connector.orders.shippingServices?.(run.call)) ?? []
    await run.transaction((tx) => storeChannelServices(tx, run.channel.id, services))
    return 'done'
  },
}
