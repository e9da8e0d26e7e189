// Everything that can go wrong on purpose. A fault has a rate (a share of the chances it has to strike), or is armed to
// strike the next matching calls, which is what tests want.
import type { Random } from './random.ts'

/** Rates are those of a bad day, used when a fault is switched on by its name alone. */
export const faultCatalogue = {
  'rate-limit': { rate: 0.1, about: '429 before anything happens; Retry-After in seconds, as a date, zero, or absent' },
  'server-error': { rate: 0.05, about: '500, 502, 503 or 504 before anything happens' },
  'timeout-before': { rate: 0.03, about: 'silence; nothing happened' },
  'timeout-after': { rate: 0.03, about: 'silence; it did happen' },
  reset: { rate: 0.02, about: 'connection broken; nothing happened' },
  'reset-after': { rate: 0.02, about: 'connection broken; it did happen' },
  slow: { rate: 0.05, about: 'the answer takes 2 to 20 seconds' },
  'html-body': { rate: 0.03, about: 'an HTML page: 502 and nothing happened, or 200 and it did' },
  'truncated-json': { rate: 0.02, about: 'it happened; the body breaks off' },
  'empty-body': { rate: 0.02, about: 'it happened; the body is empty' },
  'byte-order-mark': { rate: 0.02, about: 'the body starts with a byte order mark' },
  'wrong-content-type': { rate: 0.02, about: 'JSON announced as text/plain' },
  'repeat-page': { rate: 0.1, about: 'the page before is given again, with its own next link' },
  'shifting-page': { rate: 0.1, about: 'a later page starts one item too early or too late' },
  'reordered-page': { rate: 0.1, about: 'items of a page in another order' },
  'late-order': { rate: 0.1, about: 'a new order is readable by id, but missing in lists for minutes to hours' },
  'unknown-status': { rate: 0.05, about: 'a new order shows a status no one has heard of, for a while' },
  'eventual-read': { rate: 0.1, about: 'reads show the state before a write for 1 second to 15 minutes' },
  'accepted-not-applied': { rate: 0.02, about: 'an update is answered as done and changes nothing' },
} satisfies Record<string, { rate: number; about: string }>

export type FaultName = keyof typeof faultCatalogue
export type FaultRates = Partial<Record<FaultName, number>>

/** Words a person can type into a SKU, a title or a tracking number; the sandbox then misbehaves for exactly that. */
export const typedFaults = {
  'reject-me': 'every write is refused as invalid',
  'forbid-me': 'every write is answered 403, as for a shop that is not verified',
  'gone-me': 'cannot be found, by id or in lists',
  'slow-me': 'every answer takes 8 seconds',
  'limit-me': 'every call is answered 429',
  'broken-me': 'every call is answered 500',
  'silent-me': 'every write happens and is never answered',
  'ignore-me': 'every update is answered as done and changes nothing',
  'stale-me': 'reads show the state before a write for 5 minutes',
  'suspend-me': 'suspended by the marketplace as soon as it is published',
} satisfies Record<string, string>

export type TypedFault = keyof typeof typedFaults

export type Faults = {
  /** Whether the fault strikes now. Draws only when it has a rate, so an unused fault costs no chance. */
  strikes(name: FaultName, operation?: string): boolean
  /** Replaces all rates; `{}` is a quiet day, on which nothing that was armed comes any more either. */
  set(rates: FaultRates): void
  rates(): FaultRates
  /** Strikes the next `times` calls (of that operation), whatever the rates say. Armed again, the greater number counts. */
  arm(name: FaultName, options?: { operation?: string; times?: number }): void
  /** How often each fault has struck. */
  struck(): FaultRates
  random: Random
}

export function createFaults(random: Random, initial: FaultRates = {}): Faults {
  let rates: FaultRates = { ...initial }
  let armed: { name: FaultName; operation: string | undefined; times: number }[] = []
  const struck: FaultRates = {}
  const count = (name: FaultName) => {
    struck[name] = (struck[name] ?? 0) + 1
    return true
  }
  return {
    strikes(name, operation) {
      const match = armed.find((one) => one.name === name && (one.operation ?? operation) === operation)
      if (match) {
        match.times -= 1
        armed = armed.filter((one) => one.times > 0)
        return count(name)
      }
      const rate = rates[name] ?? 0
      return rate > 0 && random() < rate && count(name)
    },
    set(next) {
      rates = { ...next }
      if (Object.keys(next).length === 0) armed = []
    },
    rates: () => ({ ...rates }),
    arm(name, { operation, times = 1 } = {}) {
      const waiting = armed.find((one) => one.name === name && one.operation === operation)
      if (waiting) waiting.times = Math.max(waiting.times, times)
      else armed.push({ name, operation, times })
    },
    struck: () => ({ ...struck }),
    random,
  }
}

export function isFaultName(name: string): name is FaultName {
  return Object.hasOwn(faultCatalogue, name)
}

/** Reads `--faults a,b=0.2`: names with their bad-day rate, or with a rate of their own. */
export function parseFaultList(text: string): FaultRates | { refusal: string } {
  const rates: FaultRates = {}
  for (const part of text.split(',').filter((one) => one.trim() !== '')) {
    const [name = '', rateText] = part.trim().split('=')
    if (!isFaultName(name)) {
      return { refusal: `There is no fault named "${name}". Known faults: ${Object.keys(faultCatalogue).join(', ')}.` }
    }
    const rate = rateText === undefined ? faultCatalogue[name].rate : Number(rateText)
    if (!isRate(rate)) return { refusal: `The rate of "${name}" must be a number between 0 and 1, not "${rateText}".` }
    rates[name] = rate
  }
  return rates
}

/** Reads rates from JSON, as other processes send them. */
export function parseFaultRates(value: unknown): FaultRates | { refusal: string } {
  if (typeof value !== 'object' || value === null) return { refusal: 'Send an object of fault names and rates.' }
  const rates: FaultRates = {}
  for (const [name, rate] of Object.entries(value)) {
    if (!isFaultName(name)) return { refusal: `There is no fault named "${name}".` }
    if (!isRate(rate)) return { refusal: `The rate of "${name}" must be a number between 0 and 1.` }
    rates[name] = rate
  }
  return rates
}

/** The first word of mischief in a text, if there is one. */
export function typedFaultIn(...texts: (string | undefined)[]): TypedFault | undefined {
  const words = Object.keys(typedFaults) as TypedFault[]
  return words.find((word) => isTyped(word, ...texts))
}

/** Whether that one word is in a text; quicker than looking for all, where a whole list is asked. */
export function isTyped(word: TypedFault, ...texts: (string | undefined)[]): boolean {
  return texts.some((text) => text?.toLowerCase().includes(word))
}

function isRate(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= 1
}
