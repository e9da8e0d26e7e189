// Every decision of a run, as a tape of small integers: drawn from the seed, recorded, and played back.
import { seededRandom, type Random } from '../../src/platform/random.ts'

export type TapeEntry = [label: string, value: number]

export type Tape = {
  /** 0 ≤ result < count; 0 is always the benign choice: no fault, the earliest, the first. */
  choose(label: string, count: number): number
  chance(label: string, probability: number): boolean
  pick<const T>(label: string, options: readonly T[]): T
  /** Both ends included. */
  between(label: string, min: number, max: number): number
  recorded(): TapeEntry[]
}

const chanceSteps = 10_000

/** Each label has a stream of its own, so that a class of faults switched off leaves the other decisions as they were. */
export function createTape(seed: number): Tape {
  const streams = new Map<string, Random>()
  return tapeFrom((label, count) => {
    const stream = streams.get(label) ?? seededRandom(`${seed}/${label}`)
    streams.set(label, stream)
    return Math.floor(stream.float() * count)
  })
}

/** Plays a recorded tape. What it does not hold is 0; a label that differs means the program has changed since. */
export function replayTape(entries: TapeEntry[]): Tape {
  let at = 0
  return tapeFrom((label, count) => {
    const entry = entries[at++]
    if (!entry) return 0
    if (entry[0] !== label) throw new Error(`The tape says "${entry[0]}" where the run asks for "${label}".`)
    return Math.min(entry[1], count - 1)
  })
}

function tapeFrom(draw: (label: string, count: number) => number): Tape {
  const entries: TapeEntry[] = []
  const choose = (label: string, count: number) => {
    const value = draw(label, count)
    entries.push([label, value])
    return value
  }
  return {
    choose,
    chance: (label, probability) =>
      probability > 0 && choose(label, chanceSteps) >= chanceSteps - Math.round(probability * chanceSteps),
    pick: <T>(label: string, options: readonly T[]) => options[choose(label, options.length)] as T,
    between: (label, min, max) => min + choose(label, max - min + 1),
    recorded: () => entries,
  }
}
