import { spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { AddressInfo } from 'node:net'

const cli = fileURLToPath(new URL('cli.ts', import.meta.url))

type Ended = { code: number | null; out: string; errors: string }

/** Runs the command; `onFirstLine` may stop it with a signal. */
function run(args: string[], onFirstLine?: (line: string) => NodeJS.Signals): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [cli, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
    let [out, errors] = ['', '']
    let isTold = false
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString()
      if (isTold || !out.includes('\n') || !onFirstLine) return
      isTold = true
      child.kill(onFirstLine(out.split('\n')[0] ?? ''))
    })
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
    child.on('close', (code) => resolve({ code, out, errors }))
  })
}

test('the first line says where the sandbox is and how to sign in, and both signals end it cleanly', async () => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    const ended = await run(['reverb', '--port', '0', '--faults', 'rate-limit,reset=0.5'], () => signal)
    const first = JSON.parse(ended.out.split('\n')[0] ?? '') as { url: string; account: { token: string } }
    expect(first).toMatchObject({
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/api$/),
      consoleUrl: expect.stringMatching(/\/__sandbox\/$/),
      account: { token: expect.stringMatching(/^[0-9a-f]{64}$/) },
    })
    expect(ended.code).toBe(0)
  }
})

test('the same seed gives the same token', async () => {
  const tokens: unknown[] = []
  for (const seed of ['7', '7', '8']) {
    await run(['reverb', '--seed', seed, '--empty'], (line) => {
      tokens.push((JSON.parse(line) as { account: { token: string } }).account.token)
      return 'SIGTERM'
    })
  }
  expect(tokens[0]).toBe(tokens[1])
  expect(tokens[2]).not.toBe(tokens[0])
})

test('bad arguments end with a clear sentence and code 2', async () => {
  const expected: Record<string, RegExp> = {
    '': /Name a marketplace: .*reverb/,
    etsy: /no sandbox for "etsy"/,
    toString: /no sandbox for "toString"/,
    'reverb --port nine': /--port must be a number from 0 to 65535, not "nine"/,
    'reverb --port 70000': /not "70000"/,
    'reverb --seed -1': /--seed/,
    'reverb --faults gremlins': /no fault named "gremlins"\. Known faults: rate-limit/,
    'reverb --orders-per-minute lots': /--orders-per-minute/,
    'reverb --colour red': /--colour/,
    'reverb --currency CNY': /one of USD, .*MXN/,
    'wish --currency MXN': /one of USD, .*CNY/,
    'reverb amazon': /one marketplace/,
  }
  for (const [args, sentence] of Object.entries(expected)) {
    const ended = await run(args.split(' ').filter(Boolean))
    expect([args, ended.code]).toEqual([args, 2])
    expect(ended.errors).toMatch(sentence)
    expect(ended.errors).not.toContain('    at ')
    expect(ended.out).toBe('')
  }
})

test('a port in use is said to be in use', async () => {
  const blocker = createServer()
  await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', resolve))
  const { port } = blocker.address() as AddressInfo
  const ended = await run(['reverb', '--port', String(port)])
  blocker.close()
  expect(ended.code).toBe(2)
  expect(ended.errors).toContain(`Port ${port} cannot be opened: it is in use.`)
})
