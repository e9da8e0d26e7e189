import { V7Generator } from 'uuidv7'
import { systemClock, type Clock } from './clock.ts'
import { systemRandom, type Random } from './random.ts'

// Ids are made here and not in the database: they sort by time, and a simulation gets the same ones again.
export type Ids = { uuid(): string }

export const systemIds: Ids = idsFrom(systemClock, systemRandom)

export function seededIds(clock: Clock, random: Random): Ids {
  return idsFrom(clock, random)
}

function idsFrom(clock: Clock, random: Random): Ids {
  const generator = new V7Generator({ nextUint32: () => random.bytes(4).readUInt32BE() })
  return { uuid: () => generator.generateOrResetCore(clock.now().getTime(), 10_000).toString() }
}
