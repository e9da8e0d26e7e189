// The marketplaces of the demo: each imitated by a process of its own, and connected as the account the sandbox names.
import { join } from 'node:path'
import { appVariable } from '../../src/engine/app-credentials.ts'
import { connectorOf, connectors } from '../../src/connectors/index.ts'
import type { Connector } from '../../src/connectors/connector.ts'
import { findSitesOf, storeChannel } from '../../src/engine/connect.ts'
import type { Hub } from '../../src/hub.ts'
import { startSandbox, type SandboxProcess } from './sandbox-process.ts'

export type DemoMarketplace = { connector: Connector; sandbox: SandboxProcess }

/** The busiest, connected by hand; the orders of a file are played there. */
export const firstMarketplace = 'reverb'
const ordersPerMinute = { first: 4, other: 2 }

export const marketplaceIds = [firstMarketplace, ...Object.keys(connectors).filter((id) => id !== firstMarketplace)]

/** `isEmpty`: no catalogue and no buyers of its own, for orders from a file. */
export async function startMarketplace(
  id: string,
  given: { dataFolder: string; port: number | undefined; currency: string; isEmpty: boolean },
): Promise<DemoMarketplace> {
  const connector = connectorOf(id)
  if (!connector) throw new Error(`There is no connector of ${id}.`)
  const pace = id === firstMarketplace ? ordersPerMinute.first : ordersPerMinute.other
  const goods = given.isEmpty ? ['--empty'] : ['--orders-per-minute', String(pace)]
  const args = ['--currency', given.currency, '--state-file', join(given.dataFolder, `${id}-sandbox.state`), ...goods]
  return { connector, sandbox: await startSandbox(id, args, given.port) }
}

/** What the hub is told of them: where they are, and its own application there. */
export function environmentOf(marketplaces: DemoMarketplace[]): Record<string, string> {
  const urls = marketplaces.map(({ connector, sandbox }) => `${connector.id}=${sandbox.url}`)
  const apps = marketplaces.flatMap(({ connector, sandbox }) =>
    Object.keys(connector.app ?? {}).map((field) => [appVariable(connector, field), sandbox.account[field] ?? '']),
  )
  return { FAIRLEAD_MARKETPLACE_URLS: urls.join(','), ...Object.fromEntries(apps) }
}

/** Each marketplace knows where our application lives, so that its consent page can be walked by hand as well. */
export async function tellOurAddress({ connector, sandbox }: DemoMarketplace, address: string): Promise<void> {
  const redirectUri = `${address}/connect/${connector.id}`
  const answer = await fetch(`${sandbox.consoleUrl}our-address`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ redirectUri, loginUri: `${redirectUri}/start` }),
  })
  if (!answer.ok) throw new Error(`The ${connector.id} sandbox did not take our address: ${await answer.text()}`)
}

/** As after the consent page, which nobody walks while the demo sets itself up. Another channel is there already. */
export async function connect(hub: Hub, { connector, sandbox }: DemoMarketplace): Promise<string> {
  const { account: given } = sandbox
  const account = Object.fromEntries(Object.keys(connector.account).map((field) => [field, given[field] ?? '']))
  const tried = await findSitesOf(hub.parts, connector, { account, siteId: given['siteId'] ?? null })
  const sites = tried.kind === 'found' ? tried.sites : []
  const site = sites.find(({ id }) => id === given['siteId'] || id === given['shopId']) ?? sites[0]
  if (!site || tried.kind !== 'found') throw new Error(`${connector.name} opened no shop: ${JSON.stringify(tried)}`)
  const added = await storeChannel(hub.parts, await onlyTenant(hub), {
    connector,
    site,
    account: tried.account,
    name: connector.name,
    currency: site.currency,
    actor: 'Demo owner',
  })
  if (added.kind !== 'added') throw new Error(added.message)
  return added.channelId
}

/** The one business here: the schedule knows it as soon as it has a sales channel. */
async function onlyTenant(hub: Hub): Promise<string> {
  const { id } = await hub.parts.db.system
    .selectFrom('channel_work')
    .select('tenant_id as id')
    .limit(1)
    .executeTakeFirstOrThrow()
  return id
}
