// The ship-by time: plain while far, amber within a day, red once over.
import { Tooltip } from '@mantine/core'
import { useMe } from '../../auth.ts'
import { exactTime, relativeTime } from '../../format.ts'
import { t } from '../../i18n.ts'
import { IconAlertTriangle, IconClock } from '../../icons.ts'
import { useNow } from '../../parts/RelativeTime.tsx'
import classes from './orders.module.css'
import { lateness, pressing } from './ship-by.ts'

export function ShipBy({ order }: { order: { status: string; shipBy: string | null } }) {
  const now = useNow()
  const { business } = useMe()
  if (order.shipBy === null)
    return (
      <Tooltip label={t('orders.noShipBy')}>
        <span className={classes.quiet} role="img" aria-label={t('orders.noShipBy')}>
          –
        </span>
      </Tooltip>
    )
  const state = pressing(order, now)
  const text =
    state === 'over' ? t('orders.late', { time: lateness(order.shipBy, now) }) : relativeTime(order.shipBy, now)
  return (
    <Tooltip label={exactTime(order.shipBy, business.timeZone)}>
      <time dateTime={order.shipBy} className={`figure ${classes.shipBy}`} data-pressing={state}>
        {state === 'over' && <IconAlertTriangle size={14} stroke={2} aria-hidden="true" />}
        {state === 'near' && <IconClock size={14} stroke={2} aria-hidden="true" />}
        {text}
      </time>
    </Tooltip>
  )
}
