import { heartbeatSeconds, jobs, retrySecondsMax, type JobName } from './jobs.ts'
import type { DeadLetter, JobHandler, Queue } from './queue.ts'
import type { JobData, KickOptions } from './tx.ts'
import type { VirtualClock } from './virtual-clock.ts'

/** The queue's twin for simulations. It stands for the database, so it outlives every process that connects to it. */
export type VirtualQueue = {
  /** The queue as one simulated process sees it. */
  connect(): VirtualQueueConnection
  /** Kicks that wait or run, oldest first. */
  open(): OpenKick[]
  deadLetters(): (DeadLetter & { isTold: boolean })[]
  /** When a kick with this key ended well last. */
  lastDone(name: JobName, key: string): Date | undefined
}

export type VirtualQueueConnection = Queue & {
  /** The process is gone between two instants: it sends nothing more, and what it held is given to others once missed. */
  crash(): void
}

export type OpenKick = { name: JobName; data: JobData; isActive: boolean; startAt: Date }

type Job = { id: number; name: JobName; data: JobData; key: string; startAt: number; tries: number; isRetry: boolean }
type Worker = {
  name: JobName
  handler: JobHandler
  givenUp?: JobHandler
  concurrency: number
  held: Set<Job>
  isDead: boolean
}

/** Somebody looks for overdue heartbeats this often. */
const superviseSeconds = 5
const retryTellSeconds = 5

export function createVirtualQueue(clock: VirtualClock): VirtualQueue {
  const waiting = new Set<Job>()
  const active = new Set<Job>()
  const dead: DeadLetter[] = []
  const done = new Map<string, Date>()
  /** Given up, and nobody was told yet. */
  const untold = new Set<Job>()
  const telling = new Set<Job>()
  const workers = new Set<Worker>()
  let lastId = 0

  const inSeconds = (seconds: number) => new Date(clock.now().getTime() + seconds * 1000)

  const add = (name: JobName, data: JobData, { key, startAfter }: KickOptions) => {
    const startAt = Math.max(startAfter?.getTime() ?? 0, clock.now().getTime())
    const twin =
      key === undefined ? undefined : [...waiting].find((job) => !job.isRetry && job.name === name && job.key === key)
    const id = ++lastId
    if (twin) twin.startAt = Math.min(twin.startAt, startAt)
    // As a row of JSON would, it keeps nothing of the sender's objects.
    else
      waiting.add({
        id,
        name,
        data: structuredClone(data),
        key: key ?? `single ${id}`,
        startAt,
        tries: 0,
        isRetry: false,
      })
    clock.schedule(new Date(startAt), dispatch)
  }

  /** Oldest due kick first, to the first worker with a hand free: nothing here depends on real time. */
  const dispatch = () => {
    const due = [...waiting].filter((job) => job.startAt <= clock.now().getTime())
    for (const job of due.toSorted((a, b) => a.startAt - b.startAt || a.id - b.id)) {
      const worker = [...workers].find(
        (candidate) => candidate.name === job.name && candidate.held.size < candidate.concurrency,
      )
      if (worker) void run(worker, job)
    }
    for (const job of untold) {
      const worker = [...workers].find((candidate) => candidate.name === job.name && candidate.givenUp)
      if (worker) void tell(worker, job)
    }
  }

  const tell = async (worker: Worker, job: Job) => {
    untold.delete(job)
    telling.add(job)
    worker.held.add(job)
    let isTold = true
    try {
      await worker.givenUp?.(structuredClone(job.data), new AbortController().signal)
    } catch {
      isTold = false
    }
    if (worker.isDead) return
    worker.held.delete(job)
    const tellAgain = () => {
      telling.delete(job)
      untold.add(job)
      dispatch()
    }
    if (isTold) telling.delete(job)
    else clock.schedule(inSeconds(retryTellSeconds), tellAgain)
  }

  const run = async (worker: Worker, job: Job) => {
    waiting.delete(job)
    active.add(job)
    worker.held.add(job)
    const timeout = new AbortController()
    const cancelTimeout = clock.schedule(inSeconds(jobs[job.name].timeoutSeconds), () => {
      timeout.abort(new Error('The job took too long.'))
      giveUp(job)
    })
    let isDone = true
    try {
      await worker.handler(structuredClone(job.data), timeout.signal)
    } catch {
      isDone = false
    }
    // A process that crashed has no say any more; nor has one whose job was taken from it.
    if (worker.isDead) return
    cancelTimeout()
    if (isDone) {
      active.delete(job)
      done.set(`${job.name}/${job.key}`, clock.now())
    } else giveUp(job)
    worker.held.delete(job)
    clock.schedule(clock.now(), dispatch)
  }

  const giveUp = (job: Job) => {
    if (!active.delete(job)) return
    const { retriesMax, retrySeconds } = jobs[job.name]
    if (job.tries >= retriesMax) {
      dead.push({ id: String(job.id), name: job.name, data: job.data, failedAt: clock.now() })
      untold.add(job)
      clock.schedule(clock.now(), dispatch)
      return
    }
    const startAt = inSeconds(Math.min(retrySecondsMax, retrySeconds * 2 ** job.tries))
    waiting.add({ ...job, tries: job.tries + 1, isRetry: true, startAt: startAt.getTime() })
    clock.schedule(startAt, dispatch)
  }

  /** Its holder is gone: it runs again, or somebody else is told of it. */
  const missed = (job: Job) => {
    if (!telling.delete(job)) return giveUp(job)
    untold.add(job)
    dispatch()
  }

  const connect = (): VirtualQueueConnection => {
    const mine: Worker[] = []
    let isDead = false
    const leave = () => mine.forEach((worker) => workers.delete(worker))
    return {
      send: async (name, data, { tx, ...kick } = {}) => {
        if (isDead) await forever()
        if (tx) tx.afterCommit(() => add(name, data, kick))
        else add(name, data, kick)
      },
      work(name, handler, { concurrency = jobs[name].concurrency, ...rest } = {}) {
        if (mine.some((worker) => worker.name === name)) throw new Error(`The job ${name} has a worker already.`)
        mine.push({ name, handler, concurrency, ...rest, held: new Set(), isDead: false })
      },
      async start() {
        for (const worker of mine) workers.add(worker)
        clock.schedule(clock.now(), dispatch)
      },
      async stop() {
        leave()
        while (mine.some((worker) => worker.held.size > 0)) await clock.sleep(1000)
      },
      crash() {
        leave()
        isDead = true
        for (const worker of mine) {
          worker.isDead = true
          for (const job of worker.held)
            clock.schedule(inSeconds(heartbeatSeconds + superviseSeconds), () => missed(job))
        }
      },
      deadLetters: async (countMax) => dead.toReversed().slice(0, countMax),
    }
  }

  return {
    connect,
    open: () =>
      [...waiting, ...active]
        .toSorted((a, b) => a.id - b.id)
        .map((job) => ({ name: job.name, data: job.data, isActive: active.has(job), startAt: new Date(job.startAt) })),
    deadLetters: () => {
      const waits = new Set([...untold, ...telling].map(({ id }) => String(id)))
      return dead.map((letter) => ({ ...letter, isTold: !waits.has(letter.id) }))
    },
    lastDone: (name, key) => done.get(`${name}/${key}`),
  }
}

function forever(): Promise<never> {
  return new Promise(() => {})
}
