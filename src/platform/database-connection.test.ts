import { once } from 'node:events'
import { createServer, Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test, vi } from 'vitest'
import { createPool } from './database-connection.ts'

afterEach(() => void vi.restoreAllMocks())

test('a database that is gone without a word is noticed: its connections are kept alive', async () => {
  const silent = createServer((socket) => void socket.on('error', () => {})).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const { port } = silent.address() as AddressInfo
  const kept = vi.spyOn(Socket.prototype, 'setKeepAlive')
  const pool = createPool({ connectionString: `postgresql://somebody@127.0.0.1:${port}/nothing`, poolMax: 1 })
  const connected = once(silent, 'connection')
  pool.connect().catch(() => {})
  const [socket] = (await connected) as [Socket]
  await vi.waitFor(() => expect(kept).toHaveBeenCalledWith(true, 10_000), { timeout: 60_000 })
  socket.resetAndDestroy()
  silent.close()
  await pool.end()
})
