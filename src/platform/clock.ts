// The one home of wall-clock time and timers. Everything else is handed a Clock, so that a month can pass in a second.
export type Clock = {
  now(): Date
  /** Resolves after the time has passed; rejects with the signal's reason when it is aborted first. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>
}

export const systemClock: Clock = {
  now: () => new Date(),
  sleep: (milliseconds, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(reasonOf(signal))
      const stop = () => {
        clearTimeout(timer)
        reject(reasonOf(signal))
      }
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', stop)
        resolve()
      }, milliseconds)
      signal?.addEventListener('abort', stop, { once: true })
    }),
}

/** Calls `stop` unless the returned function is called first: a deadline that does not keep the process alive. */
export function startDeadline(milliseconds: number, stop: () => void): () => void {
  const timer = setTimeout(stop, milliseconds)
  timer.unref()
  return () => clearTimeout(timer)
}

export function reasonOf(signal: AbortSignal | undefined): Error {
  const reason: unknown = signal?.reason
  return reason instanceof Error ? reason : new Error('Stopped.')
}
