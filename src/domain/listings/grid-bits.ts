// Sets of products as bits: that of a product is the one with the number of its slot, the lowest of a byte first, as
// PostgreSQL's get_bit() reads them.

/** So many slots make a block, which is what is stored as one row. */
export const slotsInBlock = 8_192
export const blockBytes = slotsInBlock / 8

export type Bits = Uint8Array

export const blockOf = (slot: number) => Math.floor(slot / slotsInBlock)

export function setBit(bits: Bits, slot: number, isSet: boolean): void {
  const at = slot >> 3
  const mask = 1 << (slot & 7)
  const byte = bits[at] ?? 0
  bits[at] = isSet ? byte | mask : byte & ~mask
}

export const hasBit = (bits: Bits, slot: number) => ((bits[slot >> 3] ?? 0) & (1 << (slot & 7))) !== 0

export function bitsFrom(slots: Iterable<number>, slotsMax: number): Bits {
  const bits = new Uint8Array(Math.ceil(slotsMax / 8))
  for (const slot of slots) setBit(bits, slot, true)
  return bits
}

/** Those in all of them. Plain loops: a million slots are a hundred thousand bytes, and a person waits. */
export function inAll([first, ...others]: [Bits, ...Bits[]]): Bits {
  const met = first.slice()
  for (const other of others) for (let at = 0; at < met.length; at++) met[at] = (met[at] ?? 0) & (other[at] ?? 0)
  return met
}

export function without(bits: Bits, gone: Bits): Bits {
  const left = bits.slice()
  for (let at = 0; at < left.length; at++) left[at] = (left[at] ?? 0) & ~(gone[at] ?? 0)
  return left
}

export function countBits(bits: Bits): number {
  let count = 0
  for (let at = 0; at < bits.length; at++) count += onesOf[bits[at] ?? 0] ?? 0
  return count
}

const onesOf = Uint8Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll('0', '').length)

/** In their order. */
export function slotsOf(bits: Bits): number[] {
  const slots: number[] = []
  for (let at = 0; at < bits.length; at++)
    for (let bit = 0, left = bits[at] ?? 0; left !== 0; bit++, left >>= 1) if (left & 1) slots.push(at * 8 + bit)
  return slots
}
