// Saying something of a product for this sales channel, and showing it at once in the rows that are loaded: a long list is
// not asked for anew because of one price.
import { useMutation, useQueryClient, type InfiniteData, type QueryClient } from '@tanstack/react-query'
import type { Answer, Args } from '../../api.ts'
import { ask, call } from '../../api.ts'
import { countLabel } from '../../format.ts'
import { t } from '../../i18n.ts'
import { tell, tellRefusal } from '../../parts/ask.tsx'
import type { ChosenProducts } from './chosen.ts'
import type { GridRow } from './grid-state.ts'

type Saying = Omit<Args<'sayForChannel'>['body'], 'chosen'>

export function useSay(channelId: string) {
  const client = useQueryClient()
  return async (productId: string, saying: Saying) => {
    await call('sayForChannel', {
      params: { id: channelId },
      body: { ...saying, chosen: { productIds: [productId] } },
    })
    await showAnew(client, channelId, productId, saying.product?.title)
  }
}

type OfAll = {
  channelId: string
  chosen: ChosenProducts
  done: 'listings.setPrice.done' | 'listings.automate.done'
  onClose: () => void
}

/** The same of every variation of what is chosen, told with how many it was. */
export function useSayOfAll({ channelId, chosen, done, onClose }: OfAll) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (allVariants: NonNullable<Saying['allVariants']>) =>
      call('sayForChannel', { params: { id: channelId }, body: { chosen, allVariants } }),
    onSuccess: async ({ products, variants }) => {
      onClose()
      tell(t(done, { products: countLabel(products), variants: countLabel(variants) }))
      await client.invalidateQueries({ queryKey: ['gridProducts'] })
      await client.invalidateQueries({ queryKey: ['gridChildren'] })
    },
    onError: tellRefusal,
  })
}

/** A title that was taken back is the product's own again, which only the hub knows. */
async function showAnew(client: QueryClient, channelId: string, productId: string, title: string | null | undefined) {
  const asked = ask('gridChildren', { params: { id: channelId }, query: { productId } })
  const children = await client.fetchQuery({ ...asked, staleTime: 0 })
  client.setQueriesData<InfiniteData<Answer<'gridProducts'>>>(
    { queryKey: ['gridProducts', 'pages'] },
    (data) =>
      data && {
        ...data,
        pages: data.pages.map((page) => ({
          ...page,
          rows: page.rows.map((row) => (row.productId === productId ? withChildren(row, children, title) : row)),
        })),
      },
  )
  if (title === null) await client.invalidateQueries({ queryKey: ['gridProducts'] })
}

function withChildren(row: GridRow, children: GridRow[], title: string | null | undefined): GridRow {
  const lowest = children.flatMap(({ priceFrom }) => priceFrom ?? []).toSorted((one, other) => one.minor - other.minor)
  const sources = [...new Set(children.map(({ priceIs }) => priceIs))]
  return {
    ...row,
    ...(title ? { title, titleIsOwn: true } : {}),
    priceFrom: lowest[0] ?? null,
    priceTo: lowest.at(-1) ?? null,
    priceIs: sources.length > 1 ? 'mixed' : (sources[0] ?? 'none'),
    priceHeld: children.find(({ priceHeld }) => priceHeld !== null)?.priceHeld ?? null,
    priceWaits: children.some(({ priceWaits }) => priceWaits),
    shippingExVat: row.kind === 'single' ? (children[0]?.shippingExVat ?? null) : null,
  }
}
