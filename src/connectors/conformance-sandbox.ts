// Starts a marketplace's sandbox as its own process, for the conformance tests. Nothing of it is imported: the connector
// and the sandbox are two readers of one published spec and must not share a mistake.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { CallHttp } from './call.ts'
import { parseJson } from './reading.ts'

export type RunningSandbox = {
  baseUrl: string
  account: Record<string, string>
  /** The sandbox's control surface: a body makes it a POST. */
  control(path: string, body?: unknown): Promise<unknown>
  stop(): Promise<void>
}

export async function startSandbox(id: string, http: CallHttp): Promise<RunningSandbox> {
  const cli = fileURLToPath(new URL('../../sandboxes/cli.ts', import.meta.url))
  const child = spawn(process.execPath, [cli, id, '--port', '0', '--empty'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = once(child, 'exit')
  const firstLine = once(createInterface({ input: child.stdout }), 'line').then(([line]) => String(line))
  const ended = exited.then(() => Promise.reject(new Error(`The sandbox of ${id} ended before it said its address`)))
  const line = parseJson(await Promise.race([firstLine, ended])) as {
    url: string
    consoleUrl: string
    account: Record<string, string>
  }
  return {
    baseUrl: line.url,
    account: line.account,
    async control(path, body) {
      const url = line.consoleUrl + path
      const headers = { 'content-type': 'application/json', accept: 'application/json' }
      const method = body === undefined ? 'GET' : 'POST'
      const sent = body === undefined ? {} : { body: JSON.stringify(body) }
      const answer = await http.request({ method, url, headers, timeoutSeconds: 20, ...sent })
      if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.body}`)
      return parseJson(answer.body)
    },
    async stop() {
      child.kill('SIGTERM')
      await exited
    },
  }
}
