import { Client } from 'pg'
import { z } from 'zod'
import { systemClock, type Clock } from './clock.ts'
import { liveChannel } from './database.ts'
import { asAppRole } from './database-connection.ts'

export type LiveNotice = { topic: string; [name: string]: string | number | boolean }

/** Hands what tx.notify said to the open screens of that tenant. A notice is a hint to look again, and may be missed. */
export type Live = {
  /** `onGap` is called when notices may have been missed: look at everything again. */
  subscribe(tenantId: string, onNotice: (notice: LiveNotice) => void, onGap?: () => void): () => void
  start(): Promise<void>
  stop(): Promise<void>
}

export type LiveOptions = { connectionString: string; clock?: Clock; onError?: (error: unknown) => void }

type Subscriber = { onNotice: (notice: LiveNotice) => void; onGap: () => void }

const reconnectMilliseconds = { first: 100, most: 5_000 }
const noticeSchema = z
  .object({ tenantId: z.string(), topic: z.string() })
  .catchall(z.union([z.string(), z.number(), z.boolean()]))

export function createLive(options: LiveOptions): Live {
  const clock = options.clock ?? systemClock
  const subscribers = new Map<string, Set<Subscriber>>()
  const stopping = new AbortController()
  let client: Client | undefined

  const connect = async () => {
    const fresh = new Client({ ...asAppRole(options.connectionString), keepAlive: true })
    fresh.on('error', (error) => options.onError?.(error))
    fresh.on('notification', (message) => deliver(message.payload ?? ''))
    fresh.once('end', () => void reconnect(fresh))
    await fresh.connect()
    await fresh.query(`listen ${liveChannel}`)
    if (stopping.signal.aborted) return fresh.end()
    client = fresh
  }

  /** Only one loop at a time: it begins when the connection in use ends. */
  const reconnect = async (ended: Client) => {
    if (client !== ended || stopping.signal.aborted) return
    client = undefined
    for (let pause = reconnectMilliseconds.first; ; pause = Math.min(pause * 2, reconnectMilliseconds.most)) {
      try {
        await clock.sleep(pause, stopping.signal)
        await connect()
        break
      } catch (error) {
        if (stopping.signal.aborted) return
        options.onError?.(error)
      }
    }
    for (const group of subscribers.values()) for (const subscriber of group) subscriber.onGap()
  }

  const deliver = (payload: string) => {
    const parsed = noticeSchema.safeParse(parseJson(payload))
    if (!parsed.success) return
    const { tenantId, ...notice } = parsed.data
    for (const subscriber of subscribers.get(tenantId) ?? []) subscriber.onNotice(notice as LiveNotice)
  }

  return {
    subscribe(tenantId, onNotice, onGap = () => {}) {
      const subscriber = { onNotice, onGap }
      const group = subscribers.get(tenantId) ?? new Set()
      subscribers.set(tenantId, group.add(subscriber))
      return () => {
        group.delete(subscriber)
        if (group.size === 0) subscribers.delete(tenantId)
      }
    },
    start: connect,
    async stop() {
      stopping.abort()
      const last = client
      client = undefined
      await last?.end()
    },
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
