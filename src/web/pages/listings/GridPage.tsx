// All products with their state on one sales channel (F2): looked through, changed where they stand, and listed.
import { useQuery } from '@tanstack/react-query'
import { useParams, useRouter } from '@tanstack/react-router'
import { useCallback, useMemo, useState } from 'react'
import { ask, type Answer } from '../../api.ts'
import { countLabel } from '../../format.ts'
import { t } from '../../i18n.ts'
import { IconFileImport, IconTags } from '../../icons.ts'
import { DataTable } from '../../parts/DataTable.tsx'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { NothingFound } from '../../parts/NothingFound.tsx'
import { ErrorState } from '../../parts/ErrorState.tsx'
import { AnchorLink, ButtonLink } from '../../parts/LinkTo.tsx'
import { MarketplaceMark } from '../../parts/MarketplaceMark.tsx'
import { PageHeader } from '../../parts/PageHeader.tsx'
import { usePages, type RoughCount } from '../../parts/table-source.ts'
import { keepChosen, type ChosenProducts } from './chosen.ts'
import { ColumnChooser } from './ColumnChooser.tsx'
import { DescriptionDrawer } from './DescriptionDrawer.tsx'
import { gridColumns } from './grid-columns.tsx'
import type { GridRow } from './grid-state.ts'
import { GridBulk } from './GridBulk.tsx'
import { GridFilters } from './GridFilters.tsx'
import { RemoveDialog } from './RemoveDialog.tsx'
import { RunStrip } from './RunStrip.tsx'
import { useColumns } from './use-columns.ts'
import { asChosenFilter, useGridFilters } from './use-grid-filters.ts'
import { keyOfRow, useVariations } from './use-variations.ts'

export function GridPage() {
  const { channelId } = useParams({ strict: false }) as { channelId: string }
  const channel = useQuery(ask('channel', { params: { id: channelId } }))
  if (channel.error && !channel.data)
    return (
      <div className="page-fill">
        <PageHeader title={t('listings.title')} above={<Back />} />
        <ErrorState error={channel.error} onRetry={() => void channel.refetch()} />
      </div>
    )
  return (
    <Grid
      key={channelId}
      channelId={channelId}
      name={channel.data?.name ?? ''}
      marketplace={channel.data?.marketplace ?? ''}
      currency={channel.data?.settings.currency ?? ''}
      noShipping={noShippingOf(channel.data)}
    />
  )
}

type Props = {
  channelId: string
  name: string
  marketplace: string
  currency: string
  noShipping: string | undefined
}

function Grid({ channelId, name, marketplace, currency, noShipping }: Props) {
  const { query, setFilters, sort, direction, sortBy, clear, isFiltered } = useGridFilters()
  const { source, tree } = useVariations(channelId, usePages('gridProducts', { params: { id: channelId }, query }))
  const [described, setDescribed] = useState<GridRow>()
  const [removing, setRemoving] = useState<ChosenProducts>()
  const view = JSON.stringify(asChosenFilter(query))
  const { chosen, choose, everything, setEverything } = useChoice(view)
  const goOn = useGoOn(channelId)
  const onAgain = useCallback(
    (row: GridRow, action: 'list' | 'update' | 'delete') => {
      const one = { productIds: [row.productId] }
      if (action === 'delete') setRemoving(one)
      else goOn(action, one, '1')
    },
    [goOn],
  )
  const { isOpen, onToggle } = tree
  const all = useMemo(
    () => gridColumns({ channelId, currency, noShipping, isOpen, onToggle, onDescribe: setDescribed, onAgain }),
    [channelId, currency, noShipping, isOpen, onToggle, onAgain],
  )
  const { columns, sizing, hidden, toggle, reset } = useColumns(all)
  const sorting = useMemo(() => ({ by: sort, direction, onSort: sortBy }), [sort, direction, sortBy])
  return (
    <div className="page-fill">
      <PageHeader
        title={name || t('common.loading')}
        above={<Back />}
        beside={marketplace && <MarketplaceMark id={marketplace} size={24} />}
        actions={<ColumnChooser columns={all} hidden={hidden} onToggle={toggle} onReset={reset} />}
        below={
          <GridFilters
            channelId={channelId}
            query={query}
            onChange={setFilters}
            onClear={isFiltered ? clear : undefined}
          />
        }
      />
      <RunStrip channelId={channelId} />
      <DataTable
        label={t('listings.openOf', { name })}
        source={source}
        columns={columns}
        rowKey={keyOfRow}
        rowName={(row) => row.sku || row.title}
        onOpen={setDescribed}
        selection={{ chosen, onChange: choose, mayChoose, said: everything ? allSaid(source.count) : undefined }}
        sorting={sorting}
        sizing={sizing}
        tree={tree}
        rowHeight={44}
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
            onRemove={setRemoving}
          />
        }
        empty={<Nothing onClear={isFiltered ? clear : undefined} />}
      />
      {described && (
        <DescriptionDrawer
          channelId={channelId}
          channelName={name}
          row={described}
          onClose={() => setDescribed(undefined)}
        />
      )}
      {removing && (
        <RemoveDialog
          channelId={channelId}
          channelName={name}
          chosen={removing}
          onClose={() => setRemoving(undefined)}
        />
      )}
    </div>
  )
}

/** Why a listing has no shipping price of its own there. */
function noShippingOf(channel: Answer<'channel'> | undefined): string | undefined {
  if (!channel || channel.takesShippingPrice) return undefined
  return t('wizard.shipping.notTaken', { marketplace: channel.marketplaceName })
}

/** Variations go with their product. */
const mayChoose = (row: GridRow) => row.kind !== 'child'

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

function Back() {
  return (
    <AnchorLink to="/listings" size="sm">
      {t('listings.back')}
    </AnchorLink>
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
