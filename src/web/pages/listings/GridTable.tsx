// The rows of the grid, with what can be done to those selected. Apart from the page's head, which stays as it is while
// rows come in.
import { useRouter } from '@tanstack/react-router'
import { useCallback, useMemo, useState } from 'react'
import { countLabel } from '../../format.ts'
import { t } from '../../i18n.ts'
import { IconFileImport, IconTags } from '../../icons.ts'
import { DataTable } from '../../parts/DataTable.tsx'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { ButtonLink } from '../../parts/LinkTo.tsx'
import { NothingFound } from '../../parts/NothingFound.tsx'
import { usePages, type RoughCount } from '../../parts/table-source.ts'
import { keepChosen, type ChosenProducts } from './chosen.ts'
import { useTouching } from './figure-edits.tsx'
import { gridColumns } from './grid-columns.tsx'
import type { GridRow } from './grid-state.ts'
import { GridBulk } from './GridBulk.tsx'
import { useRowWhy } from './RowWhy.tsx'
import type { KeptColumns } from './use-columns.ts'
import { asChosenFilter, type GridFiltersInUse } from './use-grid-filters.ts'
import { keyOfRow, useVariations } from './use-variations.ts'

type Props = {
  channelId: string
  name: string
  currency: string
  noShipping: string | undefined
  filters: GridFiltersInUse
  kept: KeptColumns
  onDescribe: (row: GridRow) => void
  onRemove: (chosen: ChosenProducts) => void
}

export function GridTable({ channelId, name, currency, noShipping, filters, kept, onDescribe, onRemove }: Props) {
  const { query, sort, direction, sortBy, clear, isFiltered } = filters
  const { source, tree } = useVariations(channelId, usePages('gridProducts', { params: { id: channelId }, query }))
  const { chosen, choose, everything, setEverything } = useChoice(JSON.stringify(asChosenFilter(query)))
  const goOn = useGoOn(channelId)
  const onAgain = useCallback(
    (row: GridRow, action: 'list' | 'update' | 'delete') => {
      const one = { productIds: [row.productId] }
      if (action === 'delete') onRemove(one)
      else goOn(action, one, '1')
    },
    [goOn, onRemove],
  )
  const { askRow, rowWhy } = useRowWhy()
  const touching = useTouching()
  const { isOpen, onToggle } = tree
  const all = useMemo(
    () => gridColumns({ channelId, currency, noShipping, isOpen, onToggle, onDescribe, onAgain, touching, askRow }),
    [channelId, currency, noShipping, isOpen, onToggle, onDescribe, onAgain, touching, askRow],
  )
  const columns = useMemo(() => all.filter(({ key }) => !kept.hidden.includes(key)), [all, kept.hidden])
  return (
    <>
      <DataTable
        label={t('listings.openOf', { name })}
        source={source}
        columns={columns}
        rowKey={keyOfRow}
        rowName={nameOfRow}
        onOpen={onDescribe}
        selection={{ chosen, onChange: choose, mayChoose, said: everything ? allSaid(source.count) : undefined }}
        sorting={{ by: sort, direction, onSort: sortBy }}
        sizing={kept.sizing}
        tree={tree}
        rowHeight={44}
        reusesRows
        bulk={
          <GridBulk
            channelId={channelId}
            channelName={name}
            currency={currency}
            noShipping={noShipping}
            chosen={everything ? { filter: asChosenFilter(query) } : { productIds: [...chosen] }}
            chosenCount={everything && source.count ? source.count : { value: chosen.size, more: false }}
            everything={everything}
            onEverything={setEverything}
            matching={source.count}
            onGoOn={goOn}
            onRemove={onRemove}
          />
        }
        empty={<Nothing onClear={isFiltered ? clear : undefined} />}
      />
      {rowWhy}
    </>
  )
}

/** Variations go with their product. */
const mayChoose = (row: GridRow) => row.kind !== 'child'

const nameOfRow = (row: GridRow) => row.sku || row.title

/** What is done goes to 10,000 at a time. */
function allSaid(count: RoughCount | undefined): string | undefined {
  if (!count) return undefined
  return count.more
    ? t('listings.bulk.allMore', { shown: countLabel(count) })
    : t('listings.bulk.allChosen', { count: count.value, shown: countLabel(count) })
}

/** Those selected, or all that match what is filtered now. */
function useChoice(view: string) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [everythingOf, setEverythingOf] = useState<string>()
  const choose = (next: ReadonlySet<string>) => {
    setChosen(next)
    setEverythingOf(undefined)
  }
  return { chosen, choose, everything: everythingOf === view, setEverything: () => setEverythingOf(view) }
}

/** To the steps of listing, with what was chosen in hand. */
function useGoOn(channelId: string) {
  const router = useRouter()
  return useCallback(
    (action: 'list' | 'update', chosen: ChosenProducts, count: string) => {
      keepChosen(channelId, { action, chosen, count })
      router.history.push(`/listings/${channelId}/list?action=${action}`)
    },
    [channelId, router],
  )
}

function Nothing({ onClear }: { onClear: (() => void) | undefined }) {
  if (onClear) return <NothingFound onClear={onClear} />
  return (
    <EmptyState icon={IconTags} title={t('listings.noProducts')} text={t('listings.noProductsNext')}>
      <ButtonLink to="/products" leftSection={<IconFileImport size={16} aria-hidden="true" />}>
        {t('listings.import')}
      </ButtonLink>
    </EmptyState>
  )
}
