import type { Connector } from '../connectors/connector.ts'
import type { EngineParts } from './channel-run.ts'

/**
 * An account of the marketplace itself never talks to a sandbox, and one of a sandbox never to the marketplace. A
 * sandbox may have moved since, so the configured address counts.
 */
export function baseUrlOf(
  parts: Pick<EngineParts, 'marketplaceUrls'>,
  account: { baseUrl: string | null },
  connector: Connector,
): { baseUrl: string } | Record<string, never> {
  return account.baseUrl === null ? {} : { baseUrl: parts.marketplaceUrls[connector.id] ?? account.baseUrl }
}
