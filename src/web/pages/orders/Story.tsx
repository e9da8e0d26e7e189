// The story: what came, what was decided and why, what was sent, what was answered, in time order. The words are the hub's.
import { useMe } from '../../auth.ts'
import { exactTime } from '../../format.ts'
import { t } from '../../i18n.ts'
import type { Icon } from '../../icons.ts'
import {
  IconAlertTriangle,
  IconBan,
  IconBolt,
  IconCheck,
  IconCircleDashed,
  IconClockPause,
  IconCloudDownload,
  IconCreditCard,
  IconLock,
  IconMapPin,
  IconPin,
  IconPlayerPause,
  IconQuestionMark,
  IconRefresh,
  IconSend,
  IconTruck,
  IconTruckDelivery,
} from '../../icons.ts'
import { RelativeTime } from '../../parts/RelativeTime.tsx'
import type { Tone } from '../../parts/StatusBadge.tsx'
import type { Order } from './OrderPage.tsx'
import classes from './order.module.css'
import { Panel } from './Panel.tsx'

export function Story({ events }: { events: Order['events'] }) {
  return (
    <Panel title={t('order.story')} className={classes.storyPanel}>
      {events.length === 0 && <p className={classes.nothing}>{t('order.noStory')}</p>}
      <ol className={classes.story}>
        {events.map((event) => (
          <Entry key={event.id} event={event} />
        ))}
      </ol>
    </Panel>
  )
}

function Entry({ event }: { event: Order['events'][number] }) {
  const { business } = useMe()
  const { icon: Icon, tone } = looks[event.kind] ?? { icon: IconCircleDashed, tone: 'quiet' }
  return (
    <li>
      <span
        className={classes.storyMark}
        style={{ color: `var(--state-${tone})`, background: `var(--state-${tone}-soft)` }}
        aria-hidden="true"
      >
        <Icon size={14} stroke={2} />
      </span>
      <div className={classes.storyText}>
        <div className={classes.storyTop}>
          <span>{event.text}</span>
          <span className={classes.quiet} title={exactTime(event.at, business.timeZone)}>
            <RelativeTime at={event.at} /> · {event.actor}
          </span>
        </div>
        {event.detail.length > 0 && (
          <ul className={classes.details}>
            {event.detail.map((line, index) => (
              <li key={index}>{line}</li>
            ))}
          </ul>
        )}
      </div>
    </li>
  )
}

const looks: Record<string, { icon: Icon; tone: Tone }> = {
  imported: { icon: IconCloudDownload, tone: 'info' },
  'shipping-service-chosen': { icon: IconTruck, tone: 'quiet' },
  paid: { icon: IconCreditCard, tone: 'good' },
  'hold-lifted': { icon: IconCheck, tone: 'good' },
  held: { icon: IconPlayerPause, tone: 'wait' },
  'called-off': { icon: IconBan, tone: 'bad' },
  'shipped-elsewhere': { icon: IconAlertTriangle, tone: 'wait' },
  shipped: { icon: IconTruckDelivery, tone: 'good' },
  reopened: { icon: IconAlertTriangle, tone: 'bad' },
  'unknown-status': { icon: IconQuestionMark, tone: 'bad' },
  'address-changed': { icon: IconMapPin, tone: 'wait' },
  'lines-changed': { icon: IconAlertTriangle, tone: 'wait' },
  'stock-reserved': { icon: IconLock, tone: 'info' },
  'stock-awaited': { icon: IconClockPause, tone: 'wait' },
  'stock-released': { icon: IconBolt, tone: 'quiet' },
  'purchase-order-sent': { icon: IconSend, tone: 'accent' },
  'purchase-order-cancelled': { icon: IconBan, tone: 'quiet' },
  dispatched: { icon: IconTruckDelivery, tone: 'good' },
  'confirmation-sent': { icon: IconCheck, tone: 'good' },
  'confirmation-delayed': { icon: IconRefresh, tone: 'wait' },
  'confirmation-unclear': { icon: IconQuestionMark, tone: 'wait' },
  'confirmation-not-found': { icon: IconRefresh, tone: 'wait' },
  'confirmation-rejected': { icon: IconAlertTriangle, tone: 'bad' },
  pinned: { icon: IconPin, tone: 'quiet' },
}
