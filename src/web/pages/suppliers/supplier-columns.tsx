// What a row of the suppliers list shows.
import { Tooltip } from '@mantine/core'
import type { Answer } from '../../api.ts'
import { countLabel } from '../../format.ts'
import { t } from '../../i18n.ts'
import { IconAlertTriangle, IconBoltOff, IconBuildingWarehouse } from '../../icons.ts'
import type { Column } from '../../parts/DataTable.tsx'
import { AnchorLink } from '../../parts/LinkTo.tsx'
import { RelativeTime } from '../../parts/RelativeTime.tsx'
import { StatusBadge } from '../../parts/StatusBadge.tsx'
import classes from './suppliers.module.css'

export type Supplier = Answer<'supplier'>

export function supplierColumns(): Column<Supplier>[] {
  return [
    {
      key: 'name',
      head: t('suppliers.columns.name'),
      width: 230,
      grow: 2,
      card: 'title',
      render: (row) => (
        <span className={classes.name}>
          <AnchorLink to="/suppliers/$id" params={{ id: row.id }} size="sm" fw={550} className="ellipsis">
            {row.name}
          </AnchorLink>
          <SupplierMarks supplier={row} />
        </span>
      ),
    },
    {
      key: 'held',
      head: t('suppliers.columns.heldFiles'),
      width: 170,
      card: 'side',
      render: (row) => <HeldMark count={row.heldFiles} />,
    },
    {
      key: 'preference',
      head: t('suppliers.columns.preference'),
      width: 100,
      figures: true,
      render: (row) => countLabel(row.preference),
    },
    {
      key: 'leadTime',
      head: t('suppliers.columns.leadTime'),
      width: 100,
      figures: true,
      render: (row) => <LeadTime days={row.leadTimeDays} />,
    },
    {
      key: 'offers',
      head: t('suppliers.columns.offers'),
      width: 100,
      figures: true,
      render: (row) => countLabel(row.offers),
    },
    {
      key: 'open',
      head: t('suppliers.columns.openPurchaseOrders'),
      width: 170,
      figures: true,
      render: (row) => countLabel(row.openPurchaseOrders),
    },
    {
      key: 'file',
      head: t('suppliers.columns.lastFile'),
      width: 120,
      figures: true,
      render: (row) => <RelativeTime at={row.lastFileAt} />,
    },
  ]
}

export function SupplierMarks({ supplier }: { supplier: Supplier }) {
  return (
    <>
      {supplier.ownStock && (
        <StatusBadge
          look={{ icon: IconBuildingWarehouse, tone: 'accent', label: t('suppliers.own') }}
          why={t('suppliers.ownWhy')}
        />
      )}
      {!supplier.active && (
        <StatusBadge
          look={{ icon: IconBoltOff, tone: 'quiet', label: t('suppliers.off') }}
          why={t('suppliers.offWhy')}
        />
      )}
    </>
  )
}

function HeldMark({ count }: { count: number }) {
  if (count === 0) return null
  return <StatusBadge look={{ icon: IconAlertTriangle, tone: 'wait', label: t('suppliers.held', { count }) }} />
}

export function LeadTime({ days }: { days: number | null }) {
  if (days !== null) return <span className="figure">{t('suppliers.leadDays', { count: days })}</span>
  return (
    <Tooltip label={t('common.unknown')}>
      <span className={classes.quiet} role="note" aria-label={t('common.unknown')}>
        –
      </span>
    </Tooltip>
  )
}
