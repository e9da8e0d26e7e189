// Shows the hub at work: imitation marketplaces with buyers, a hub of its own, and a seller who has set it up. All data
// lies in DATA_DIR; a second start goes on where the first one stopped.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { readConfig } from '../src/config.ts'
import { createHub, type Hub } from '../src/hub.ts'
import { makeDataFolder } from '../src/platform/data-folder.ts'
import { createLog } from '../src/platform/log.ts'
import { StartRefused } from '../src/platform/start-refused.ts'
import { setUp, signIn, type HubClient, type Owner } from './demo/hub-client.ts'
import { runRealFiles } from './demo/real-files.ts'
import { startSandbox, type SandboxProcess } from './demo/sandbox-process.ts'
import { addSuppliers, connectAndMap, hash, importProducts, productsOfSandbox } from './demo/seed.ts'

type Memory = { sandboxPort: number; owner: Owner; seeded: boolean }

const currency = 'GBP'
const ordersPerMinute = '4'

const { values: options } = parseArgs({ options: { catalogue: { type: 'string' }, orders: { type: 'string' } } })
const usesFiles = options.catalogue !== undefined || options.orders !== undefined
const dataFolder = process.env.DATA_DIR ?? join('data', usesFiles ? 'demo-files' : 'demo')

const running: { stop(): Promise<void> }[] = []
let isStopping = false

async function stop(code: number): Promise<never> {
  isStopping = true
  for (const part of running.toReversed()) await part.stop().catch(() => undefined)
  process.exit(code)
}
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => (isStopping ? process.exit(1) : void stop(0)))

try {
  await main()
} catch (error) {
  console.error(error instanceof StartRefused ? error.sentence : error)
  await stop(error instanceof StartRefused ? 2 : 1)
}

async function main(): Promise<void> {
  for (const file of [options.catalogue, options.orders]) {
    if (file !== undefined && !existsSync(file)) throw new StartRefused(`There is no file ${file}.`)
  }
  // In a process of its own, so that the builder's memory goes with it.
  if (spawnSync(process.execPath, ['scripts/build-web.ts', '--if-stale'], { stdio: 'inherit' }).status !== 0)
    throw new StartRefused('The web app could not be built: see above.')
  makeDataFolder(resolve(dataFolder))
  const memory = recall()
  const sandbox = await startSandbox(
    'reverb',
    [
      '--currency',
      currency,
      '--state-file',
      join(dataFolder, 'reverb-sandbox.state'),
      ...(usesFiles ? ['--empty'] : ['--orders-per-minute', ordersPerMinute]),
    ],
    memory?.sandboxPort,
  )
  running.push(sandbox)
  const config = readConfig({
    ...process.env,
    DATA_DIR: dataFolder,
    FAIRLEAD_MARKETPLACE_URLS: `reverb=${sandbox.url}`,
  })
  const hub = await createHub(config, {
    log: createLog({ level: process.env.FAIRLEAD_LOG_LEVEL ? config.logLevel : 'error' }),
  })
  running.push(hub)
  const owner = memory?.owner ?? { name: 'Demo owner', email: 'owner@fairlead.example', password: 'mooring-line-demo' }
  const client = await clientOf(hub, owner)
  const remembered = { sandboxPort: Number(new URL(sandbox.url).port), owner, seeded: memory?.seeded ?? false }
  remember(remembered)
  if (usesFiles) announce(hub, sandbox, owner)
  if (!remembered.seeded) {
    await (usesFiles ? runRealFiles(client, sandbox, { ...options, currency, dataFolder }) : seed(client, sandbox))
    remember({ ...remembered, seeded: true })
  }
  if (!usesFiles) announce(hub, sandbox, owner)
}

async function clientOf(hub: Hub, owner: Owner): Promise<HubClient> {
  const origin = hub.address ?? ''
  if (hub.setupToken === undefined) return signIn(origin, owner)
  return setUp(origin, hub.setupToken, { name: 'Lantern Bay Music', currency }, owner)
}

async function seed(client: HubClient, sandbox: SandboxProcess): Promise<void> {
  const products = await productsOfSandbox(sandbox)
  await importProducts(client, products)
  await addSuppliers(client, products, currency, (sku, supplier) => 3 + (hash(`${supplier}:${sku}`) % 24))
  await connectAndMap(client, sandbox, { name: 'Reverb shop', currency, listings: products.length })
}

function announce(hub: Hub, sandbox: SandboxProcess, owner: Owner): void {
  console.log(`
Fairlead demo is ready at ${hub.address}

  Sign in     ${owner.email}   ${owner.password}
  Marketplace ${sandbox.consoleUrl}   (what buyers see; make one order, revoke the token, switch faults on)

  What to look at
  - Orders: buyers order every few seconds; open one and read its story, then dispatch a purchase order.
  - The marketplace page: the tracking number arrives there, and stock falls on the listings.
  - Settings › Sales channel integrations: switch the account off and on; SKU mapping has a few listings left to map.

  Data lies in ${dataFolder}. Stop with Ctrl+C; the next start goes on from here.`)
}

function recall(): Memory | undefined {
  const path = join(dataFolder, 'demo.json')
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Memory) : undefined
}

function remember(memory: Memory): void {
  writeFileSync(join(dataFolder, 'demo.json'), JSON.stringify(memory, null, 2), { mode: 0o600 })
}
