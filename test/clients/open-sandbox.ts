// A marketplace's sandbox as a process of its own, for a client that we did not write. The client is sent through a proxy
// that holds all that passes against the published spec; what really happened is read from the sandbox's books.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { createSpecCheck } from '../spec-check/check.ts'
import type { Exchange } from '../spec-check/check.ts'
import { startRecordingProxy } from '../support/recording-proxy.ts'
import type { PlacedOrder, TrueConfirmation, TrueListing, TrueOrder } from '../../sandboxes/kit/control.ts'

export type OpenSandbox = {
  /** The base of the imitated API, by way of the proxy. */
  url: string
  /** Where tokens are given, by way of the proxy too. */
  tokenUrl: string
  account: Record<string, string>
  /** The sandbox's control surface: a body makes it a POST. */
  control<Answer>(path: string, body?: unknown): Promise<Answer>
  /** A buyer pays for so many; the number of his order. */
  buy(sku: string, quantity: number): Promise<string>
  listingOf(sku: string): Promise<TrueListing | undefined>
  orderOf(number: string): Promise<TrueOrder | undefined>
  confirmationsOf(number: string): Promise<TrueConfirmation[]>
  exchanges: Exchange[]
  /** What did not fit the spec, and how much was held against it; undefined where there is nothing to hold it against. */
  held(): { checked: number; violations: string[] } | undefined
  stop(): Promise<void>
}

type Introduction = { url: string; tokenUrl?: string; consoleUrl: string; account: Record<string, string> }

export async function openSandbox(marketplace: string): Promise<OpenSandbox> {
  const child = spawn(process.execPath, ['sandboxes/cli.ts', marketplace, '--port', '0', '--empty'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  const line = once(createInterface({ input: child.stdout }), 'line').then(([text]) => String(text))
  const ended = exited.then(() => Promise.reject(new Error(`The sandbox of ${marketplace} ended before it spoke`)))
  const given = JSON.parse(await Promise.race([line, ended])) as Introduction
  const spec = createSpecCheck(marketplace)
  const exchanges: Exchange[] = []
  const proxy = await startRecordingProxy(new URL(given.url).origin, (exchange) => {
    exchanges.push(exchange)
    spec?.see(exchange)
  })
  const throughProxy = (url: string) => proxy.origin + new URL(url).pathname.replace(/\/$/, '')
  const control = async <Answer>(path: string, body?: unknown) => {
    const sent = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }
    const answer = await fetch(given.consoleUrl + path, { headers: { 'content-type': 'application/json' }, ...sent })
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as Answer
  }
  return {
    url: throughProxy(given.url),
    tokenUrl: throughProxy(given.tokenUrl ?? given.url),
    account: given.account,
    control,
    async buy(sku, quantity) {
      const [placed] = await control<PlacedOrder[]>('orders', { lines: [{ sku, quantity }] })
      const number = placed?.orders[0]?.number
      if (number === undefined) throw new Error(`Nothing was sold: ${JSON.stringify(placed)}`)
      return number
    },
    listingOf: async (sku) => (await control<TrueListing[]>('truth/listings')).find((one) => one.sku === sku),
    orderOf: async (number) => (await control<TrueOrder[]>('truth/orders')).find((one) => one.number === number),
    confirmationsOf: async (number) =>
      (await control<TrueConfirmation[]>('truth/confirmations')).filter((one) => one.orderNumber === number),
    exchanges,
    held: () => spec && { checked: spec.checked(), violations: spec.violations() },
    async stop() {
      await proxy.stop()
      child.kill('SIGTERM')
      await exited
    },
  }
}

/** Asks until it is so: marketplaces take some changes for later. */
export async function until<Value>(ask: () => Promise<Value>, isSo: (value: Value) => boolean): Promise<Value> {
  const looksMax = 200
  for (let look = 1; ; look += 1) {
    const value = await ask()
    if (isSo(value) || look === looksMax) return value
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
