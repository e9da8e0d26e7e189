// Shows the hub at work: imitation marketplaces with buyers, a hub of its own, and a seller who has set it up. All data
// lies in DATA_DIR; a second start goes on where the first one stopped.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { readConfig } from '../src/config.ts'
import { createHub, type Hub } from '../src/hub.ts'
import { makeDataFolder } from '../src/platform/data-folder.ts'
import { createLog } from '../src/platform/log.ts'
import { StartRefused } from '../src/platform/start-refused.ts'
import { readCommandLine } from './command-line.ts'
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
import { orderByUnmappedService, playScenes } from './demo/scenes.ts'
import { connectAndMap, importProducts, mapAndSwitchOn, productsOf } from './demo/seed.ts'
import { leftUnmapped, mapServices } from './demo/shipping.ts'
import { startSupplierPeers, type SupplierPeers } from './demo/supplier-peers.ts'
import { addSuppliers, deskPerson, inviteDeskPerson, suppliersOf, tellTheWays } from './demo/suppliers.ts'

type Memory = { ports: Record<string, number>; owner: Owner; seeded: boolean }

const currency = 'GBP'

const usage = 'Usage: npm run demo -- [--catalogue FILE] [--orders FILE]'
const { values: options } = readCommandLine(usage, {
  options: { catalogue: { type: 'string' }, orders: { type: 'string' } },
})
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
  const peers = usesFiles ? undefined : await startSupplierPeers(dataFolder)
  if (peers) running.push(peers)
  const config = readConfig({
    ...process.env,
    DATA_DIR: dataFolder,
    ...environmentOf(marketplaces),
    // The suppliers of the demo live on this machine.
    ...(peers && { ...peers.mailSettings, FAIRLEAD_ALLOWED_PRIVATE_HOSTS: '127.0.0.1' }),
  })
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
  const [first] = marketplaces
  if (!peers) {
    announce(hub, marketplaces, owner)
    if (!remembered.seeded && first) await runRealFiles(client, first.sandbox, { ...options, currency, dataFolder })
  } else {
    const scenes = remembered.seeded ? await goOn(client, peers) : await seed(hub, client, marketplaces, peers)
    announce(hub, marketplaces, owner, { peers, scenes })
  }
  remember({ ...remembered, seeded: true })
}

async function clientOf(hub: Hub, owner: Owner): Promise<HubClient> {
  const origin = hub.address ?? ''
  if (hub.setupToken === undefined) return signIn(origin, owner)
  return setUp(origin, hub.setupToken, { name: 'Lantern Bay Music', currency }, owner)
}

/** Answers what there is to look at among the orders. */
async function seed(
  hub: Hub,
  client: HubClient,
  marketplaces: DemoMarketplace[],
  peers: SupplierPeers,
): Promise<string[]> {
  const products = await productsOf(marketplaces.map(({ sandbox }) => sandbox))
  await importProducts(client, products)
  const suppliers = await addSuppliers(client, products, peers)
  const origin = hub.address ?? ''
  await inviteDeskPerson(client, origin, suppliers.desk)
  const [first, ...others] = marketplaces
  if (!first) return []
  const { connector, sandbox } = first
  const channelId = await connectAndMap(client, sandbox, { name: connector.name, currency })
  const playing = playScenes({ hub: client, origin, sandbox, channelId, suppliers }, peers)
  const connecting = connectOthers(hub, client, others)
  const [scenes] = await Promise.all([playing, connecting])
  return scenes
}

async function connectOthers(hub: Hub, client: HubClient, others: DemoMarketplace[]): Promise<void> {
  const channelIds: [string, DemoMarketplace][] = []
  for (const marketplace of others) channelIds.push([await connect(hub, marketplace), marketplace])
  await Promise.all(
    channelIds.map(async ([id, { connector, sandbox }]) => {
      await mapServices(client, id, connector.id)
      await mapAndSwitchOn(client, id)
      if (connector.id === leftUnmapped.marketplace) await orderByUnmappedService(sandbox)
    }),
  )
}

/** What was set up before is told where the suppliers are now. */
async function goOn(client: HubClient, peers: SupplierPeers): Promise<string[]> {
  await tellTheWays(client, await suppliersOf(client), peers)
  return []
}

type Shown = { peers: SupplierPeers; scenes: string[] }

function announce(hub: Hub, marketplaces: DemoMarketplace[], owner: Owner, shown?: Shown): void {
  const pages = marketplaces.map(({ connector, sandbox }) => `${connector.name.padEnd(12)} ${sandbox.consoleUrl}`)
  const byConsent = marketplaces.filter(({ connector }) => connector.consent).map(({ connector }) => connector.name)
  const oneOfThem = new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(byConsent)
  const consentTip = `\n  - Add sales channel: connect another account of ${oneOfThem} through its consent page.`
  console.log(`
Fairlead demo is ready at ${hub.address}

  Sign in      ${owner.email}   ${owner.password}${shown ? `\n  A supplier   ${deskPerson.email}   ${deskPerson.password}   (in a private window: his desk)` : ''}
  Marketplaces (what buyers see; make one order, take back the consent, switch faults on)
  ${pages.join('\n  ')}${shown ? suppliersText(shown) : ''}

  What to look at
  - Orders: buyers order every few seconds; open one and read its story, then dispatch a purchase order.
  - A marketplace's page: the tracking number arrives there, and stock falls on the listings.
  - Settings › Sales channel integrations: switch an account off and on; SKU mapping has a few listings left to map.${byConsent.length > 0 ? consentTip : ''}${shown ? tipsText(shown) : ''}

  Data lies in ${dataFolder}. Stop with Ctrl+C; the next start goes on from here.`)
}

function suppliersText({ peers }: Shown): string {
  return `
  Suppliers (one has his desk, one gets mails, one has an SFTP folder and sells in euros)
  ${'What they got'.padEnd(12)} ${peers.url}`
}

function tipsText({ scenes }: Shown): string {
  const tips = [
    'Orders › Awaiting shipping mapping: Amazon calls a service Expedited, which is left to map; then apply it to what waits.',
    'Invoices: one a purchase order, one a day, in pounds and in euros; open one as PDF.',
    'Listings › Reverb: the whole inventory and its state there; change a price where it stands, or choose what is not listed and press List.',
    'Pricing rules › Automate now: a rule beside its live example; preview it, save it, and see the prices arrive at a marketplace.',
    'Suppliers › Northgate Instruments: his terms, services, people, and the feed his stock comes by.',
    ...scenes,
  ]
  return tips.map((tip) => `\n  - ${tip}`).join('')
}

function recall(): Memory | undefined {
  const path = join(dataFolder, 'demo.json')
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Memory) : undefined
}

function remember(memory: Memory): void {
  writeFileSync(join(dataFolder, 'demo.json'), JSON.stringify(memory, null, 2), { mode: 0o600 })
}
