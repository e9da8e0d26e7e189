// Our own applications' credentials at the marketplaces. The operator gives each in a variable of its own, and half an
// application is none: that is said when the hub starts, not when the first seller tries to connect.
import type { Connector } from '../connectors/connector.ts'
import { connectors } from '../connectors/index.ts'
import { StartRefused } from '../platform/start-refused.ts'

const prefix = 'FAIRLEAD_APP_'

/** By connector id and field. `settings` are the variables that begin with FAIRLEAD_APP_. */
export function readAppCredentials(settings: Record<string, string>): Record<string, Record<string, string>> {
  const faults: string[] = []
  const credentials: Record<string, Record<string, string>> = {}
  const fieldsByName = new Map(
    Object.values(connectors).flatMap((connector) =>
      Object.keys(connector.app ?? {}).map((field) => [appVariable(connector, field), { connector, field }] as const),
    ),
  )
  for (const [name, value] of Object.entries(settings)) {
    const known = fieldsByName.get(name)
    if (!known) faults.push(unknownSentence(name))
    else (credentials[known.connector.id] ??= {})[known.field] = value
  }
  for (const connector of Object.values(connectors)) {
    const given = credentials[connector.id]
    const missing = given ? missingAppFields(connector, given) : []
    if (missing.length > 0) {
      const names = missing.map((field) => appVariable(connector, field)).join(', ')
      faults.push(
        `The application at ${connector.name} is half set up: ${names} ${missing.length === 1 ? 'is' : 'are'} missing.`,
      )
    }
  }
  if (faults.length > 0) throw new StartRefused(faults.join('\n'))
  return credentials
}

/** What is still needed before sellers can connect by the marketplace's consent page. Where all is optional, all of it. */
export function missingAppFields(connector: Connector, given: Record<string, string>): string[] {
  const fields = Object.entries(connector.app ?? {})
  const needed = fields.filter(([, { optional }]) => optional !== true)
  return (needed.length > 0 ? needed : fields).map(([field]) => field).filter((field) => !given[field])
}

/** clientId → FAIRLEAD_APP_AMAZON_CLIENT_ID */
export function appVariable(connector: Pick<Connector, 'id'>, field: string): string {
  return `${prefix}${connector.id}_${field.replace(/[A-Z]/g, (letter) => `_${letter}`)}`
    .toUpperCase()
    .replaceAll('-', '_')
}

function unknownSentence(name: string): string {
  const connector = Object.values(connectors).find(({ id }) => name.startsWith(`${prefix}${id.toUpperCase()}_`))
  if (!connector) return `${name} names no marketplace this hub knows an application for.`
  const names = Object.keys(connector.app ?? {}).map((field) => appVariable(connector, field))
  return names.length === 0
    ? `${name} is not needed: ${connector.name} takes no application of this hub.`
    : `${name} is no setting of the application at ${connector.name}. Its settings are ${names.join(', ')}.`
}
