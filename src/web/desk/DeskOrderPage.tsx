// One purchase order: what to send where, and the three things to do with it: accept, dispatch, cancel (G3).
import { Button, Group, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { ask } from '../api.ts'
import { useMe } from '../auth.ts'
import { countLabel, exactTime } from '../format.ts'
import { t } from '../i18n.ts'
import { IconBan, IconCheck, IconFileText } from '../icons.ts'
import { ErrorState } from '../parts/ErrorState.tsx'
import { AnchorLink } from '../parts/LinkTo.tsx'
import { MoneyText } from '../parts/MoneyText.tsx'
import { PageHeader } from '../parts/PageHeader.tsx'
import { RelativeTime } from '../parts/RelativeTime.tsx'
import { StatusBadge } from '../parts/StatusBadge.tsx'
import { AcceptDialog, CancelDialog } from './DeskAnswers.tsx'
import { DeskDispatch } from './DeskDispatch.tsx'
import { DeskLoading } from './DeskLoading.tsx'
import { deskLook, openLines, type DeskOrder } from './desk-look.ts'
import classes from './desk.module.css'
import { PackingList } from './PackingList.tsx'
import { ShipTo } from './ShipTo.tsx'

export function DeskOrderPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const { data, error, isPending, refetch } = useQuery(ask('deskOrder', { params: { id } }))
  if (isPending) return <DeskLoading above={<Above />} />
  if (!data)
    return (
      <>
        <PageHeader title={t('desk.order.facts')} above={<Above />} />
        <ErrorState error={error} onRetry={() => void refetch()} />
      </>
    )
  return <Content key={id} order={data} />
}

function Content({ order }: { order: DeskOrder }) {
  const [accepting, acceptDialog] = useDisclosure()
  const [cancelling, cancelDialog] = useDisclosure()
  const isOpen = openLines(order).length > 0
  return (
    <>
      <div className={classes.screen}>
        <PageHeader
          title={order.number}
          above={<Above />}
          beside={<StatusBadge look={deskLook(order.state)} />}
          actions={
            <>
              {isOpen && (
                <Button
                  variant="default"
                  leftSection={<IconFileText size={15} aria-hidden="true" />}
                  onClick={() => window.print()}
                >
                  {t('desk.order.print')}
                </Button>
              )}
              {isOpen && (
                <Button
                  variant="default"
                  leftSection={<IconBan size={15} aria-hidden="true" />}
                  onClick={cancelDialog.open}
                >
                  {t('desk.order.cancel')}
                </Button>
              )}
              {order.state === 'to-do' && (
                <Button leftSection={<IconCheck size={15} aria-hidden="true" />} onClick={acceptDialog.open}>
                  {t('desk.order.accept')}
                </Button>
              )}
            </>
          }
          below={order.revision > 1 && <span>{t('desk.order.revision', { revision: order.revision })}</span>}
        />
        <div className={classes.page}>
          <div className={classes.column}>
            {order.cancelledBy && <Cancelled order={order} />}
            {isOpen && <DeskDispatch key={order.parcels.length} order={order} />}
            <Lines order={order} />
            <Parcels order={order} />
          </div>
          <div className={classes.column}>
            <ShipTo order={order} />
            <Facts order={order} />
          </div>
        </div>
        <AcceptDialog order={order} opened={accepting} onClose={acceptDialog.close} />
        <CancelDialog order={order} opened={cancelling} onClose={cancelDialog.close} />
      </div>
      <PackingList order={order} />
    </>
  )
}

function Above() {
  return (
    <AnchorLink to="/desk" size="sm">
      {t('desk.orders.title')}
    </AnchorLink>
  )
}

function Cancelled({ order }: { order: DeskOrder }) {
  const text = order.cancelledBy === 'you' ? t('desk.order.cancelledByYou') : t('desk.order.cancelledBySeller')
  return (
    <div className={`panel ${classes.panel}`} role="note">
      <strong>{text}</strong>
      {order.cancelReason && <div className={classes.quiet}>{order.cancelReason}</div>}
    </div>
  )
}

