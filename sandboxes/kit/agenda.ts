// What is going to happen, in order of time. Nothing here waits: whoever owns the clock asks for all that is due.

export type Agenda = {
  schedule(at: Date, act: (at: Date) => void): void
  /** Runs everything due up to and including `now`, also what these acts schedule in that time. */
  runUntil(now: Date): void
  waiting(): number
}

type Entry = { time: number; sequence: number; act: (at: Date) => void }

export function createAgenda(): Agenda {
  const heap: Entry[] = []
  let sequence = 0
  return {
    schedule(at, act) {
      sequence += 1
      heap.push({ time: at.getTime(), sequence, act })
      siftUp(heap)
    },
    runUntil(now) {
      for (let first = heap[0]; first && first.time <= now.getTime(); first = heap[0]) {
        removeFirst(heap)
        first.act(new Date(first.time))
      }
    },
    waiting: () => heap.length,
  }
}

function isEarlier(one: Entry, other: Entry): boolean {
  return one.time < other.time || (one.time === other.time && one.sequence < other.sequence)
}

function siftUp(heap: Entry[]): void {
  let index = heap.length - 1
  while (index > 0) {
    const parent = (index - 1) >> 1
    if (!swapIfEarlier(heap, index, parent)) return
    index = parent
  }
}

function removeFirst(heap: Entry[]): void {
  const last = heap.pop()
  if (!last || heap.length === 0) return
  heap[0] = last
  let index = 0
  for (;;) {
    const left = index * 2 + 1
    const smaller = isChildEarlier(heap, left + 1, left) ? left + 1 : left
    if (smaller >= heap.length || !swapIfEarlier(heap, smaller, index)) return
    index = smaller
  }
}

function isChildEarlier(heap: Entry[], index: number, other: number): boolean {
  const [one, two] = [heap[index], heap[other]]
  return one !== undefined && two !== undefined && isEarlier(one, two)
}

function swapIfEarlier(heap: Entry[], index: number, before: number): boolean {
  const [one, two] = [heap[index], heap[before]]
  if (!one || !two || !isEarlier(one, two)) return false
  heap[index] = two
  heap[before] = one
  return true
}
