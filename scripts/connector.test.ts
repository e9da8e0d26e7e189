import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connectorOf } from '../src/connectors/index.ts'
import { startSandbox } from '../src/connectors/conformance-sandbox.ts'
import type { RunningSandbox } from '../src/connectors/conformance-sandbox.ts'
import { systemHttp } from '../src/platform/http.ts'

const script = fileURLToPath(new URL('connector.ts', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'connector-'))
const http = systemHttp()
let sandbox: RunningSandbox
let account: string

beforeAll(async () => {
  sandbox = await startSandbox(connectorOf('reverb') ?? raise(), http)
  account = file('account.json', sandbox.account)
})
afterAll(async () => {
  await sandbox.stop()
  await http.close()
  rmSync(folder, { recursive: true })
})

describe('npm run connector', () => {
  test('orders.pull prints each request and the result with a new cursor, and no secret', async () => {
    await sandbox.control('listings', {
      title: 'Pedal',
      price: '10.00',
      sku: 'A',
      inventory: 9,
      condition: 'Brand New',
    })
    await sandbox.control('orders', { lines: [{ sku: 'A', quantity: 2 }] })
    // What is placed in this second lies inside the window only when the window ends later.
    const pull = () => run('orders.pull', '--base-url', sandbox.baseUrl, '--account', account)
    const { code, lines, output } = await until(pull, ({ lines }) => resultOf(lines).items?.length === 1)
    expect(code).toBe(0)
    expect(lines.slice(0, -1).every((line) => 'method' in line && 'url' in line && line['status'] === 200)).toBe(true)
    expect(lines.length).toBe(4)
    const { items, cursor } = resultOf(lines)
    expect(items).toMatchObject([{ status: 'to-ship', lines: [{ channelSku: 'A', quantity: 2 }] }])
    expect(output).not.toContain(sandbox.account['token'])
    const again = await run(
      'orders.pull',
      '--base-url',
      sandbox.baseUrl,
      '--account',
      account,
      '--cursor',
      cursor ?? '',
    )
    expect(resultOf(again.lines).items?.length).toBe(1)
  })

  test('the line a sandbox prints will do for account and address', async () => {
    const line = file('line.json', { url: sandbox.baseUrl, account: sandbox.account })
    const { code, lines } = await run('account.check', '--account', line)
    expect(code).toBe(0)
    expect(lines.at(-1)).toMatchObject({ result: [{ currency: 'USD' }] })
  })

  test('a refusal is said as one, with exit code 1', async () => {
    const wrong = file('wrong.json', { token: 'nobody' })
    const { code, lines } = await run('orders.pull', '--base-url', sandbox.baseUrl, '--account', wrong)
    expect(code).toBe(1)
    expect(lines.at(-1)).toMatchObject({ refused: { kind: 'signed-out' } })
  })

  test('a refused entry of a batch gives exit code 1', async () => {
    const input = file('stock.json', { marketplaceListingId: '1', quantity: 3 })
    const { code, lines } = await run(
      'stock.push',
      '--base-url',
      sandbox.baseUrl,
      '--account',
      account,
      '--input',
      input,
    )
    expect(code).toBe(1)
    expect(lines.at(-1)).toMatchObject({ result: [{ kind: 'gone' }] })
  })

  test.each<[string, string[], RegExp]>([
    ['no operation', [], /There are: account\.check, .*shipments\.confirm/],
    ['an unknown operation', ['orders.fly'], /“orders\.fly” is no operation\. There are: account\.check/],
    ['an unknown option', ['orders.pull', '--colour', 'red'], /--colour/],
    ['no account', ['orders.pull', '--base-url', 'http://127.0.0.1:1/api'], /--account FILE is missing/],
    ['a file that is not there', ['orders.pull', '--account', '/nowhere.json'], /cannot be read/],
    ['no address', ['orders.pull', '--account', 'ACCOUNT'], /--base-url URL is missing/],
    ['no web address', ['orders.pull', '--account', 'ACCOUNT', '--base-url', 'ftp://x'], /is no web address/],
    [
      'no input',
      ['stock.push', '--account', 'ACCOUNT', '--base-url', 'http://127.0.0.1:1/api'],
      /--input FILE is missing/,
    ],
    [
      'no date',
      ['orders.pull', '--account', 'ACCOUNT', '--base-url', 'http://127.0.0.1:1', '--since', 'soon'],
      /is no date/,
    ],
  ])('%s is said in a sentence, with exit code 2 and nothing sent', async (_name, args, sentence) => {
    const { code, lines, errors } = await run(...args.map((arg) => (arg === 'ACCOUNT' ? account : arg)))
    expect(code).toBe(2)
    expect(lines).toEqual([])
    expect(errors).toMatch(sentence)
  })
})

type Result = { items?: unknown[]; cursor?: string }

function resultOf(lines: Record<string, unknown>[]): Result {
  return (lines.at(-1)?.['result'] ?? {}) as Result
}

function file(name: string, content: unknown): string {
  const path = join(folder, name)
  writeFileSync(path, JSON.stringify(content))
  return path
}

function run(...args: string[]) {
  return new Promise<{ code: number; output: string; errors: string; lines: Record<string, unknown>[] }>((resolve) => {
    execFile(process.execPath, [script, 'reverb', ...args], (error, output, errors) => {
      const lines = output.split('\n').filter((line) => line !== '')
      const code = typeof error?.code === 'number' ? error.code : 0
      resolve({ code, output, errors, lines: lines.map((line) => JSON.parse(line) as Record<string, unknown>) })
    })
  })
}

async function until<T>(work: () => Promise<T>, isDone: (value: T) => boolean): Promise<T> {
  for (let times = 0; times < 20; times++) {
    const value = await work()
    if (isDone(value)) return value
  }
  throw new Error('It did not come about')
}

function raise(): never {
  throw new Error('There is no connector of Reverb')
}
