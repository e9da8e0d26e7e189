// Live updates: the hub says "look at this again" and the matching queries do, at most once a second.
import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { LiveEvent } from '../api/contract.ts'
import { routes } from '../api/contract.ts'
import type { RouteName } from './api.ts'
import { pagesKeptFresh } from './api.ts'
import { after } from './browser.ts'

const lookedAtAgain: Record<LiveEvent['topic'], RouteName[]> = {
  orders: [
    'orders',
    'cancelOptions',
    'order',
    'orderRouting',
    'purchaseOrders',
    'home',
    'suppliers',
    'supplier',
    'skippedOrders',
    'channelServices',
  ],
  channels: ['channels', 'channel', 'home', 'skippedOrders', 'channelServices'],
  consents: ['consent'],
  listings: [
    'listings',
    'channel',
    'explainStock',
    'proposeMappings',
    'variants',
    'home',
    'listingTemplates',
    'marketplaceCategories',
  ],
  runs: ['runs', 'run', 'channel', 'changeRuns', 'changeRun', 'listingChanges'],
  imports: ['imports', 'import', 'feeds', 'feedHistory', 'suppliers', 'supplier'],
  problems: ['problems', 'home', 'order', 'channels', 'channel', 'explainPrice', 'waitingPrices'],
  invoices: ['invoices', 'invoice', 'invoicesOwed', 'supplierBalance'],
  grid: ['myProducts', 'managerChannels', 'gridProducts', 'gridChildren', 'gridChoices'],
  catalog: [
    'exchangeRates',
    'products',
    'product',
    'myProducts',
    'myProductsChoices',
    'editedProduct',
    'variants',
    'offers',
    'suppliers',
    'supplier',
    'home',
    'supplierServices',
    'pricingRules',
  ],
}
const gatherMs = 1000

export function useLive() {
  const client = useQueryClient()
  useEffect(() => {
    const waiting = new Set<RouteName>()
    let cancel: (() => void) | undefined
    const flush = () => {
      cancel = undefined
      const names = new Set(waiting)
      waiting.clear()
      void client.invalidateQueries({
        predicate: ({ queryKey, state }) => names.has(queryKey[0] as RouteName) && !isLong(state.data),
      })
      void client.invalidateQueries({
        predicate: ({ queryKey, state }) => names.has(queryKey[0] as RouteName) && isLong(state.data),
        refetchType: 'none',
      })
    }
    const lookAgain = (names: RouteName[]) => {
      for (const name of names) waiting.add(name)
      cancel ??= after(gatherMs, flush)
    }
    const stream = new EventSource(routes.live.path)
    let opened = false
    stream.addEventListener('open', () => {
      // What happened while the line was down is not told again, so everything on screen is looked at; and of what was
      // read before the line was first open the grid, whose rows are still being made when it is opened.
      lookAgain(opened ? Object.values(lookedAtAgain).flat() : lookedAtAgain.grid)
      opened = true
    })
    stream.addEventListener('message', (message: MessageEvent<string>) => {
      const event = JSON.parse(message.data) as Partial<LiveEvent>
      if (event.topic) lookAgain(lookedAtAgain[event.topic] ?? [])
    })
    return () => {
      stream.close()
      cancel?.()
    }
  }, [client])
}

function isLong(data: unknown): boolean {
  const pages = (data as { pages?: unknown[] } | undefined)?.pages
  return Array.isArray(pages) && pages.length > pagesKeptFresh
}
