// Saying something of a product for this sales channel, and showing it at once in the rows that are loaded: a long list is
// not asked for anew because of one price.
import { useQueryClient, type InfiniteData, type QueryClient } from '@tanstack/react-query'
import type { Answer, Args } from '../../api.ts'
import { ask, call } from '../../api.ts'
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
    shippingExVat: row.kind === 'single' ? (children[0]?.shippingExVat ?? null) : null,
  }
}
