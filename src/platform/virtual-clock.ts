import { reasonOf, type Clock } from './clock.ts'

/** Time that passes only when nothing is left to do now. The same events in the same order, on every run. */
export type VirtualClock = Clock & {
  /** Runs at that time; of two events at one time the earlier scheduled comes first. Returns a way to cancel it. */
  schedule(at: Date, run: () => void): () => void
  /** Says that something outside of the event heap is under way (a query): time stands still until it is released. */
  hold(): () => void
  /** Jumps from event to event until that time, or until nothing is scheduled. */
  runUntil(end: Date): Promise<void>
  /** Lets everything happen that can happen without time passing. */
  settle(): Promise<void>
  /** How many events wait. */
  pending(): number
}

type Event = { at: number; sequence: number; run: () => void; isCancelled: boolean }

export function createVirtualClock(start: Date): VirtualClock {
  let now = start.getTime()
  let sequence = 0
  let held = 0
  let onLetGo: (() => void) | undefined
  const heap: Event[] = []

  const schedule = (at: Date, run: () => void) => {
    const event = { at: Math.max(at.getTime(), now), sequence: sequence++, run, isCancelled: false }
    push(heap, event)
    return () => {
      event.isCancelled = true
    }
  }

  /** Work is at rest when nothing is held and a whole turn of the event loop brought nothing new. */
  const settle = async () => {
    for (let quietTurns = 0; quietTurns < 2;) {
      // Asking again and again would take the processor from the database we wait for.
      if (held > 0) await new Promise<void>((resolve) => (onLetGo = resolve))
      await turnOfEventLoop()
      quietTurns = held === 0 ? quietTurns + 1 : 0
    }
  }

  return {
    now: () => new Date(now),
    schedule,
    settle,
    pending: () => heap.filter((event) => !event.isCancelled).length,
    sleep: (milliseconds, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(reasonOf(signal))
        const stop = () => {
          cancel()
          reject(reasonOf(signal))
        }
        const cancel = schedule(new Date(now + Math.max(0, milliseconds)), () => {
          signal?.removeEventListener('abort', stop)
          resolve()
        })
        signal?.addEventListener('abort', stop, { once: true })
      }),
    hold() {
      held++
      let isHeld = true
      return () => {
        if (!isHeld) return
        isHeld = false
        if (--held === 0) onLetGo?.()
      }
    },
    async runUntil(end) {
      await settle()
      for (let next = heap[0]; next && next.at <= end.getTime(); next = heap[0]) {
        pop(heap)
        if (next.isCancelled) continue
        now = next.at
        next.run()
        await settle()
      }
      now = Math.max(now, end.getTime())
    },
  }
}

function turnOfEventLoop(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}

function isBefore(a: Event, b: Event): boolean {
  return a.at === b.at ? a.sequence < b.sequence : a.at < b.at
}

function push(heap: Event[], event: Event): void {
  let index = heap.push(event) - 1
  while (index > 0) {
    const parent = (index - 1) >> 1
    if (!swapIfBefore(heap, index, parent)) return
    index = parent
  }
}

function pop(heap: Event[]): void {
  const last = heap.pop()
  if (!last || heap.length === 0) return
  heap[0] = last
  for (let index = 0; ;) {
    const left = 2 * index + 1
    const right = left + 1
    const leftEvent = heap[left]
    if (!leftEvent) return
    const rightEvent = heap[right]
    const child = rightEvent && isBefore(rightEvent, leftEvent) ? right : left
    if (!swapIfBefore(heap, child, index)) return
    index = child
  }
}

function swapIfBefore(heap: Event[], child: number, parent: number): boolean {
  const lower = heap[child]
  const upper = heap[parent]
  if (!lower || !upper || !isBefore(lower, upper)) return false
  heap[child] = upper
  heap[parent] = lower
  return true
}
