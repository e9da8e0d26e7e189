import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decideImport, isFromOurTime, whatChanged, type KnownOrder } from './import-rules.ts'
import { newestOfEach, type ChannelOrder } from './channel-order.ts'
import type { ChannelOrderStatus } from './order.ts'

const both = { excludeUnmapped: false, splitMixed: false }

test('D2: exclude and split are never both on', () => {
  expect(() => decideImport([true], { excludeUnmapped: true, splitMixed: true })).toThrow('A10')
})

test('D2: whatever is imported keeps a mapped line if it has one, and only split leaves lines out', () => {
  fc.assert(
    fc.property(
      fc.array(fc.boolean(), { minLength: 1, maxLength: 6 }),
      fc.constantFrom('exclude', 'split', 'neither'),
      (mapped, rule) => {
        const decision = decideImport(mapped, { excludeUnmapped: rule === 'exclude', splitMixed: rule === 'split' })
        if (decision.kind === 'skip') {
          expect(rule).toBe('exclude')
          expect(mapped).toContain(false)
          return
        }
        expect(decision.keep).toHaveLength(mapped.length)
        mapped.forEach((isMapped, index) => {
          if (isMapped) expect(decision.keep[index]).toBe(true)
        })
        if (decision.keep.includes(false)) expect(rule).toBe('split')
        expect(decision.keep).toContain(true)
      },
    ),
  )
})

test('D2: the reason is part of the answer', () => {
  expect(decideImport([true, false], both)).toMatchObject({ because: 'mixed' })
  expect(decideImport([false], both)).toMatchObject({ because: 'unmapped' })
})

test('D1: from the moment of connecting', () => {
  const [before, connectedAt, after] = [1, 2, 3].map((second) => new Date(second * 1000)) as [Date, Date, Date]
  expect(isFromOurTime({ placedAt: connectedAt, paidAt: null }, connectedAt)).toBe(true)
  expect(isFromOurTime({ placedAt: before, paidAt: after }, connectedAt)).toBe(true)
  expect(isFromOurTime({ placedAt: before, paidAt: before }, connectedAt)).toBe(false)
  expect(isFromOurTime({ placedAt: before, paidAt: null }, connectedAt)).toBe(false)
  // Told in whole seconds, an order of 2.9 s is one of 2 s.
  expect(isFromOurTime({ placedAt: connectedAt, paidAt: null }, new Date(2400))).toBe(true)
})

const ours = (channelStatus: ChannelOrderStatus, changes: Partial<KnownOrder> = {}): KnownOrder => ({
  channelStatus,
  marketplaceUpdatedAt: new Date(1000),
  lines: [{ marketplaceLineId: 'x', quantity: 1, shown: 1 }],
  leftOutLines: [],
  contactDiffers: false,
  hasParcels: false,
  ...changes,
})
const theirs = (status: ChannelOrderStatus, changes: Partial<ChannelOrder> = {}) =>
  ({ status, updatedAt: new Date(2000), lines: [{ marketplaceLineId: 'x', quantity: 1 }], ...changes }) as ChannelOrder

test.each([
  ['awaiting-payment', 'to-ship', 'paid'],
  ['on-hold', 'to-ship', 'hold-lifted'],
  ['unknown', 'to-ship', 'hold-lifted'],
  ['to-ship', 'on-hold', 'held'],
  ['to-ship', 'cancelled', 'called-off'],
  ['awaiting-payment', 'refunded', 'called-off'],
  ['shipped', 'refunded', 'called-off'],
  ['to-ship', 'shipped', 'shipped-elsewhere'],
  ['cancelled', 'to-ship', 'reopened'],
  ['shipped', 'to-ship', 'reopened'],
  ['to-ship', 'unknown', 'unknown-status'],
] as [ChannelOrderStatus, ChannelOrderStatus, string][])('D9: from %s to %s means %s', (before, after, kind) => {
  expect(whatChanged(ours(before), theirs(after))).toMatchObject({ isOlder: false, changes: [{ kind }] })
})

test('D9: shipped after our own parcel is no surprise', () => {
  expect(whatChanged(ours('to-ship', { hasParcels: true }), theirs('shipped'))).toMatchObject({
    changes: [{ kind: 'shipped' }],
  })
})

test('D1: an older view changes nothing; of two with the same second, the one further on its way is newer', () => {
  expect(whatChanged(ours('to-ship'), theirs('cancelled', { updatedAt: new Date(999) }))).toEqual({ isOlder: true })
  expect(whatChanged(ours('cancelled'), theirs('to-ship', { updatedAt: new Date(1000) }))).toEqual({ isOlder: true })
  expect(whatChanged(ours('to-ship'), theirs('cancelled', { updatedAt: new Date(1000) }))).toMatchObject({
    changes: [{ kind: 'called-off' }],
  })
})

test('D1: seeing the same view again changes nothing', () => {
  const statuses: ChannelOrderStatus[] = [
    'awaiting-payment',
    'on-hold',
    'to-ship',
    'shipped',
    'cancelled',
    'refunded',
    'unknown',
  ]
  for (const status of statuses) {
    const same = theirs(status, { updatedAt: new Date(1000), lines: [] })
    expect(whatChanged(ours(status), same)).toEqual({ isOlder: false, changes: [] })
  }
})

test('D9: other lines or another address are told, but not of an order that is over', () => {
  const moved = ours('to-ship', { contactDiffers: true })
  const lines = [{ marketplaceLineId: 'y', quantity: 1 }] as ChannelOrder['lines']
  expect(whatChanged(moved, theirs('to-ship', { lines }))).toMatchObject({
    changes: [{ kind: 'address-changed' }, { kind: 'lines-changed' }],
  })
  expect(whatChanged(moved, theirs('cancelled', { lines: [] }))).toMatchObject({ changes: [{ kind: 'called-off' }] })
})

test('D1: of an order twice on one page the newer view counts, wherever it stands', () => {
  const [old, young] = [
    theirs('to-ship', { marketplaceOrderId: 'A', updatedAt: new Date(1) }),
    theirs('cancelled', { marketplaceOrderId: 'A' }),
  ]
  expect(newestOfEach([young, old])).toEqual([young])
  expect(newestOfEach([old, young])).toEqual([young])
})
