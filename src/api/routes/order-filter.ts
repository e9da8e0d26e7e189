import type { z } from 'zod'
import { byHand, orderStatus, type orderFilter } from '../contract/orders.ts'
import type { OrderFilter } from '../../domain/orders/order-search.store.ts'

export type FilterQuery = z.output<typeof orderFilter>

/** What was checked at the door already: several statuses and channels are words between commas. */
export function readOrderFilter({ status, channelId, ...rest }: FilterQuery): OrderFilter {
  const wanted = new Set(status?.split(','))
  return {
    ...rest,
    status: status === undefined ? undefined : orderStatus.options.filter((each) => wanted.has(each)),
    channels: channelId?.split(',').map((id) => (id === byHand ? null : id)),
  }
}
