import { randomBytes } from 'node:crypto'

// The one home of randomness. Secrets come from systemRandom; simulations replay a seed.
export type Random = {
  /** 0 ≤ value < 1 */
  float(): number
  bytes(count: number): Buffer
}

export const systemRandom: Random = {
  float: () => randomBytes(6).readUIntBE(0, 6) / 2 ** 48,
  bytes: (count) => randomBytes(count),
}

/** The same seed gives the same stream on every machine. Not for secrets. */
export function seededRandom(seed: number | string): Random {
  const state = spread(String(seed))
  const next = () => nextWord(state)
  return {
    float: () => next() / 2 ** 32,
    bytes(count) {
      const bytes = Buffer.alloc(count)
      for (let index = 0; index < count; index++) bytes[index] = next() & 0xff
      return bytes
    },
  }
}

type State = { a: number; b: number; c: number; counter: number }

/** sfc32: small, fast, and passes the usual statistical batteries. */
function nextWord(state: State): number {
  const sum = (state.a + state.b + state.counter) >>> 0
  state.counter = (state.counter + 1) >>> 0
  state.a = state.b ^ (state.b >>> 9)
  state.b = (state.c + (state.c << 3)) >>> 0
  state.c = ((state.c << 21) | (state.c >>> 11)) >>> 0
  state.c = (state.c + sum) >>> 0
  return sum
}

/** Neighboring seeds must not give neighboring streams, so the text is hashed (FNV-1a) and the first words thrown away. */
function spread(seed: string): State {
  const hash = (salt: number) => {
    let value = 0x811c9dc5 ^ salt
    for (const character of seed) value = Math.imul(value ^ (character.codePointAt(0) ?? 0), 0x01000193)
    return value >>> 0
  }
  const state = { a: hash(1), b: hash(2), c: hash(3), counter: 1 }
  for (let index = 0; index < 16; index++) nextWord(state)
  return state
}
