// What every sandbox is: a marketplace with its own state and meter, without sockets or timers, so that the same object
// serves over HTTP (`serve.ts`) and inside the simulation on virtual time.

export type SandboxRequest = {
  method: string
  /** Path and query as on the request line. */
  url: string
  /** Lower-case names. */
  headers: Record<string, string>
  body: string
}

export type SandboxResponse = { status: number; headers: Record<string, string>; body: string }

/** How a request ends. Silence and reset are faults: the caller hears nothing, or the connection breaks. */
export type Outcome = { kind: 'response'; response: SandboxResponse } | { kind: 'silence' } | { kind: 'reset' }

/** What a sandbox is built from: time and chance come from outside, so a seed makes a run. */
export type SandboxWorld = {
  now(): Date
  /** Uniform in [0, 1). */
  random(): number
}

export type Sandbox = {
  marketplace: string
  handle(request: SandboxRequest): Promise<Outcome>
  /** Lets buyers and the marketplace's own clockwork act up to now. Called before each request and by a timer in `serve.ts`. */
  advance(): void
}