function Lines({ order }: { order: DeskOrder }) {
  const sums = [
    ['goods', order.goods],
    ['shipping', order.shipping],
    ['vat', order.vat],
    ['total', order.total],
  ] as const
  return (
    <section className={`panel ${classes.panel}`} aria-label={t('desk.order.lines')}>
      <Title order={2}>{t('desk.order.lines')}</Title>
      <ul className={classes.list}>
        {order.lines.map((line) => (
          <li key={line.id} className={classes.line}>
            <span className={`figure ${classes.quantity}`}>{countLabel(line.quantity)} ×</span>
            <span className={classes.text}>
              <span className="code">{line.supplierSku}</span>
              <br />
              {line.title}
            </span>
            <span className={classes.right}>
              <MoneyText money={line.cost} />
              <span className={classes.quiet}>
                {t('desk.order.each')}
                {line.dispatched > 0 && ` · ${t('desk.order.left', { done: line.dispatched, total: line.quantity })}`}
                {line.cancelled > 0 && ` · ${t('desk.order.cut', { count: line.cancelled })}`}
              </span>
            </span>
          </li>
        ))}
      </ul>
      <dl className={classes.sums}>
        {sums.map(([key, money]) => (
          <Group key={key} display="contents">
            <dt data-total={key === 'total' || undefined}>{t(`desk.order.${key}`)}</dt>
            <dd data-total={key === 'total' || undefined}>
              <MoneyText money={money} />
            </dd>
          </Group>
        ))}
      </dl>
    </section>
  )
}

function Facts({ order }: { order: DeskOrder }) {
  const { business } = useMe()
  const time = (at: string | null) => (at === null ? t('desk.order.none') : exactTime(at, business.timeZone))
  const facts = [
    [t('desk.order.ordered'), time(order.orderedAt)],
    [t('desk.order.shipBy'), time(order.shipBy)],
    [t('desk.order.service'), order.shippingService ?? t('desk.order.none')],
    [t('desk.order.carrier'), order.carrier ?? t('desk.order.none')],
    [t('desk.order.reference'), order.reference ?? t('desk.order.none')],
    [t('desk.order.acceptedAt'), time(order.acceptedAt)],
  ] as const
  return (
    <section className={`panel ${classes.panel}`} aria-label={t('desk.order.facts')}>
      <Title order={2}>{t('desk.order.facts')}</Title>
      <dl className={classes.facts}>
        {facts.map(([name, value]) => (
          <Group key={name} display="contents">
            <dt>{name}</dt>
            <dd>{value}</dd>
          </Group>
        ))}
      </dl>
    </section>
  )
}

function Parcels({ order }: { order: DeskOrder }) {
  const skuOf = (lineId: string) => order.lines.find((line) => line.id === lineId)?.supplierSku ?? ''
  return (
    <section className={`panel ${classes.panel}`} aria-label={t('desk.order.parcels')}>
      <Title order={2}>{t('desk.order.parcels')}</Title>
      {order.parcels.length === 0 && <span className={classes.quiet}>{t('desk.order.noParcels')}</span>}
      <ul className={classes.list}>
        {order.parcels.map((parcel) => (
          <li key={parcel.id} className={classes.parcel}>
            <div className={classes.parcelTop}>
              <strong>{parcel.carrier}</strong>
              <span className="code">{parcel.trackingNumber}</span>
              <span className={classes.quiet}>
                <RelativeTime at={parcel.shippedAt} />
              </span>
            </div>
            <div className={classes.quiet}>
              {parcel.lines.map((line) => `${countLabel(line.quantity)} × ${skuOf(line.lineId)}`).join(', ')}
            </div>
          </li>
        ))}
      </ul>
    </section>
  )
}
