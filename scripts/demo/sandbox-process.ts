// A sandbox as a process of its own, on the port it had before where that is still free.
import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { SandboxIntroduction } from '../../sandboxes/kit/sandbox.ts'

export type SandboxProcess = Introduction & { stop(): Promise<void> }

/** As much of its first line as is needed here. */
type Introduction = Pick<SandboxIntroduction, 'url' | 'consoleUrl' | 'operations'> & { account: Record<string, string> }

export async function startSandbox(
  marketplace: string,
  args: string[],
  portBefore: number | undefined,
): Promise<SandboxProcess> {
  const first =
    portBefore === undefined ? undefined : await tryStart(marketplace, [...args, '--port', String(portBefore)])
  const started = first ?? (await tryStart(marketplace, args))
  if (!started) throw new Error(`The ${marketplace} sandbox did not start.`)
  return started
}

async function tryStart(marketplace: string, args: string[]): Promise<SandboxProcess | undefined> {
  const child = spawn(process.execPath, ['sandboxes/cli.ts', marketplace, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const line = await firstLine(child)
  if (line === undefined) return undefined
  return { ...(JSON.parse(line) as Introduction), stop: () => end(child) }
}

function firstLine(child: ChildProcess): Promise<string | undefined> {
  return new Promise((resolve) => {
    if (child.stdout) createInterface({ input: child.stdout }).once('line', resolve)
    child.once('exit', () => resolve(undefined))
  })
}

function end(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve()
    child.once('exit', () => resolve())
    child.kill('SIGTERM')
  })
}
