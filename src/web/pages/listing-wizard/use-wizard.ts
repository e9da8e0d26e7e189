// What the steps of listing share: the chosen products, what is said of them, and what stands against sending them.
import { keepPreviousData, useQueries, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState } from 'react'
import type { Answer, Args } from '../../api.ts'
import { ask, call } from '../../api.ts'
import { after } from '../../browser.ts'
import { tellRefusal } from '../../parts/ask.tsx'
import type { Chosen, ChosenProducts } from '../listings/chosen.ts'

export type ChannelProduct = Answer<'channelProduct'>
export type ChannelVariant = ChannelProduct['variants'][number]
export type Checked = Answer<'checkForChannel'>
export type Fault = Checked['rows'][number]['faults'][number]
export type Attribute = Answer<'categoryNeeds'>['attributes'][number]
export type Limits = Answer<'categoryNeeds'>['limits']
export type Saying = Omit<Args<'sayForChannel'>['body'], 'chosen'>
export type Wizard = ReturnType<typeof useWizard>

const shownFirst = 20
const recheckMs = 450

export function useWizard(channelId: string, { action, chosen: first }: Chosen) {
  const client = useQueryClient()
  const params = { id: channelId }
  const [chosen, setChosen] = useState<ChosenProducts>(first)
  const [shownCount, setShownCount] = useState(shownFirst)
  const body = { chosen, action }
  const check = useQuery({
    ...ask('checkForChannel', { params, body }),
    placeholderData: keepPreviousData,
    staleTime: Infinity,
  })
  // What a filter meant at the beginning stays what is spoken of, also when a product no longer matches it.
  const productIds = useChosenIds(chosen, check.data, setChosen)
  const shownIds = productIds.slice(0, shownCount)
  const products = useQueries({
    queries: shownIds.map((productId) => ({
      ...ask('channelProduct', { params, query: { productId } }),
      staleTime: 0,
    })),
  })
  const categories = useQuery({ ...ask('marketplaceCategories', { params, query: {} }), staleTime: 60_000 })

  const { say, saying, isSaying } = useSaying(channelId, { chosen, action })
  const freshCheck = useCallback(async () => {
    await saying.current
    const answer = await call('checkForChannel', { params: { id: channelId }, body: { chosen, action } })
    client.setQueryData(
      ask('checkForChannel', { params: { id: channelId }, body: { chosen, action } }).queryKey,
      answer,
    )
    return answer
  }, [action, channelId, chosen, client, saying])

  return {
    channelId,
    action,
    chosen,
    check,
    productIds,
    shownIds,
    products,
    loaded: products.flatMap(({ data }) => (data ? [data] : [])),
    showMore: () => setShownCount((count) => count + shownFirst),
    /** Undefined as long as it is not known. */
    hasCategories: categories.data?.hasCategories,
    categories,
    say,
    isSaying,
    freshCheck,
    recheck: () => void client.invalidateQueries({ queryKey: ['checkForChannel'] }),
  }
}

function useChosenIds(
  chosen: ChosenProducts,
  checked: Checked | undefined,
  setChosen: (chosen: ChosenProducts) => void,
): string[] {
  const [ids, setIds] = useState<string[]>(() => ('productIds' in chosen ? chosen.productIds : []))
  const found = checked ? [...new Set(checked.rows.map(({ productId }) => productId))] : []
  if (ids.length === 0 && checked && found.length > 0) {
    setIds(found)
    if (checked.rows.length === checked.products) setChosen({ productIds: found })
  }
  return ids
}

/** Sayings go one after the other, so that the last one typed is the one that stays. */
function useSaying(channelId: string, { chosen, action }: Pick<Chosen, 'chosen' | 'action'>) {
  const client = useQueryClient()
  const saying = useRef<Promise<unknown>>(Promise.resolve())
  const [open, setOpen] = useState(0)
  const cancelRecheck = useRef<() => void>(undefined)
  useEffect(() => () => cancelRecheck.current?.(), [])

  const sayNow = async (said: Saying, productId: string | undefined) => {
    const params = { id: channelId }
    const whom = productId === undefined ? chosen : { productIds: [productId] }
    await call('sayForChannel', { params, body: { ...said, chosen: whom } })
    if (productId === undefined) await client.invalidateQueries({ queryKey: ['channelProduct'] })
    else await client.invalidateQueries(ask('channelProduct', { params, query: { productId } }))
    cancelRecheck.current?.()
    cancelRecheck.current = after(recheckMs, () => {
      void client.invalidateQueries(ask('checkForChannel', { params, body: { chosen, action } }))
    })
  }
  /** Of one product, or of all chosen ones. Answers whether it was taken. */
  const say = (said: Saying, productId?: string): Promise<boolean> => {
    setOpen((count) => count + 1)
    const done = saying.current
      .then(() => sayNow(said, productId))
      .then(
        () => true,
        (error: unknown) => {
          tellRefusal(error)
          void client.invalidateQueries({ queryKey: ['channelProduct'] })
          return false
        },
      )
      .finally(() => setOpen((count) => count - 1))
    saying.current = done
    return done
  }
  return { say, saying, isSaying: open > 0 }
}

/** The value all have, undefined where they differ. */
export function sharedValue<Value>(values: Value[]): Value | undefined {
  const [first] = values
  return values.every((value) => value === first) ? first : undefined
}

export function faultsOf(checked: Checked | undefined, productId: string): Fault[] | undefined {
  const rows = checked?.rows.filter((row) => row.productId === productId) ?? []
  return rows.length === 0 ? undefined : rows.flatMap(({ faults }) => faults)
}

/** Goes to a field that may only just be drawn. */
export function focusOn(id: string): void {
  after(60, () => {
    const place = document.getElementById(id)
    place?.scrollIntoView({ block: 'center' })
    place?.focus({ preventScroll: true })
  })
}
