// Chance that a seed repeats. One source is split into independent streams, so that a fault drawn for a request does not
// change what the buyers do.

/** Uniform in [0, 1). */
export type Random = () => number

/** The sfc32 generator, its state spread from one number. */
export function seededRandom(seed: number): Random {
  let [a, b, c, counter] = [seed ^ 0x9e3779b9, seed ^ 0x243f6a88, seed ^ 0xb7e15162, 1]
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return (sum >>> 0) / 4_294_967_296
  }
  // The first draws of near seeds resemble each other.
  for (let round = 0; round < 16; round += 1) next()
  return next
}

/** A stream of its own, whose use does not disturb the one it came from. */
export function forkRandom(random: Random): Random {
  return seededRandom(Math.floor(random() * 4_294_967_296))
}

export function chance(random: Random, probability: number): boolean {
  return random() < probability
}

/** Both ends included. */
export function wholeNumber(random: Random, min: number, max: number): number {
  return min + Math.floor(random() * (max - min + 1))
}

export function pick<T>(random: Random, choices: readonly T[]): T {
  const choice = choices[Math.floor(random() * choices.length)]
  if (choice === undefined) throw new Error('There is nothing to pick from.')
  return choice
}

export function pickWeighted<T extends string>(random: Random, weights: Record<T, number>): T {
  const entries = Object.entries<number>(weights) as [T, number][]
  let left = random() * entries.reduce((sum, [, weight]) => sum + weight, 0)
  for (const [name, weight] of entries) {
    left -= weight
    if (left < 0) return name
  }
  throw new Error('Weights must add up to more than zero.')
}

export function shuffled<T>(random: Random, items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, order: random() }))
    .toSorted((one, other) => one.order - other.order)
    .map(({ item }) => item)
}

/** Small values are as likely as large ones, measured in powers. */
export function logUniform(random: Random, min: number, max: number): number {
  return min * Math.exp(random() * Math.log(max / min))
}

export function hex(random: Random, digits: number): string {
  return Array.from({ length: digits }, () => Math.floor(random() * 16).toString(16)).join('')
}

export function uuid(random: Random): string {
  const variant = pick(random, ['8', '9', 'a', 'b'])
  return `${hex(random, 8)}-${hex(random, 4)}-4${hex(random, 3)}-${variant}${hex(random, 3)}-${hex(random, 12)}`
}
