import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  canOrder,
  orderStatuses,
  statusOf,
  type ChannelOrderStatus,
  type ComponentState,
  type OrderFacts,
} from './order.ts'

const facts = (changes: Partial<OrderFacts>): OrderFacts => ({
  channelStatus: 'to-ship',
  unmappedLines: 0,
  components: [],
  hasParcels: false,
  waitsForPayment: false,
  ...changes,
})
const parts = (...states: (ComponentState | [ComponentState, string])[]) =>
  states.map((state) =>
    Array.isArray(state) ? { state: state[0], holdReason: state[1] } : { state, holdReason: null },
  )

test.each([
  ['awaiting-mapping', 'unmapped', { unmappedLines: 1 }],
  ['on-hold', 'unpaid', { channelStatus: 'awaiting-payment', components: parts('reserved') }],
  ['on-hold', 'on-hold', { channelStatus: 'on-hold', components: parts(['held', 'no-stock']) }],
  ['error', 'unknown-status', { channelStatus: 'unknown', components: parts('reserved') }],
  ['awaiting-stock', 'no-stock', { components: parts('routed', ['held', 'no-stock']) }],
  ['awaiting-stock', 'cost-unknown', { components: parts('routed', ['reserved', 'cost-unknown']) }],
  ['on-hold', 'unpaid', { channelStatus: 'awaiting-payment', components: parts(['reserved', 'cost-unknown']) }],
  ['queued-for-payment', null, { components: parts('routed'), waitsForPayment: true }],
  ['with-supplier', null, { components: parts('routed', 'routed') }],
  ['with-supplier', 'unmapped-lines', { components: parts('routed'), unmappedLines: 1 }],
  ['with-supplier', null, { channelStatus: 'on-hold', components: parts('routed') }],
  // One supplier declined meanwhile: what he had is promised elsewhere, and goes when the marketplace lets it.
  ['on-hold', 'on-hold', { channelStatus: 'on-hold', components: parts('routed', ['reserved', 'on-hold']) }],
  ['partly-dispatched', null, { components: parts('dispatched', 'routed'), hasParcels: true }],
  ['partly-dispatched', null, { components: parts('routed'), hasParcels: true }],
  ['partly-dispatched', 'unmapped-lines', { components: parts('dispatched'), unmappedLines: 1 }],
  ['dispatched', null, { channelStatus: 'shipped', components: parts('dispatched'), unmappedLines: 1 }],
  ['dispatched', null, { components: parts('dispatched', 'cancelled') }],
  ['dispatched', 'shipped-elsewhere', { channelStatus: 'shipped', components: parts('cancelled') }],
  ['cancelled', 'cancelled', { channelStatus: 'cancelled', components: parts('cancelled') }],
  ['cancelled', 'refunded', { channelStatus: 'refunded' }],
  ['dispatched', null, { channelStatus: 'refunded', components: parts('dispatched') }],
] as [string, string | null, Partial<OrderFacts>][])('D6: %s (%s) follows from %j', (status, reason, changes) => {
  expect(statusOf(facts(changes))).toEqual({ status, reason })
})

const channelStatuses: ChannelOrderStatus[] = [
  'awaiting-payment',
  'on-hold',
  'to-ship',
  'shipped',
  'cancelled',
  'refunded',
  'unknown',
]
const componentStates: ComponentState[] = ['held', 'reserved', 'routed', 'dispatched', 'cancelled']

test('D6: every combination of parts has a status, and an order with something open is never shown as over', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...channelStatuses),
      fc.array(fc.constantFrom(...componentStates), { maxLength: 4 }),
      fc.nat(2),
      fc.boolean(),
      (channelStatus, states, unmappedLines, waitsForPayment) => {
        const hasParcels = states.includes('dispatched')
        const { status } = statusOf(
          facts({ channelStatus, components: parts(...states), unmappedLines, hasParcels, waitsForPayment }),
        )
        expect(orderStatuses).toContain(status)
        const isOpen = states.some((state) => state === 'held' || state === 'reserved' || state === 'routed')
        if (isOpen) expect(['dispatched', 'cancelled']).not.toContain(status)
      },
    ),
  )
})

test('what is over cannot be dispatched or cancelled', () => {
  for (const status of ['dispatched', 'cancelled'] as const) {
    expect(canOrder('dispatch', { status })).toBe(false)
    expect(canOrder('cancel', { status })).toBe(false)
  }
  expect(canOrder('dispatch', { status: 'with-supplier' })).toBe(true)
})
