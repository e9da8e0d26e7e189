// The filters of the orders list, as the address has them. What no filter can be is left out, so that a mangled link
// still shows orders.
import type { z } from 'zod'
import { orderStatus } from '../../../api/contract.ts'
import { useFilters } from '../../parts/filters.ts'
import { isDay } from './days.ts'

export type OrderStatus = z.infer<typeof orderStatus>
export type OrderQuery = {
  search?: string
  status?: OrderStatus
  channelId?: string
  paid?: 'yes' | 'no'
  from?: string
  to?: string
}

export function useOrderFilters() {
  const [filters, setFilters] = useFilters('search', 'status', 'channelId', 'paid', 'from', 'to')
  const status = orderStatus.options.find((known) => known === filters.status)
  const query: OrderQuery = {
    ...(filters.search ? { search: filters.search } : {}),
    ...(status ? { status } : {}),
    ...(isId(filters.channelId) ? { channelId: filters.channelId } : {}),
    ...(filters.paid === 'yes' || filters.paid === 'no' ? { paid: filters.paid } : {}),
    ...(isDay(filters.from) ? { from: filters.from } : {}),
    ...(isDay(filters.to) ? { to: filters.to } : {}),
  }
  const clear = () => setFilters({ search: null, status: null, channelId: null, paid: null, from: null, to: null })
  return { query, setFilters, clear, isFiltered: Object.keys(query).length > 0 }
}

function isId(text: string | undefined): text is string {
  return text !== undefined && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)
}
