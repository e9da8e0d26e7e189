import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createTcpServer } from 'node:net'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { OutsideRefused, systemOutside, type OutsideOptions, type OutsideRequest } from './outside.ts'
import { isPublicAddress } from './public-address.ts'

const closing: (() => unknown)[] = []
afterEach(() => closing.splice(0).forEach((close) => close()))

/** Listens where nobody must ever come, and counts who does. */
let trap: { port: number; hits: number }
beforeEach(async () => {
  const server = createTcpServer((socket) => {
    trap.hits += 1
    socket.destroy()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  trap = { port: (server.address() as { port: number }).port, hits: 0 }
  closing.push(() => server.close())
})

const serve = async (listener: RequestListener) => {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return `127.0.0.1:${(server.address() as { port: number }).port}`
}

const outside = (options: Partial<OutsideOptions> = {}) => {
  const made = systemOutside({ allowPrivate: [], ...options })
  closing.push(() => made.close())
  return made
}

const get = (url: string, options: Partial<OutsideOptions> = {}, more: Partial<OutsideRequest> = {}) =>
  outside(options).request({ method: 'GET', url, bytesMax: 1_000_000, timeoutSeconds: 3, ...more })

const refusal = async (asking: Promise<unknown>) => {
  const error: unknown = await asking.catch((caught: unknown) => caught)
  expect(error).toBeInstanceOf(OutsideRefused)
  const { kind, message } = error as OutsideRefused
  return { kind, message }
}

const notPublic = [
  '0.0.0.0',
  '127.0.0.1',
  '127.8.8.8',
  '10.0.0.1',
  '172.16.0.1',
  '192.168.1.1',
  '169.254.169.254',
  '100.64.0.1',
  '100.100.100.200',
  '168.63.129.16',
  '192.0.0.192',
  '192.0.2.1',
  '198.18.0.1',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::7f00:1',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '::ffff:0:7f00:1',
  '64:ff9b::7f00:1',
  '64:ff9b::10.0.0.1',
  '64:ff9b:1::7f00:1',
  '2002:7f00:1::',
  '2001::1',
  '2001:db8::1',
  'fe80::1',
  'fec0::1',
  'fc00::1',
  'fd00:ec2::254',
  'ff02::1',
]

test.each(notPublic)('X5: %s is not a public address', (address) => {
  expect(isPublicAddress(address)).toBe(false)
})

test.each(['8.8.8.8', '93.184.215.14', '2606:4700::1111', '64:ff9b::8.8.8.8', '::ffff:8.8.8.8'])(
  '%s is a public address',
  (address) => {
    expect(isPublicAddress(address)).toBe(true)
  },
)

const loopbacks = (port: number) =>
  [
    '127.0.0.1',
    '2130706433',
    '0177.0.0.1',
    '017700000001',
    '0x7f.1',
    '0x7f000001',
    '127.1',
    '127.0.1',
    '[::1]',
    '[::ffff:7f00:1]',
    '[::ffff:127.0.0.1]',
    '[64:ff9b::7f00:1]',
    '[2002:7f00:1::]',
    '[::]',
    '0',
    'localhost',
    'LOCALHOST',
    '１２７.０.０.１',
    '127。0。0。1',
    '0.0.0.0',
  ].map((host) => `https://${host}:${port}/`)

const otherwise = (port: number) => [
  'https://127.0.0.1/',
  'https://169.254.169.254/latest/meta-data/',
  `http://127.0.0.1:${port}/`,
  `https://user:password@127.0.0.1:${port}/`,
  `ftp://127.0.0.1:${port}/`,
  `file:///etc/passwd`,
  `gopher://127.0.0.1:${port}/`,
  'not an address',
]

test('X5: no spelling of this machine is called', async () => {
  const options = { ports: [443, trap.port] }
  for (const url of [...loopbacks(trap.port), ...otherwise(trap.port)])
    expect((await refusal(get(url, options))).kind, url).toBe('refused')
  for (const url of loopbacks(8080)) expect((await refusal(get(url))).kind, url).toBe('refused')
  expect(trap.hits).toBe(0)
})

test('X5: every IPv4 address of this machine, as any number, is refused before a connection', async () => {
  const sender = outside()
  const asked = (url: string) =>
    refusal(sender.request({ method: 'GET', url, bytesMax: 1000, timeoutSeconds: 1 })).then(({ kind }) => kind)
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0x7f000000, max: 0x7fffffff }),
      fc.constantFrom(10, 16, 8),
      async (address, base) => {
        const text = { 10: String(address), 16: `0x${address.toString(16)}`, 8: `0${address.toString(8)}` }[base] ?? ''
        expect(await asked(`https://${text}:8443/`)).toBe('refused')
      },
    ),
    { numRuns: 100 },
  )
})

test('X5: a name that leads to this machine is refused, also among public addresses', async () => {
  for (const addresses of [['127.0.0.1'], ['93.184.215.14', '127.0.0.1'], ['::1'], ['::ffff:10.0.0.1'], []]) {
    const resolve = () =>
      Promise.resolve(addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })))
    expect(
      (await refusal(get(`https://127-0-0-1.names.example:${trap.port}/`, { resolve, ports: [trap.port] }))).kind,
    ).toBe('refused')
  }
  expect(trap.hits).toBe(0)
})

