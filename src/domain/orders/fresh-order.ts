// An order that came in this very transaction: nobody else sees it yet, so nothing of it need be locked or read again, and
// what it asks for is written once, as routing decided it.
import type { OpenComponent } from '../purchasing/open-component.ts'
import { isOver, statusOf, type OrderFacts, type StatusAnswer } from './order.ts'

export type FreshOrder = {
  id: string
  facts: FreshFacts
  written: FreshStatus
  /** In the order of its lines. */
  components: FreshComponent[]
}

export type FreshFacts = Pick<OrderFacts, 'channelStatus' | 'unmappedLines'> & { lacksShippingService: boolean }

export type FreshComponent = OpenComponent & { orderLineId: string; quantityEach: number }

export type FreshStatus = StatusAnswer & { closes: boolean }

/** Of what was over before it came. */
export const nothingLeaves = { state: 'cancelled', holdReason: null } as const

export function freshStatus(
  facts: FreshFacts,
  became: Pick<OrderFacts, 'components' | 'waitsForPayment'>,
): FreshStatus {
  const answer = statusOf({ ...facts, ...became, hasParcels: false })
  return { ...answer, closes: isOver({ ...facts, cancelAsked: false }, answer.status) }
}
