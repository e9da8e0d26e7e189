// The marketplaces of the demo: each imitated by a process of its own, and connected as the account the sandbox names.
import { join } from 'node:path'
import { appVariable } from '../../src/engine/app-credentials.ts'
import { connectorOf } from '../../src/connectors/index.ts'
import type { Connector } from '../../src/connectors/connector.ts'
import { findSitesOf, storeChannel } from '../../src/engine/connect.ts'
import type { Hub } from '../../src/hub.ts'
import { startSandbox, type SandboxProcess } from './sandbox-process.ts'

export type DemoMarketplace = { connector: Connector; channelName: string; sandbox: SandboxProcess }

type Plan = { id: string; channelName: string; ordersPerMinute: number; args?: string[] }

export const plans: Plan[] = [
  { id: 'reverb', channelName: 'Reverb shop', ordersPerMinute: 4, args: ['--currency', 'GBP'] },
  { id: 'amazon', channelName: 'Amazon UK', ordersPerMinute: 2 },
  { id: 'tiktok', channelName: 'TikTok Shop', ordersPerMinute: 2 },
  { id: 'wish', channelName: 'Wish store', ordersPerMinute: 2, args: ['--currency', 'GBP'] },
]

/** `isEmpty`: no catalogue and no buyers of its own, for orders from a file. */
export async function startMarketplace(
  plan: Plan,
  given: { dataFolder: string; port: number | undefined; isEmpty: boolean },
): Promise<DemoMarketplace> {
  const connector = connectorOf(plan.id)
  if (!connector) throw new Error(`There is no connector of ${plan.id}.`)
  const stateFile = join(given.dataFolder, `${plan.id}-sandbox.state`)
  const goods = given.isEmpty ? ['--empty'] : ['--orders-per-minute', String(plan.ordersPerMinute)]
  const args = [...(plan.args ?? []), '--state-file', stateFile, ...goods]
  return { connector, channelName: plan.channelName, sandbox: await startSandbox(plan.id, args, given.port) }
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
export async function connect(hub: Hub, { connector, channelName, sandbox }: DemoMarketplace): Promise<string> {
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
    name: channelName,
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
