// Settings › Sales channel integrations: one row an integration (A1).
import { useQuery } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import type { Answer } from '../../api.ts'
import { ask } from '../../api.ts'
import { t } from '../../i18n.ts'
import { IconPlugConnected, IconPlus } from '../../icons.ts'
import type { Column } from '../../parts/DataTable.tsx'
import { DataTable } from '../../parts/DataTable.tsx'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { AnchorLink, ButtonLink } from '../../parts/LinkTo.tsx'
import { MarketplaceMark } from '../../parts/MarketplaceMark.tsx'
import { PageHeader } from '../../parts/PageHeader.tsx'
import { RelativeTime } from '../../parts/RelativeTime.tsx'
import { StatusBadge } from '../../parts/StatusBadge.tsx'
import { healthLook } from '../../parts/status.ts'
import { listSource } from '../../parts/table-source.ts'
import { EnabledSwitch } from './EnabledSwitch.tsx'

type Row = Answer<'channels'>[number]

export function IntegrationsPage() {
  const router = useRouter()
  const source = listSource(useQuery(ask('channels')))
  const add = (
    <ButtonLink to="/settings/channels/add" leftSection={<IconPlus size={16} aria-hidden="true" />}>
      {t('integrations.add')}
    </ButtonLink>
  )
  return (
    <div className="page-fill">
      <PageHeader title={t('integrations.title')} actions={source.rows.length > 0 ? add : null} />
      <DataTable
        label={t('integrations.title')}
        source={source}
        columns={columns()}
        rowKey={(row) => row.id}
        rowName={(row) => row.name}
        onOpen={(row) => void router.navigate({ to: '/settings/channels/$id', params: { id: row.id } })}
        empty={
          <EmptyState icon={IconPlugConnected} title={t('integrations.empty')} text={t('integrations.emptyNext')}>
            {add}
          </EmptyState>
        }
      />
    </div>
  )
}

function columns(): Column<Row>[] {
  return [
    {
      key: 'mark',
      head: t('integrations.columns.mark'),
      width: 72,
      card: 'none',
      render: (row) => <MarketplaceMark id={row.marketplace} />,
    },
    {
      key: 'marketplace',
      head: t('integrations.columns.marketplace'),
      width: 120,
      render: (row) => row.marketplaceName,
    },
    {
      key: 'name',
      head: t('integrations.columns.name'),
      width: 180,
      grow: 1,
      card: 'title',
      render: (row) => (
        <AnchorLink to="/settings/channels/$id" params={{ id: row.id }} size="sm" fw={550} className="ellipsis">
          {row.name}
        </AnchorLink>
      ),
    },
    {
      key: 'enabled',
      head: t('integrations.columns.enabled'),
      width: 108,
      card: 'side',
      render: (row) => <EnabledSwitch channel={row} />,
    },
    {
      key: 'health',
      head: t('integrations.columns.health'),
      width: 200,
      grow: 3,
      render: (row) => <Health health={row.health} />,
    },
    {
      key: 'orders',
      head: t('integrations.columns.orders'),
      width: 118,
      figures: true,
      render: (row) => <RelativeTime at={row.ordersSyncedAt} />,
    },
    {
      key: 'prices',
      head: t('integrations.columns.prices'),
      width: 118,
      figures: true,
      render: (row) => <RelativeTime at={row.pricesSyncedAt} />,
    },
    {
      key: 'stock',
      head: t('integrations.columns.stock'),
      width: 124,
      figures: true,
      render: (row) => <RelativeTime at={row.stockSyncedAt} />,
    },
  ]
}

function Health({ health }: { health: Row['health'] }) {
  return (
    <>
      <StatusBadge look={healthLook(health.state)} why={health.reason} />
      {health.reason && (
        <span className="ellipsis" style={{ color: 'var(--mantine-color-dimmed)' }}>
          {health.reason}
        </span>
      )}
    </>
  )
}
