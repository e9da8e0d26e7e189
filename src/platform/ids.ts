import { V7Generator } from 'uuidv7'
import { systemClock, type Clock } from './clock.ts'
import { systemRandom, type Random } from './random.ts'

// Ids are made here and not in the database: they sort by time, and a simulation gets the same ones again.
export type Ids = { uuid(): string }

export const systemIds: Ids = idsFrom(systemClock, drawnAhead(systemRandom))

export function seededIds(clock: Clock, random: Random): Ids {
  return idsFrom(clock, random)
}

function idsFrom(clock: Clock, random: Pick<Random, 'bytes'>): Ids {
  const generator = new V7Generator({ nextUint32: () => random.bytes(4).readUInt32BE() })
  return { uuid: () => generator.generateOrResetCore(clock.now().getTime(), 10_000).toString() }
}

/** A page of orders needs thousands of ids, and asking the system costs more than making them. */
function drawnAhead(random: Random): Pick<Random, 'bytes'> {
  let ahead: Buffer = Buffer.alloc(0)
  let taken = 0
  return {
    bytes(count) {
      if (taken + count > ahead.length) {
        ahead = random.bytes(4096)
        taken = 0
      }
      taken += count
      return ahead.subarray(taken - count, taken)
    },
  }
}
