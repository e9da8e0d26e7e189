import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bitsFrom, countBits, hasBit, inAll, setBit, slotsOf, without } from './grid-bits.ts'

test('F2: sets of slots as bits are the sets they stand for, of whatever lengths', () => {
  const slots = fc.uniqueArray(fc.integer({ min: 0, max: 200 }))
  fc.assert(
    fc.property(slots, slots, fc.integer({ min: 0, max: 200 }), (one, other, slot) => {
      const [some, others] = [bitsFrom(one, 1 + Math.max(0, ...one)), bitsFrom(other, 201)]
      const inOrder = (wanted: Iterable<number>) => [...wanted].toSorted((left, right) => left - right)
      expect(slotsOf(some)).toEqual(inOrder(one))
      expect(countBits(some)).toBe(one.length)
      expect(hasBit(some, slot)).toBe(one.includes(slot))
      expect(slotsOf(inAll([some, others]))).toEqual(inOrder(new Set(one).intersection(new Set(other))))
      expect(slotsOf(inAll([others, some]))).toEqual(inOrder(new Set(one).intersection(new Set(other))))
      expect(slotsOf(without(others, some))).toEqual(inOrder(new Set(other).difference(new Set(one))))
      setBit(others, slot, true)
      expect(slotsOf(others)).toEqual(inOrder(new Set([...other, slot])))
      setBit(others, slot, false)
      expect(slotsOf(others)).toEqual(inOrder(other.filter((known) => known !== slot)))
    }),
  )
})
