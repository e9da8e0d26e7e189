// An order that came in this very transaction: nobody else sees it yet, so nothing of it need be locked or read again. It is
// written as it will be if all is there that it asks for, before any supplier or offer is locked, so that pages of other
// sales channels wait as short as can be; what routing finds otherwise is put right in the same transaction.
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

export type FreshComponent = OpenComponent & { orderLineId: string; quantityEach: number; written: Became }

type Became = OrderFacts['components'][number]

export type FreshStatus = StatusAnswer & { closes: boolean }

/** Of what was over before it came. */
export const nothingLeaves: Became = { state: 'cancelled', holdReason: null }

export function freshStatus(
  facts: FreshFacts,
  became: Pick<OrderFacts, 'components' | 'waitsForPayment'>,
): FreshStatus {
  const answer = statusOf({ ...facts, ...became, hasParcels: false })
  return { ...answer, closes: isOver({ ...facts, cancelAsked: false }, answer.status) }
}
