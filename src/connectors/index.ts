// Every marketplace we connect to. A new one is its folder and one line here.
import { amazon } from './amazon/index.ts'
import type { AccountFields, Connector } from './connector.ts'
import { reverb } from './reverb/index.ts'
import { tiktok } from './tiktok/index.ts'
import { wish } from './wish/index.ts'

export const connectors: Record<string, Connector> = byId([
  anyAccount(amazon),
  anyAccount(reverb),
  anyAccount(tiktok),
  anyAccount(wish),
])

export function connectorOf(id: string): Connector | undefined {
  return Object.hasOwn(connectors, id) ? connectors[id] : undefined
}

function byId(list: Connector[]): Record<string, Connector> {
  return Object.fromEntries(list.map((connector) => [connector.id, connector]))
}

// The engine stores each account's fields as it got them from that connector's own form, so handing them back is sound.
function anyAccount<Account extends AccountFields>(connector: Connector<Account>): Connector {
  return connector as unknown as Connector
}
