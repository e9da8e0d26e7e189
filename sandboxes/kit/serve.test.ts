import { Agent, request } from 'node:http'
import { afterEach, expect, test } from 'vitest'
import { createReverbSandbox } from '../reverb/index.ts'
import { realWorld, serveSandbox } from './serve.ts'
import type { ReverbOptions, ReverbSandbox } from '../reverb/index.ts'
import type { Delivery, SandboxRequest, ServedSandbox } from './sandbox.ts'
import type { ServedAt, ServeOptions } from './serve.ts'

const running: ServedAt[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((served) => served.stop()))
})

async function serve(options: ReverbOptions = {}, serveOptions: Partial<ServeOptions> = {}) {
  const sandbox = createReverbSandbox(realWorld(1), options)
  const served = await serveSandbox(sandbox, { port: 0, ...serveOptions })
  running.push(served)
  return { sandbox, served }
}

type Heard = { status: number | undefined; headers: Record<string, unknown>; body: string }
type Asking = { method?: string; body?: string; type?: string; timeoutMs?: number }

function ask(sandbox: ReverbSandbox, url: string, asking: Asking = {}): Promise<Heard> {
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${sandbox.account.token}`,
      'content-type': asking.type ?? 'application/json',
    }
    const agent = new Agent({ keepAlive: false })
    const call = request(
      url,
      { method: asking.method ?? 'GET', headers, agent, timeout: asking.timeoutMs ?? 10_000 },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () =>
          resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks).toString() }),
        )
      },
    )
    call.on('timeout', () => call.destroy(new Error('no answer in time')))
    call.on('error', reject)
    call.end(asking.body)
  })
}

test('over HTTP the API answers at the address that is introduced, and its links lead back to it', async () => {
  const { sandbox, served } = await serve()
  const { url, consoleUrl } = sandbox.introduce(served.origin)
  const heard = await ask(sandbox, `${url}/my/listings?per_page=1`)
  expect(heard.status).toBe(200)
  expect(heard.body).toContain(`"href":"${url}/my/listings?per_page=1&page=2"`)
  const page = await ask(sandbox, consoleUrl)
  expect(page.headers['content-type']).toBe('text/html; charset=utf-8')
  expect(page.body).not.toMatch(/(?:src|href)="https?:\/\/(?!127\.0\.0\.1)/)
})

test('silence holds the connection open until it is cut; a reset breaks it; a slow answer comes', async () => {
  const { sandbox, served } = await serve({}, { silenceSeconds: 0.05 })
  const account = `${served.origin}/api/my/account`
  sandbox.control.armFault('timeout-before')
  await expect(ask(sandbox, account)).rejects.toThrow(/hang up|ECONNRESET/)
  sandbox.control.armFault('reset')
  await expect(ask(sandbox, account)).rejects.toThrow(/ECONNRESET|hang up/)
  const patient = await serve()
  patient.sandbox.control.armFault('timeout-before')
  await expect(ask(patient.sandbox, `${patient.served.origin}/api/my/account`, { timeoutMs: 60 })).rejects.toThrow(
    'no answer in time',
  )
  expect((await ask(patient.sandbox, `${patient.served.origin}/api/my/account`)).status).toBe(200)
})

test('another process can place orders, read the truth and set faults', async () => {
  const { sandbox, served } = await serve({ empty: true })
  const control = `${served.origin}/__sandbox`
  const post = (path: string, body: unknown) =>
    ask(sandbox, `${control}${path}`, { method: 'POST', body: JSON.stringify(body) })
  expect((await post('/listings', [{ sku: 'A', title: 'Cable', price: 3.5, inventory: 90_000 }])).status).toBe(200)
  const orders = Array.from({ length: 3000 }, (_, index) => ({
    reference: `INV-${index}`,
    lines: [{ sku: 'A', quantity: 2 }],
  }))
  const placed = JSON.parse((await post('/orders', orders)).body) as { orders: { number: string }[] }[]
  expect(placed).toHaveLength(3000)
  const [number] = placed[0]?.orders.map((one) => one.number) ?? []
  expect((await post(`/orders/${number}/cancel`, {})).status).toBe(200)
  expect((await post(`/orders/${number}/cancel`, {})).status).toBe(409)
  const truth = JSON.parse((await ask(sandbox, `${control}/truth/listings`)).body) as { quantity: number }[]
  expect(truth[0]?.quantity).toBe(90_000 - 5998)
  expect((await post('/faults', { 'server-error': 1 })).status).toBe(200)
  expect((await ask(sandbox, `${served.origin}/api/my/account`)).status).toBeGreaterThanOrEqual(500)
  expect((await post('/faults', { nonsense: 1 })).status).toBe(400)
  expect((await post('/orders', { lines: [{ sku: 'A', quantity: -1 }] })).status).toBe(400)
  expect((await post('/nothing', {})).status).toBe(404)
})

test('bytes come and go as they are, and an answer without content has none', async () => {
  const heard: SandboxRequest[] = []
  const sandbox: ServedSandbox = {
    ...createReverbSandbox(realWorld(1)),
    handle(request) {
      heard.push(request)
      const isEmpty = request.method === 'DELETE'
      const response = { status: isEmpty ? 204 : 200, headers: {}, body: isEmpty ? '' : Buffer.from([0xff, 0xfe]) }
      return Promise.resolve({ kind: 'response', response })
    },
  }
  const served = await serveSandbox(sandbox, { port: 0 })
  running.push(served)
  const answer = await fetch(served.origin, { method: 'PUT', body: new Uint8Array([0x80, 0x00]) })
  expect([...new Uint8Array(await answer.arrayBuffer())]).toEqual([0xff, 0xfe])
  expect(heard[0]?.rawBody).toEqual(Buffer.from([0x80, 0x00]))
  const empty = await fetch(served.origin, { method: 'DELETE' })
  expect([empty.status, empty.headers.get('content-length')]).toEqual([204, null])
})

test('the buttons of the console come back to it', async () => {
  const { sandbox, served } = await serve()
  const press = (path: string, body: string) =>
    ask(sandbox, `${served.origin}/__sandbox${path}`, {
      method: 'POST',
      body,
      type: 'application/x-www-form-urlencoded',
    })
  const bought = await press('/buy', '')
  expect([bought.status, bought.headers['location']]).toEqual([303, '/__sandbox/'])
  const { number } = sandbox.control.books().orders[0] ?? { number: '' }
  expect((await press(`/orders/${number}/refund`, 'ok=1')).status).toBeLessThan(410)
  await press('/faults/toggle', 'name=rate-limit')
  expect(sandbox.control.faults().rates).toEqual({ 'rate-limit': 0.1 })
  await press('/faults/toggle', 'name=rate-limit')
  expect(sandbox.control.faults().rates).toEqual({})
  await press('/tokens/revoke', `token=${sandbox.account.token}`)
  expect((await ask(sandbox, `${served.origin}/api/my/account`)).status).toBe(401)
})

test('the clock makes buyers come and notifications go without anyone asking', async () => {
  const delivered: Delivery[] = []
  const arrived = Promise.withResolvers<void>()
  const deliver = (delivery: Delivery) => {
    delivered.push(delivery)
    arrived.resolve()
  }
  const { sandbox, served } = await serve({ ordersPerMinute: 600, mix: { bundle: 0 } }, { deliver })
  const body = JSON.stringify({ url: 'http://127.0.0.1:1/hook', topic: 'orders/create' })
  expect((await ask(sandbox, `${served.origin}/api/webhooks/registrations`, { method: 'POST', body })).status).toBe(201)
  await arrived.promise
  expect(delivered[0]).toMatchObject({ url: 'http://127.0.0.1:1/hook', body: expect.stringContaining('order_number') })
})
