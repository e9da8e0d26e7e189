// The hub's program as an operator runs it, under a keeper that starts it again whenever it ends, as systemd would.
import { spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { childEnvironment } from '../support/child-environment.ts'

export type Program = {
  name: string
  /** All it ever said on its first output. */
  said(): string
  errors(): string
  isUp(): boolean
  /** Of every process it ever was. */
  pids: number[]
  /** Ends it at once; the keeper starts it again. */
  kill(): void
  freeze(): void
  thaw(): void
  /** For good. */
  stop(): Promise<void>
}

const main = join(import.meta.dirname, '..', '..', 'src', 'main.ts')
const restartMilliseconds = 300
const stopMilliseconds = 30_000

export function keepRunning(name: string, args: string[], environment: Record<string, string>): Program {
  const state = { child: undefined as ChildProcess | undefined, isUp: false, isFrozen: false, isStopping: false }
  const text = { out: '', error: '' }
  const pids: number[] = []
  const start = () => {
    if (state.isStopping) return
    const child = spawn(process.execPath, [main, ...args], {
      env: childEnvironment(environment),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    state.child = child
    if (child.pid !== undefined) pids.push(child.pid)
    child.stdout.on('data', (chunk: Buffer) => {
      text.out += chunk.toString()
      if (/is ready/.test(chunk.toString())) state.isUp = true
    })
    child.stderr.on('data', (chunk: Buffer) => (text.error = (text.error + chunk.toString()).slice(-20_000)))
    child.once('exit', () => {
      state.isUp = false
      state.isFrozen = false
      if (!state.isStopping) setTimeout(start, restartMilliseconds)
    })
  }
  // Whatever becomes of the tests, no program is left behind.
  const endNow = () => void state.child?.kill('SIGKILL')
  process.once('exit', endNow)
  start()
  return {
    name,
    said: () => text.out,
    errors: () => text.error,
    pids,
    isUp: () => state.isUp && !state.isFrozen,
    kill: () => void state.child?.kill('SIGKILL'),
    freeze() {
      state.isFrozen = state.child?.kill('SIGSTOP') ?? false
    },
    thaw() {
      state.child?.kill('SIGCONT')
      state.isFrozen = false
    },
    async stop() {
      state.isStopping = true
      const { child } = state
      process.off('exit', endNow)
      if (!child || child.exitCode !== null || child.signalCode !== null) return
      const ended = new Promise<void>((resolve) => void child.once('exit', () => resolve()))
      child.kill('SIGCONT')
      child.kill('SIGTERM')
      const tooLong = setTimeout(() => child.kill('SIGKILL'), stopMilliseconds)
      await ended
      clearTimeout(tooLong)
    },
  }
}
