// All products with their state on one sales channel (F2): looked through, changed where they stand, and listed.
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { ask, type Answer } from '../../api.ts'
import { t } from '../../i18n.ts'
import { ErrorState } from '../../parts/ErrorState.tsx'
import { AnchorLink } from '../../parts/LinkTo.tsx'
import { MarketplaceMark } from '../../parts/MarketplaceMark.tsx'
import { PageHeader } from '../../parts/PageHeader.tsx'
import type { ChosenProducts } from './chosen.ts'
import { ColumnChooser } from './ColumnChooser.tsx'
import { DescriptionDrawer } from './DescriptionDrawer.tsx'
import type { GridRow } from './grid-state.ts'
import { GridFilters } from './GridFilters.tsx'
import { GridTable } from './GridTable.tsx'
import { RemoveDialog } from './RemoveDialog.tsx'
import { RunStrip } from './RunStrip.tsx'
import { useKeptColumns } from './use-columns.ts'
import { useGridFilters } from './use-grid-filters.ts'

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
  const filters = useGridFilters()
  const kept = useKeptColumns()
  const [described, setDescribed] = useState<GridRow>()
  const [removing, setRemoving] = useState<ChosenProducts>()
  return (
    <div className="page-fill">
      <PageHeader
        title={name || t('common.loading')}
        above={<Back />}
        beside={marketplace && <MarketplaceMark id={marketplace} size={24} />}
        actions={<ColumnChooser {...kept} />}
        below={
          <GridFilters
            channelId={channelId}
            query={filters.query}
            onChange={filters.setFilters}
            onClear={filters.isFiltered ? filters.clear : undefined}
          />
        }
      />
      <RunStrip channelId={channelId} />
      <GridTable
        channelId={channelId}
        name={name}
        currency={currency}
        noShipping={noShipping}
        filters={filters}
        kept={kept}
        onDescribe={setDescribed}
        onRemove={setRemoving}
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

function Back() {
  return (
    <AnchorLink to="/listings" size="sm">
      {t('listings.back')}
    </AnchorLink>
  )
}