test('X5: a name that turns private after it was checked is asked once, and the checked address is used', async () => {
  let asked = 0
  const resolve = () => Promise.resolve([{ address: asked++ === 0 ? '93.184.215.14' : '127.0.0.1', family: 4 }])
  const url = `https://rebinding.example:${trap.port}/`
  await refusal(get(url, { resolve, ports: [trap.port] }, { timeoutSeconds: 1 }))
  expect(asked).toBe(1)
  expect((await refusal(get(url, { resolve, ports: [trap.port] }))).kind).toBe('refused')
  expect(trap.hits).toBe(0)
})

test('X5: a redirect to this machine is not followed, and one to http neither', async () => {
  const on = (host: string) => `https://${host}:${trap.port}/`
  const targets = [
    `http://127.0.0.1:${trap.port}/`,
    on('127.0.0.1'),
    on('[::ffff:7f00:1]'),
    on('localhost'),
    'file:///',
  ]
  for (const location of targets) {
    const host = await serve((_request, response) => response.writeHead(302, { location }).end())
    const asking = get(`http://${host}/feed.csv`, { allowPrivate: [host], ports: [trap.port] })
    expect((await refusal(asking)).kind, location).toBe('refused')
  }
  expect(trap.hits).toBe(0)
})

test('redirects are followed three times and not a fourth, and secrets stay with the host they are for', async () => {
  const seen: (string | undefined)[] = []
  const end = await serve((request, response) => {
    seen.push(request.headers.authorization)
    response.end('sku,stock\n')
  })
  const start = await serve((request, response) => {
    const left = Number(request.url?.slice(1))
    seen.push(request.headers.authorization)
    response.writeHead(302, { location: left === 0 ? `http://${end}/` : `/${left - 1}` }).end()
  })
  const options = { allowPrivate: [start, end] }
  const headers = { authorization: 'Basic abc' }
  const answer = await get(`http://${start}/2`, options, { headers })
  expect(Buffer.from(answer.bytes).toString()).toBe('sku,stock\n')
  expect(seen).toEqual(['Basic abc', 'Basic abc', 'Basic abc', undefined])
  expect((await refusal(get(`http://${start}/3`, options))).message).toContain('more than 3 times')
})

test('a message is never sent on by a redirect', async () => {
  const host = await serve((_request, response) => response.writeHead(307, { location: `http://127.0.0.1:1/` }).end())
  const answer = await get(`http://${host}/`, { allowPrivate: [host] }, { method: 'POST', body: '{}' })
  expect(answer.status).toBe(307)
})

test('a host is trusted only as the operator wrote it', async () => {
  const host = await serve((_request, response) => response.end('yes'))
  const port = Number(host.split(':')[1])
  expect((await get(`http://${host}/`, { allowPrivate: ['127.0.0.1'] })).status).toBe(200)
  expect((await refusal(get(`http://${host}/`, { allowPrivate: [`127.0.0.1:${port + 1}`] }))).kind).toBe('refused')
  expect((await refusal(get(`http://localhost:${port}/`, { allowPrivate: ['127.0.0.1'] }))).kind).toBe('refused')
})

test('an endless body ends at the size allowed', async () => {
  const host = await serve((_request, response) => {
    const more = () => {
      while (!response.destroyed && response.write(Buffer.alloc(65_536, 'x'))) {
        // As fast as it is read.
      }
      if (!response.destroyed) response.once('drain', more)
    }
    more()
  })
  const { kind, message } = await refusal(get(`http://${host}/`, { allowPrivate: [host] }))
  expect({ kind, message }).toEqual({ kind: 'refused', message: 'What the address sends is larger than 1 MB.' })
})

test('a body that trickles is given up at the time allowed, however regularly it comes', async () => {
  const host = await serve((_request, response) => {
    response.write('a')
    const drip = setInterval(() => response.write('a'), 50)
    closing.push(() => clearInterval(drip))
  })
  const { kind, message } = await refusal(get(`http://${host}/`, { allowPrivate: [host] }, { timeoutSeconds: 1 }))
  expect({ kind, message }).toEqual({
    kind: 'wait',
    message: 'The address did not answer in full within 1 seconds.',
  })
})

test('a packed answer is unpacked, and one that unpacks without end is stopped', async () => {
  const files: Record<string, Buffer> = {
    '/small': gzipSync('sku,stock\nA,1\n'),
    '/bomb': gzipSync(Buffer.alloc(60_000_000)),
    '/cut': gzipSync('sku,stock\nA,1\n'.repeat(1000)).subarray(0, 40),
  }
  const host = await serve((request, response) =>
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(files[request.url ?? '']),
  )
  const asked = (path: string) => get(`http://${host}${path}`, { allowPrivate: [host] }, { bytesMax: 50_000_000 })
  expect(Buffer.from((await asked('/small')).bytes).toString()).toBe('sku,stock\nA,1\n')
  expect((await refusal(asked('/bomb'))).kind).toBe('refused')
  expect((await refusal(asked('/cut'))).message).toBe('The packed file is damaged or cut off.')
})

test('a lost answer of a message is unclear, of a question it is worth another try', async () => {
  const host = await serve((request) => request.socket.destroy())
  const options = { allowPrivate: [host] }
  expect((await refusal(get(`http://${host}/`, options, { method: 'POST', body: '{}' }))).kind).toBe('unclear')
  expect((await refusal(get(`http://${host}/`, options))).kind).toBe('wait')
  expect((await refusal(get('http://127.0.0.1:1/', { allowPrivate: ['127.0.0.1'] }, { method: 'POST' }))).kind).toBe(
    'wait',
  )
})
