// The left side: the listings on that account, each with what it is mapped to.
import { ActionIcon, Tooltip } from '@mantine/core'
import type { RowOf } from '../../api.ts'
import { t } from '../../i18n.ts'
import { IconCloudDownload, IconX } from '../../icons.ts'
import type { Column } from '../../parts/DataTable.tsx'
import { DataTable } from '../../parts/DataTable.tsx'
import { useFilters } from '../../parts/filters.ts'
import { MoneyText } from '../../parts/MoneyText.tsx'
import { StatusBadge } from '../../parts/StatusBadge.tsx'
import { listingStateLook, mappingLooks } from '../../parts/status.ts'
import { usePages } from '../../parts/table-source.ts'
import { ThumbCell } from '../../parts/ThumbCell.tsx'
import type { Draft, Drafts } from './drafts.ts'
import { componentsLabel } from './drafts.ts'
import { NoRows, PaneHead, mappedFilter } from './PaneHead.tsx'
import classes from './mapping.module.css'
import { WhyStock } from './WhyStock.tsx'
import { useDownloads } from '../integrations/use-downloads.ts'

type Row = RowOf<'listings'>
type Props = {
  channelId: string
  chosenId: string | undefined
  drafts: Drafts
  onChoose: (row: Row) => void
  onDrop: (listingId: string) => void
}

export function ListingPane({ channelId, chosenId, drafts, onChoose, onDrop }: Props) {
  const [filters, setFilters] = useFilters('leftSearch', 'left')
  const { downloadListings } = useDownloads(channelId)
  const mapped = mappedFilter(filters.left)
  const source = usePages('listings', {
    params: { id: channelId },
    query: { mapped, ...(filters.leftSearch ? { search: filters.leftSearch } : {}) },
  })
  return (
    <section className={classes.pane} aria-label={t('mapping.left')}>
      <PaneHead
        title={t('mapping.left')}
        search={filters.leftSearch ?? ''}
        searchLabel={t('mapping.searchLeft')}
        onSearch={(leftSearch) => setFilters({ leftSearch })}
        mapped={mapped}
        onMapped={(left) => setFilters({ left })}
        slash
      />
      <DataTable
        label={t('mapping.left')}
        source={source}
        columns={columns(drafts, onDrop)}
        rowKey={(row) => row.id}
        rowName={(row) => row.channelSku ?? row.title}
        onOpen={onChoose}
        tone={(row) => (row.id === chosenId ? 'chosen' : drafts.has(row.id) ? 'draft' : undefined)}
        empty={
          <NoRows
            filtered={Boolean(filters.leftSearch ?? filters.left)}
            onClear={() => setFilters({ leftSearch: '', left: '' })}
            icon={IconCloudDownload}
            title={t('mapping.emptyLeft')}
            text={t('mapping.emptyLeftNext')}
            button={t('mapping.download')}
            onButton={downloadListings}
          />
        }
      />
    </section>
  )
}

function columns(drafts: Drafts, onDrop: (listingId: string) => void): Column<Row>[] {
  return [
    {
      key: 'listing',
      head: t('mapping.columns.listing'),
      width: 190,
      grow: 2,
      card: 'title',
      render: (row) => (
        <ThumbCell imageUrl={row.imageUrl} title={row.title} code={row.channelSku ?? t('mapping.noSku')}>
          {row.state !== 'live' && <StatusBadge look={listingStateLook(row.state)} plain />}
        </ThumbCell>
      ),
    },
    {
      key: 'price',
      head: t('mapping.columns.price'),
      width: 84,
      figures: true,
      render: (row) => <MoneyText money={row.price} />,
    },
    {
      key: 'quantity',
      head: t('mapping.columns.quantity'),
      width: 70,
      figures: true,
      render: (row) => <WhyStock listingId={row.id} shows={row.quantity} explainable={row.mapping !== null} />,
    },
    {
      key: 'mapping',
      head: t('mapping.columns.mappedTo'),
      width: 190,
      grow: 2,
      render: (row) => <MappedTo row={row} draft={drafts.get(row.id)} onDrop={onDrop} />,
    },
  ]
}

function MappedTo({ row, draft, onDrop }: { row: Row; draft: Draft | undefined; onDrop: (listingId: string) => void }) {
  if (draft)
    return (
      <>
        <StatusBadge look={draft.components ? mappingLooks.draftMap : mappingLooks.draftUnlink} plain />
        <span className="code ellipsis">{componentsLabel(draft.components ?? row.mapping ?? [])}</span>
        <Tooltip label={t('mapping.undoDraft')}>
          <ActionIcon
            size="sm"
            variant="subtle"
            color="gray"
            aria-label={t('mapping.undoDraft')}
            onClick={() => onDrop(row.id)}
          >
            <IconX size={14} />
          </ActionIcon>
        </Tooltip>
      </>
    )
  if (!row.mapping) return <StatusBadge look={mappingLooks.unmapped} plain />
  const label = componentsLabel(row.mapping)
  return (
    <span className="code ellipsis" title={label}>
      {label}
    </span>
  )
}
