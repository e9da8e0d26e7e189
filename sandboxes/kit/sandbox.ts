// What every sandbox is: a marketplace with its own state and meter, without sockets or timers, so that the same object
// serves over HTTP (`serve.ts`) and inside the simulation on virtual time.
import type { FaultRates } from './faults.ts'

export type SandboxRequest = {
  method: string
  /** Path and query as on the request line. */
  url: string
  /** Lower-case names. */
  headers: Record<string, string>
  /** The body as text. */
  body: string
  /** The same as it came, for uploads. */
  rawBody: Buffer
}

export type SandboxResponse = { status: number; headers: Record<string, string>; body: string | Buffer }

/** For whoever has a text to send and no socket. */
export function requestOf(request: Omit<SandboxRequest, 'rawBody'>): SandboxRequest {
  return { ...request, rawBody: Buffer.from(request.body) }
}

/** How a request ends. Silence and reset are faults: the caller hears nothing, or the connection breaks. */
export type Outcome =
  // A late answer is given after `delaySeconds`, which `serve.ts` waits and a simulation may put on its own clock.
  { kind: 'response'; response: SandboxResponse; delaySeconds?: number } | { kind: 'silence' } | { kind: 'reset' }

/** What a sandbox is built from: time and chance come from outside, so a seed makes a run. */
export type SandboxWorld = {
  now(): Date
  /** Uniform in [0, 1). */
  random(): number
}

/** What can be chosen of every sandbox. Some have nothing to choose there: Amazon's sellers get the money of their sites. */
export type SandboxOptions = {
  /** Where clients reach it, such as `http://127.0.0.1:4501`. */
  origin?: string
  /** Of the introduced seller. */
  currency?: string
  /** No catalogue; listings are then added by hand or by the API. */
  empty?: boolean
  ordersPerMinute?: number
  /** Below 1 whatever takes its time follows sooner: payments, reviews, jobs, scans. */
  delayFactor?: number
  faults?: FaultRates
}

export type Sandbox = {
  marketplace: string
  handle(request: SandboxRequest): Promise<Outcome>
  /** Lets buyers and the marketplace's own clockwork act up to now. Called before each request and by a timer in `serve.ts`. */
  advance(): void
}

/** A call the marketplace wants to make by itself, such as a notification. Sandboxes only collect these. */
export type Delivery = { url: string; headers: Record<string, string>; body: string }

/** What others need to know of a running sandbox, so that they need no table of marketplaces; printed as the first line. */
export type SandboxIntroduction = {
  /** The base of the marketplace's API. */
  url: string
  tokenUrl?: string
  consoleUrl: string
  /** Everything a client needs to sign in. */
  account: Record<string, unknown>
  /** What the meter calls the requests that every marketplace has. */
  operations: { listOrders: string; ship: string; pushStock: string; publish: string }
  /** Ids of the right form that nothing has. */
  unknown: { order: string; listing: string; variant?: string }
}

export type ServedSandbox = Sandbox & {
  introduce(origin: string): SandboxIntroduction
  /** Hands over the notifications waiting to be sent, and forgets them. */
  takeDeliveries(): Delivery[]
  /** What it knows, as bytes, and back: a restart goes on where it was. */
  keep(): Buffer
  bringBack(bytes: Buffer): void
}
