// The listing manager's home (F1): every integration with what is listed there, what is not and what went wrong.
import { Badge } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { useEffect } from 'react'
import type { Answer } from '../../api.ts'
import { ask } from '../../api.ts'
import { countLabel } from '../../format.ts'
import { t } from '../../i18n.ts'
import { IconPlus, IconTags } from '../../icons.ts'
import type { Column } from '../../parts/DataTable.tsx'
import { DataTable } from '../../parts/DataTable.tsx'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { AnchorLink, ButtonLink } from '../../parts/LinkTo.tsx'
import { MarketplaceMark } from '../../parts/MarketplaceMark.tsx'
import { PageHeader } from '../../parts/PageHeader.tsx'
import { RelativeTime } from '../../parts/RelativeTime.tsx'
import { listSource } from '../../parts/table-source.ts'
import { gridStateLook, type GridState } from './grid-state.ts'
import classes from './listings.module.css'

type Row = Answer<'managerChannels'>[number]

export function ListingsPage() {
  const router = useRouter()
  const source = listSource(useQuery(ask('managerChannels')))
  // One goes on to the grid from here: its code is there before the click.
  useEffect(() => void import('./GridPage.tsx'), [])
  return (
    <div className="page-fill">
      <PageHeader title={t('listings.title')} />
      <DataTable
        label={t('listings.title')}
        source={source}
        columns={columns}
        rowKey={(row) => row.id}
        rowName={(row) => row.name}
        rowHeight={52}
        onOpen={(row) => void router.navigate({ to: '/listings/$channelId', params: { channelId: row.id } })}
        empty={
          <EmptyState icon={IconTags} title={t('listings.empty')} text={t('listings.emptyNext')}>
            <ButtonLink to="/settings/channels/add" leftSection={<IconPlus size={16} aria-hidden="true" />}>
              {t('listings.addChannel')}
            </ButtonLink>
          </EmptyState>
        }
      />
    </div>
  )
}

const columns: Column<Row>[] = [
  {
    key: 'channel',
    head: t('listings.home.channel'),
    width: 220,
    grow: 2,
    card: 'title',
    render: (row) => (
      <>
        <MarketplaceMark id={row.connector} size={28} />
        <AnchorLink
          to="/listings/$channelId"
          params={{ channelId: row.id }}
          size="sm"
          fw={550}
          className="ellipsis"
          title={row.name}
        >
          {row.name}
        </AnchorLink>
        {!row.enabled && (
          <Badge size="sm" variant="light" color="gray" className={classes.badge}>
            {t('listings.off')}
          </Badge>
        )}
        {row.settling && <span className={classes.quiet}>{t('listings.settling')}</span>}
      </>
    ),
  },
  ...(['listed', 'linked', 'not-listed', 'error'] as const).map(countColumn),
  timeColumn('orders', (row) => row.ordersSyncedAt),
  timeColumn('prices', (row) => row.pricesSyncedAt),
  timeColumn('stock', (row) => row.stockSyncedAt),
  {
    key: 'open',
    head: t('listings.home.open'),
    width: 120,
    figures: true,
    card: 'side',
    render: (row) => (
      <ButtonLink
        to="/listings/$channelId"
        params={{ channelId: row.id }}
        size="compact-sm"
        variant="default"
        aria-label={t('listings.openOf', { name: row.name })}
      >
        {t('listings.open')}
      </ButtonLink>
    ),
  },
]

function countColumn(state: GridState): Column<Row> {
  const look = gridStateLook(state)
  const Icon = look.icon
  return {
    key: state,
    head: look.label,
    width: 108,
    figures: true,
    render: (row) => {
      const count = counts[state](row)
      return (
        <AnchorLink
          to="/listings/$channelId"
          params={{ channelId: row.id }}
          search={{ states: state } as never}
          className={classes.count}
          style={{ color: count === 0 ? 'var(--mantine-color-dimmed)' : `var(--state-${look.tone})` }}
          aria-label={t('listings.home.of', { shown: countLabel(count), state: look.label, name: row.name })}
        >
          <Icon size={15} stroke={2} aria-hidden="true" />
          <span className="figure">{countLabel(count)}</span>
        </AnchorLink>
      )
    },
  }
}

const counts: Record<GridState, (row: Row) => number> = {
  listed: (row) => row.listed,
  linked: (row) => row.linked,
  'not-listed': (row) => row.notListed,
  error: (row) => row.errors,
}

function timeColumn(key: 'orders' | 'prices' | 'stock', at: (row: Row) => string | null): Column<Row> {
  return {
    key,
    head: t(`listings.home.${key}`),
    width: 112,
    figures: true,
    render: (row) => <RelativeTime at={at(row)} />,
  }
}
