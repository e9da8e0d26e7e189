import { createServer as createTcpServer, type Socket } from 'node:net'
import { createServer, type RequestListener } from 'node:http'
import { once } from 'node:events'
import { afterAll, afterEach, expect, test } from 'vitest'
import { HttpFailure, systemHttp, type HttpInput } from './http.ts'

const http = systemHttp()
const closing: (() => void)[] = []
afterEach(() => closing.splice(0).forEach((close) => close()))
afterAll(() => http.close())

const serve = async (listener: RequestListener) => {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as { port: number }).port}`
}

const serveRaw = async (onSocket: (socket: Socket) => void) => {
  const sockets: Socket[] = []
  const server = createTcpServer((socket) => {
    socket.on('error', () => {})
    sockets.push(socket)
    onSocket(socket)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as { port: number }).port}`
}

const get = (url: string, more: Partial<HttpInput> = {}) =>
  http.request({ method: 'GET', url, headers: {}, timeoutSeconds: 5, ...more })

const failure = async (asking: Promise<unknown>) => {
  const error: unknown = await asking.catch((caught: unknown) => caught)
  expect(error).toBeInstanceOf(HttpFailure)
  const { kind, sent } = error as HttpFailure
  return { kind, sent }
}

test('an answer of any status is an answer, with its headers in lower case', async () => {
  const url = await serve((request, response) => {
    response.writeHead(503, {
      'X-Echo': `${request.method} ${String(request.headers['x-mine'])}`,
      'Set-Cookie': ['a=1', 'b=2'],
    })
    request.pipe(response)
  })
  const answer = await http.request({
    method: 'POST',
    url,
    headers: { 'x-mine': 'yes' },
    body: 'größe',
    timeoutSeconds: 5,
  })
  expect(answer).toMatchObject({
    status: 503,
    body: 'größe',
    headers: { 'x-echo': 'POST yes', 'set-cookie': 'a=1, b=2' },
  })
})

test('X5: a redirect is handed back and not followed', async () => {
  let asked = 0
  const url = await serve((_, response) => {
    asked++
    response.writeHead(302, { location: '/elsewhere' }).end()
  })
  expect((await get(url)).status).toBe(302)
  expect(asked).toBe(1)
})

test('where nobody listens nothing was sent', async () => {
  const server = createTcpServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  expect(await failure(get(`http://127.0.0.1:${port}`))).toEqual({ kind: 'refused', sent: false })
})

test('P2: a connection cut after the request went out may have taken effect', async () => {
  const url = await serveRaw((socket) => socket.once('data', () => socket.destroy()))
  expect(await failure(get(url, { method: 'POST', body: 'order' }))).toEqual({ kind: 'reset', sent: true })
})

test('no answer in time ends the wait, and so does one that trickles in for ever', async () => {
  const silent = await serveRaw(() => {})
  expect(await failure(get(silent, { timeoutSeconds: 1 }))).toEqual({ kind: 'timeout', sent: true })
  const slow = await serveRaw((socket) => {
    socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n')
    const drip = setInterval(() => socket.write('x'), 10)
    socket.once('close', () => clearInterval(drip))
  })
  expect(await failure(get(slow, { timeoutSeconds: 1 }))).toEqual({ kind: 'timeout', sent: true })
})

test('an answer larger than allowed is not read to its end', async () => {
  const url = await serve((_, response) => void response.end('x'.repeat(100_000)))
  expect(await failure(get(url, { bodyBytesMax: 99_999 }))).toEqual({ kind: 'too-large', sent: true })
  expect((await get(url, { bodyBytesMax: 100_000 })).body).toHaveLength(100_000)
})

test('a stream gives its parts as they come, waits for a slow reader, and notices silence in the middle', async () => {
  const url = await serve((request, response) => {
    response.write('first ')
    if (request.url === '/silent') return
    setTimeout(() => response.end('second'), 30)
  })
  const ask = (path: string) => http.stream({ method: 'GET', url: url + path, headers: {}, timeoutSeconds: 1 })
  const whole = await ask('/whole')
  let text = ''
  for await (const part of whole.body) {
    text += Buffer.from(part).toString()
    await new Promise((resolve) => setTimeout(resolve, 1200))
  }
  expect(text).toBe('first second')
  const silent = await ask('/silent')
  const reading = (async () => {
    for await (const part of silent.body) expect(part.length).toBeGreaterThan(0)
  })()
  expect(await failure(reading)).toEqual({ kind: 'timeout', sent: true })
})
