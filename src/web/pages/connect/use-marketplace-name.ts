import { useQuery } from '@tanstack/react-query'
import { ask } from '../../api.ts'

/** As its connector calls it; until that is known, and where there is none, the word of the address. */
export function useMarketplaceName(id: string): string {
  const { data } = useQuery(ask('marketplaces'))
  return data?.find((marketplace) => marketplace.id === id)?.name ?? id
}
