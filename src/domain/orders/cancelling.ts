// Cancelling by the seller (D9): for what reason, when it may be done, and what becomes of it at the marketplace.
import { isCalledOff, wantsStock, type ChannelOrderStatus, type OrderStatus } from './order.ts'

/** Why a seller cancels, in words of ours; each connector knows its marketplace's word for it. */
export const cancelReasons = {
  'out-of-stock': 'Out of stock',
  'buyer-asked': 'The buyer asked for it',
  'wrong-price': 'The price was wrong',
  'address-undeliverable': 'The address cannot be delivered to',
} as const
export type CancelReason = keyof typeof cancelReasons

export function cancelReasonText(reason: string): string {
  return Object.hasOwn(cancelReasons, reason) ? cancelReasons[reason as CancelReason] : reason
}

export type CancelFacts = {
  status: OrderStatus
  channelStatus: ChannelOrderStatus
  hasParcels: boolean
  /** Entered by hand: there is no marketplace to tell. */
  isByHand: boolean
  /** The marketplace takes cancellations from here, and is still connected. */
  canTell: boolean
  /** It is being asked now. */
  isAsking: boolean
  /** Units that were cancelled here and that the buyer should still get. */
  missingUnits: number
  isForgotten: boolean
}

export type CancelRefusal = 'not-found' | 'over' | 'left' | 'not-possible'
export type TakeUpRefusal = 'not-found' | 'asking' | 'called-off' | 'nothing-missing' | 'forgotten'

export function whyNotCancel(facts: CancelFacts): CancelRefusal | null {
  if (facts.hasParcels) return 'left'
  if (facts.status === 'cancelled' || facts.status === 'dispatched' || isCalledOff(facts.channelStatus)) return 'over'
  return facts.isByHand || facts.canTell ? null : 'not-possible'
}

export function whyNotTakeUp(facts: CancelFacts): TakeUpRefusal | null {
  if (facts.isAsking) return 'asking'
  if (!facts.isByHand && !wantsStock(facts.channelStatus)) return 'called-off'
  if (facts.missingUnits === 0) return 'nothing-missing'
  return facts.isForgotten ? 'forgotten' : null
}

export const cancelRefusalTexts: Record<CancelRefusal, string> = {
  'not-found': 'The order is no longer there.',
  over: 'Nothing of this order is left to cancel.',
  left: 'A part of it has left already, so it cannot be cancelled as a whole. Refund it on the marketplace.',
  'not-possible':
    'This marketplace takes no cancellations from here. Cancel it there; here it stops by itself at the next download.',
}

export const takeUpRefusalTexts: Record<TakeUpRefusal, string> = {
  'not-found': 'The order is no longer there.',
  asking: 'The marketplace is still being asked to cancel it. Wait for its answer.',
  'called-off': 'The marketplace has called the order off, so nothing of it should leave.',
  'nothing-missing': 'Nothing of it was cancelled that the buyer should still get.',
  forgotten: 'The buyer’s address was deleted after the order was over, so it cannot be sent again.',
}

/** An answer of the marketplace, in the words of the connectors. */
export type CancelReply =
  | { kind: 'done' }
  | { kind: 'pending'; ticket: string }
  | { kind: 'wait'; seconds: number; reason?: string }
  | { kind: 'signed-out'; reason?: string }
  | { kind: 'rejected'; reason: string }
  | { kind: 'gone'; reason?: string }
  | { kind: 'unclear'; reason?: string }

/** What the order itself says when it is looked up. */
export type CancelFound =
  | { kind: 'cancelled' }
  | { kind: 'not-cancelled' }
  | { kind: 'shipped' }
  | Exclude<CancelReply, { kind: 'done' | 'pending' }>

export type CancelSettlement =
  | { state: 'applied'; readBack: boolean }
  | { state: 'rejected'; refusal: string }
  /** Not there for certain: may be sent (again). */
  | { state: 'intended'; seconds: number; refusal: string | null; wentOut: boolean }
  /** May be there: looked up before anything else. */
  | { state: 'unknown'; seconds: number; refusal: string | null; ticket: string | null }

export type CancelTry = {
  sends: number
  /** Looked up so often since it was sent. */
  looks: number
  ticket: string | null
}

const sendsMax = 8
/** Some work on it for hours: about two days of looking, at the longest wait. */
const looksMax = 200
const lookSeconds = 30
const lookSecondsMax = 900
const neverShown = 'The marketplace took it for processing and never showed it'

export function settleCancelReply(reply: CancelReply, tried: CancelTry): CancelSettlement {
  switch (reply.kind) {
    case 'done':
      return { state: 'applied', readBack: false }
    case 'pending':
      if (tried.looks >= looksMax) return { state: 'rejected', refusal: neverShown }
      return { state: 'unknown', seconds: waitOf(tried), refusal: null, ticket: reply.ticket }
    case 'unclear':
      return { state: 'unknown', seconds: waitOf(tried), refusal: reply.reason ?? null, ticket: tried.ticket }
    case 'rejected':
      return { state: 'rejected', refusal: reply.reason }
    case 'gone':
      return { state: 'rejected', refusal: reply.reason ?? 'The marketplace no longer has this order' }
    case 'wait':
      if (tried.ticket !== null)
        return { state: 'unknown', seconds: reply.seconds, refusal: reply.reason ?? null, ticket: tried.ticket }
      return { state: 'intended', seconds: reply.seconds, refusal: reply.reason ?? 'Asked to wait', wentOut: false }
    case 'signed-out':
      if (tried.ticket !== null)
        return { state: 'unknown', seconds: 0, refusal: reply.reason ?? null, ticket: tried.ticket }
      return { state: 'intended', seconds: 0, refusal: reply.reason ?? 'Signed out', wentOut: false }
  }
}

export function settleCancelFound(found: CancelFound, tried: CancelTry): CancelSettlement {
  switch (found.kind) {
    case 'cancelled':
      return { state: 'applied', readBack: true }
    case 'shipped':
      return { state: 'rejected', refusal: 'The marketplace shows the order as dispatched' }
    case 'not-cancelled':
      // Taken for processing: sent again too soon, it would be asked twice.
      if (tried.ticket !== null) return settleCancelReply({ kind: 'pending', ticket: tried.ticket }, tried)
      if (tried.sends >= sendsMax)
        return { state: 'rejected', refusal: `Sent ${tried.sends} times, and the marketplace never showed it` }
      return { state: 'intended', seconds: 0, refusal: null, wentOut: true }
    case 'gone':
      return { state: 'rejected', refusal: found.reason ?? 'The marketplace no longer has this order' }
    case 'wait':
      return { state: 'unknown', seconds: found.seconds, refusal: found.reason ?? null, ticket: tried.ticket }
    case 'signed-out':
      return { state: 'unknown', seconds: 0, refusal: found.reason ?? null, ticket: tried.ticket }
    case 'rejected':
    case 'unclear':
      if (tried.looks >= looksMax) return { state: 'rejected', refusal: neverShown }
      return { state: 'unknown', seconds: waitOf(tried), refusal: found.reason ?? null, ticket: tried.ticket }
  }
}

function waitOf({ looks }: CancelTry): number {
  return Math.min(lookSecondsMax, lookSeconds * 2 ** Math.min(10, looks))
}
