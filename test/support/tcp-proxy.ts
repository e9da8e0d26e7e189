// Stands between two programs on loopback and cuts their link as networks do.
import { createServer, connect, type AddressInfo, type Socket } from 'node:net'

export type TcpProxy = {
  port: number
  /** Where new connections lead from now on. */
  leadTo(port: number): void
  /**
   * 'reset': both sides are told, and whoever calls again is told as well. 'half-open': the far side is told and the near
   * side hears nothing more, also on new connections, until the link is there again and says that they are gone.
   */
  cut(how: 'reset' | 'half-open'): void
  heal(): void
  close(): Promise<void>
}

export async function startTcpProxy(target: number): Promise<TcpProxy> {
  const state = { target, cut: null as 'reset' | 'half-open' | null }
  const pairs = new Set<{ near: Socket; far: Socket }>()
  const silent = new Set<Socket>()
  const server = createServer((near) => {
    near.on('error', () => {})
    if (state.cut === 'reset') return void near.resetAndDestroy()
    if (state.cut === 'half-open') return hold(silent, near)
    const far = connect(state.target, '127.0.0.1')
    const pair = { near, far }
    pairs.add(pair)
    far.on('error', () => near.resetAndDestroy())
    near.pipe(far).pipe(near)
    const end = () => {
      pairs.delete(pair)
      if (!silent.has(near)) near.destroy()
      far.destroy()
    }
    near.on('close', end)
    far.on('close', end)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const endPairs = (endNear: (near: Socket) => void) => {
    for (const { near, far } of pairs) {
      near.unpipe(far)
      far.unpipe(near)
      endNear(near)
      far.resetAndDestroy()
    }
  }
  const heal = () => {
    state.cut = null
    for (const near of silent) near.resetAndDestroy()
    silent.clear()
  }
  return {
    port: (server.address() as AddressInfo).port,
    leadTo: (port) => void (state.target = port),
    cut(how) {
      state.cut = how
      endPairs(how === 'reset' ? (near) => near.resetAndDestroy() : (near) => hold(silent, near))
    },
    heal,
    close() {
      heal()
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      endPairs((near) => near.resetAndDestroy())
      return closed
    },
  }
}

/** What comes is taken and goes nowhere. */
function hold(silent: Set<Socket>, near: Socket): void {
  silent.add(near)
  near.on('data', () => {})
  near.on('close', () => silent.delete(near))
  near.resume()
}
