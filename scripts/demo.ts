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
import {
  connect,
  environmentOf,
  firstMarketplace,
  marketplaceIds,
  startMarketplace,
  tellOurAddress,
  type DemoMarketplace,
} from './demo/marketplaces.ts'
import { runRealFiles } from './demo/real-files.ts'
import { addSuppliers, connectAndMap, hash, importProducts, mapAndSwitchOn, productsOf } from './demo/seed.ts'

type Memory = { ports: Record<string, number>; owner: Owner; seeded: boolean }

const currency = 'GBP'

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
  const marketplaces = await Promise.all(
    marketplaceIds
      .filter((id) => !usesFiles || id === firstMarketplace)
      .map((id) => startMarketplace(id, { dataFolder, port: memory?.ports[id], currency, isEmpty: usesFiles })),
  )
  running.push(...marketplaces.map(({ sandbox }) => sandbox))
  const config = readConfig({ ...process.env, DATA_DIR: dataFolder, ...environmentOf(marketplaces) })
  const hub = await createHub(config, {
    log: createLog({ level: process.env.FAIRLEAD_LOG_LEVEL ? config.logLevel : 'error' }),
  })
  running.push(hub)
  const owner = memory?.owner ?? { name: 'Demo owner', email: 'owner@fairlead.example', password: 'mooring-line-demo' }
  const client = await clientOf(hub, owner)
  for (const marketplace of marketplaces) await tellOurAddress(marketplace, hub.address ?? '')
  const ports = Object.fromEntries(
    marketplaces.map(({ connector, sandbox }) => [connector.id, Number(new URL(sandbox.url).port)]),
  )
  const remembered = { ports, owner, seeded: memory?.seeded ?? false }
  remember(remembered)
  if (usesFiles) announce(hub, marketplaces, owner)
  if (!remembered.seeded) {
    const [first] = marketplaces
    if (usesFiles && first) await runRealFiles(client, first.sandbox, { ...options, currency, dataFolder })
    else await seed(hub, client, marketplaces)
    remember({ ...remembered, seeded: true })
  }
  if (!usesFiles) announce(hub, marketplaces, owner)
}

async function clientOf(hub: Hub, owner: Owner): Promise<HubClient> {
  const origin = hub.address ?? ''
  if (hub.setupToken === undefined) return signIn(origin, owner)
  return setUp(origin, hub.setupToken, { name: 'Lantern Bay Music', currency }, owner)
}

async function seed(hub: Hub, client: HubClient, marketplaces: DemoMarketplace[]): Promise<void> {
  const products = await productsOf(marketplaces.map(({ sandbox }) => sandbox))
  await importProducts(client, products)
  await addSuppliers(client, products, currency, (sku, supplier) => 3 + (hash(`${supplier}:${sku}`) % 24))
  const [first, ...others] = marketplaces
  if (!first) return
  await connectAndMap(client, first.sandbox, { name: first.connector.name, currency })
  const channelIds: string[] = []
  for (const marketplace of others) channelIds.push(await connect(hub, marketplace))
  await Promise.all(channelIds.map((id) => mapAndSwitchOn(client, id)))
}

function announce(hub: Hub, marketplaces: DemoMarketplace[], owner: Owner): void {
  const pages = marketplaces.map(({ connector, sandbox }) => `${connector.name.padEnd(12)} ${sandbox.consoleUrl}`)
  const byConsent = marketplaces.filter(({ connector }) => connector.consent).map(({ connector }) => connector.name)
  const oneOfThem = new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(byConsent)
  const consentTip = `\n  - Add sales channel: connect another account of ${oneOfThem} through its consent page.`
  console.log(`
Fairlead demo is ready at ${hub.address}

  Sign in      ${owner.email}   ${owner.password}
  Marketplaces (what buyers see; make one order, take back the consent, switch faults on)
  ${pages.join('\n  ')}

  What to look at
  - Orders: buyers order every few seconds; open one and read its story, then dispatch a purchase order.
  - A marketplace's page: the tracking number arrives there, and stock falls on the listings.
  - Settings › Sales channel integrations: switch an account off and on; SKU mapping has a few listings left to map.${byConsent.length > 0 ? consentTip : ''}

  Data lies in ${dataFolder}. Stop with Ctrl+C; the next start goes on from here.`)
}

function recall(): Memory | undefined {
  const path = join(dataFolder, 'demo.json')
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Memory) : undefined
}

function remember(memory: Memory): void {
  writeFileSync(join(dataFolder, 'demo.json'), JSON.stringify(memory, null, 2), { mode: 0o600 })
}
