// One sandbox alone: node sandboxes/cli.ts reverb --port 0. The first line says where it is and how to sign in.
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { createAmazonSandbox } from './amazon/index.ts'
import { parseFaultList } from './kit/faults.ts'
import { realWorld, serveSandbox } from './kit/serve.ts'
import { createReverbSandbox } from './reverb/index.ts'
import { createTiktokSandbox } from './tiktok/index.ts'
import { createWishSandbox } from './wish/index.ts'
import type { SandboxOptions, SandboxWorld, ServedSandbox } from './kit/sandbox.ts'

type Settings = {
  stateFile: string | undefined
  port: number
  seed: number
  options: SandboxOptions
}

/** Payments and cancellations that take hours should be seen within minutes. */
const demoDelayFactor = 0.1
const ordersPerMinuteDefault = 2

const usage =
  'Usage: npm run sandbox -- <marketplace> [--port N] [--seed N] [--currency C] [--faults a,b=0.1] [--orders-per-minute N] [--empty] [--state-file FILE]'

type Create = (world: SandboxWorld, options: SandboxOptions) => ServedSandbox

/** Every marketplace there is an imitation of. A new one is its folder and one line here. */
const marketplaces: Record<string, Create> = {
  amazon: createAmazonSandbox,
  reverb: createReverbSandbox,
  tiktok: createTiktokSandbox,
  wish: createWishSandbox,
}

await main(process.argv.slice(2))

async function main(args: string[]): Promise<void> {
  if (args.includes('--help') || args.includes('-h')) return console.log(usage)
  const parsed = readArguments(args)
  if ('refusal' in parsed) return leave(`${parsed.refusal}\n${usage}`)
  const create = Object.hasOwn(marketplaces, parsed.marketplace) ? marketplaces[parsed.marketplace] : undefined
  if (!create) return leave(`There is no sandbox for "${parsed.marketplace}". Known: ${known()}.\n${usage}`)
  const { stateFile } = parsed.settings
  const sandbox = resultOrReason(() => create(realWorld(parsed.settings.seed), parsed.settings.options))
  if (typeof sandbox === 'string') return leave(sandbox)
  if (stateFile !== undefined && existsSync(stateFile)) sandbox.bringBack(readFileSync(stateFile))
  const keep = () => {
    if (stateFile === undefined) return
    // Written aside and moved, so that an end in the middle leaves the older state whole.
    writeFileSync(`${stateFile}.new`, sandbox.keep(), { mode: 0o600 })
    renameSync(`${stateFile}.new`, stateFile)
  }
  const served = await serveSandbox(sandbox, { port: parsed.settings.port, keep }).catch(
    (error: NodeJS.ErrnoException) => error,
  )
  if (served instanceof Error) {
    const reason = served.code === 'EADDRINUSE' ? 'it is in use' : served.message
    return leave(`Port ${parsed.settings.port} cannot be opened: ${reason}.`)
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(
      signal,
      () =>
        void served.stop().then(() => {
          keep()
          process.exit(0)
        }),
    )
  }
  // Only now, because whoever reads the line may stop us at once.
  console.log(JSON.stringify(sandbox.introduce(served.origin)))
}

function readArguments(args: string[]): { marketplace: string; settings: Settings } | { refusal: string } {
  const options = {
    port: { type: 'string', default: '0' },
    seed: { type: 'string', default: '1' },
    faults: { type: 'string', default: '' },
    empty: { type: 'boolean', default: false },
    'orders-per-minute': { type: 'string' },
    'state-file': { type: 'string' },
    currency: { type: 'string', default: 'USD' },
  } as const
  const parsed = resultOrReason(() => parseArgs({ args, options, allowPositionals: true }))
  // Without the advice about words that begin with a dash, which it does not take.
  if (typeof parsed === 'string') return { refusal: `${parsed.split(/\.\s|\n/)[0]?.replace(/\.$/, '')}.` }
  const [marketplace, ...others] = parsed.positionals
  if (marketplace === undefined) return { refusal: `Name a marketplace: ${known()}.` }
  if (others.length > 0) return { refusal: `Name one marketplace, not also "${others.join(' ')}".` }
  const port = wholeNumberUpTo(parsed.values.port, 65_535)
  if (port === undefined) return { refusal: `--port must be a number from 0 to 65535, not "${parsed.values.port}".` }
  const seed = wholeNumberUpTo(parsed.values.seed, 2 ** 32 - 1)
  if (seed === undefined) return { refusal: `--seed must be a whole number from 0, not "${parsed.values.seed}".` }
  const pace = parsed.values['orders-per-minute']
  const ordersPerMinute = pace === undefined ? undefined : Number(pace)
  if (ordersPerMinute !== undefined && !(ordersPerMinute >= 0 && ordersPerMinute <= 6000 && pace !== '')) {
    return { refusal: `--orders-per-minute must be a number from 0 to 6000, not "${pace}".` }
  }
  const { currency, empty } = parsed.values
  const faults = parseFaultList(parsed.values.faults)
  if ('refusal' in faults) return { refusal: faults.refusal }
  return {
    marketplace,
    settings: {
      stateFile: parsed.values['state-file'],
      port,
      seed,
      options: {
        currency,
        faults,
        empty,
        ordersPerMinute: ordersPerMinute ?? (empty ? 0 : ordersPerMinuteDefault),
        delayFactor: demoDelayFactor,
      },
    },
  }
}

function resultOrReason<T>(work: () => T): T | string {
  try {
    return work()
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function wholeNumberUpTo(text: string, max: number): number | undefined {
  const value = Number(text)
  return /^\d+$/.test(text) && value <= max ? value : undefined
}

function known(): string {
  return Object.keys(marketplaces).join(', ')
}

function leave(message: string): void {
  console.error(message)
  process.exitCode = 2
}
