// What a row of the orders list shows.
import { Tooltip } from '@mantine/core'
import type { RowOf } from '../../api.ts'
import { countLabel } from '../../format.ts'
import { t } from '../../i18n.ts'
import { IconAlertTriangle, IconCheck, IconClock, IconLinkOff } from '../../icons.ts'
import { countryName } from '../../parts/countries.tsx'
import type { Column } from '../../parts/DataTable.tsx'
import { AnchorLink } from '../../parts/LinkTo.tsx'
import { MoneyText } from '../../parts/MoneyText.tsx'
import { RelativeTime } from '../../parts/RelativeTime.tsx'
import { StatusBadge } from '../../parts/StatusBadge.tsx'
import { orderStatusLook } from '../../parts/status.ts'
import { reasonText } from './order-texts.ts'
import classes from './orders.module.css'
import { ShipBy } from './ShipBy.tsx'

type Row = RowOf<'orders'>

/** Which integration an order came by is shown where there are several. */
export function orderColumns({ hasSeveralChannels }: { hasSeveralChannels: boolean }): Column<Row>[] {
  return allColumns.filter((column) => hasSeveralChannels || column.key !== 'channel')
}

const allColumns: Column<Row>[] = [
  {
    key: 'order',
    head: t('orders.columns.order'),
    width: 120,
    card: 'title',
    render: (row) => (
      <span className={classes.inline}>
        <AnchorLink
          to="/orders/$id"
          params={{ id: row.id }}
          size="sm"
          fw={550}
          className={classes.number}
          aria-label={row.marketplaceOrderId}
        >
          <OrderNumber number={row.marketplaceOrderId} />
        </AnchorLink>
        <ProblemMark count={row.problems} />
      </span>
    ),
  },
  {
    key: 'status',
    head: t('orders.columns.status'),
    width: 224,
    card: 'side',
    render: (row) => (
      <StatusBadge
        look={orderStatusLook(row.status)}
        why={reasonText(row.statusReason ?? (row.status === 'queued-for-payment' ? row.status : null))}
      />
    ),
  },
  {
    key: 'items',
    head: t('orders.columns.items'),
    width: 106,
    grow: 3,
    render: (row) => <Items row={row} />,
  },
  {
    key: 'units',
    head: t('orders.columns.units'),
    width: 62,
    figures: true,
    card: 'none',
    render: (row) => countLabel(row.units),
  },
  {
    key: 'buyer',
    head: t('orders.columns.buyer'),
    width: 130,
    grow: 1,
    render: (row) => (
      <span className={classes.inline}>
        <span className="ellipsis">{row.buyerName || t('common.unknown')}</span>
        {row.countryCode && <Country code={row.countryCode} />}
      </span>
    ),
  },
  {
    key: 'channel',
    card: 'none',
    head: t('orders.columns.channel'),
    width: 106,
    grow: 1,
    render: (row) => (
      <span className="ellipsis" {...(row.channelName ? { title: `${row.channelName} · ${row.marketplace}` } : {})}>
        {row.channelName ?? t('orders.byHand')}
      </span>
    ),
  },
  {
    key: 'total',
    head: t('orders.columns.total'),
    width: 96,
    figures: true,
    render: (row) => <MoneyText money={row.total} />,
  },
  { key: 'paid', head: t('orders.columns.paid'), width: 90, card: 'none', render: (row) => <Paid paid={row.paid} /> },
  {
    key: 'placed',
    head: t('orders.columns.placed'),
    width: 92,
    figures: true,
    render: (row) => <RelativeTime at={row.placedAt} />,
  },
  {
    key: 'shipBy',
    head: t('orders.columns.shipBy'),
    width: 106,
    figures: true,
    render: (row) => <ShipBy order={row} />,
  },
]

const tellingDigits = 6
const longNumber = 14

/** Long numbers of one marketplace begin alike: where there is no room for all of one, its end stays. */
function OrderNumber({ number }: { number: string }) {
  if (number.length <= longNumber) return <span className="ellipsis">{number}</span>
  return (
    <>
      <span className="ellipsis">{number.slice(0, -tellingDigits)}</span>
      <span>{number.slice(-tellingDigits)}</span>
    </>
  )
}

function Items({ row }: { row: Row }) {
  return (
    <span className={classes.inline}>
      <span className="ellipsis" title={row.summary}>
        {row.summary}
      </span>
      {row.unmappedLines > 0 && (
        <Tooltip label={t('orders.unmappedLines', { count: row.unmappedLines })}>
          <span className={classes.mark} data-tone="wait" tabIndex={0}>
            <IconLinkOff size={14} stroke={2} aria-label={t('orders.unmappedLines', { count: row.unmappedLines })} />
          </span>
        </Tooltip>
      )}
    </span>
  )
}

export function ProblemMark({ count }: { count: number }) {
  if (count === 0) return null
  const label = t('orders.problems', { count })
  return (
    <Tooltip label={label}>
      <span className={classes.mark} data-tone="bad" tabIndex={0} role="img" aria-label={label}>
        <IconAlertTriangle size={14} stroke={2} aria-hidden="true" />
        {count > 1 && count}
      </span>
    </Tooltip>
  )
}

export function Paid({ paid }: { paid: boolean }) {
  const Icon = paid ? IconCheck : IconClock
  return (
    <span className={classes.paid} data-paid={paid || undefined}>
      <Icon size={14} stroke={2} aria-hidden="true" />
      {paid ? t('orders.isPaid') : t('orders.isUnpaid')}
    </span>
  )
}

function Country({ code }: { code: string }) {
  return (
    <abbr title={countryName(code)} className={classes.country}>
      {code}
    </abbr>
  )
}
