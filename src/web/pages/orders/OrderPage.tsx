// One order: what needs a person, its lines and where each stands, dispatching, and the whole story (D6, D7).
import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import type { Answer } from '../../api.ts'
import { ask } from '../../api.ts'
import { t } from '../../i18n.ts'
import { ErrorState } from '../../parts/ErrorState.tsx'
import { AnchorLink, ButtonLink } from '../../parts/LinkTo.tsx'
import { PageHeader } from '../../parts/PageHeader.tsx'
import { Buyer } from './Buyer.tsx'
import { OrderFacts } from './OrderFacts.tsx'
import { OrderHeader } from './OrderHeader.tsx'
import { OrderLines } from './OrderLines.tsx'
import { OrderProblems } from './OrderProblems.tsx'
import { Parcels } from './Parcels.tsx'
import { PurchaseOrders } from './PurchaseOrders.tsx'
import classes from './order.module.css'
import { Story } from './Story.tsx'
import { Totals } from './Totals.tsx'

export type Order = Answer<'order'>

export function OrderPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const { data, error, refetch } = useQuery(ask('order', { params: { id } }))
  if (data) return <Content key={id} order={data} />
  return (
    <>
      <PageHeader title={t('orders.columns.order')} above={<AnchorLink to="/orders">{t('orders.title')}</AnchorLink>} />
      {error ? (
        <>
          <ErrorState error={error} onRetry={() => void refetch()} />
          <ButtonLink to="/orders" variant="default" mx="md">
            {t('order.missing')}
          </ButtonLink>
        </>
      ) : (
        <Waiting />
      )}
    </>
  )
}

function Content({ order }: { order: Order }) {
  return (
    <>
      <OrderHeader order={order} />
      <div className={classes.page}>
        <div className={classes.main}>
          <OrderProblems problems={order.openProblems} orderId={order.id} />
          <OrderLines order={order} />
          <PurchaseOrders order={order} />
          <Parcels order={order} />
        </div>
        <aside className={classes.side} aria-label={t('order.facts')}>
          <OrderFacts order={order} />
          <Buyer order={order} />
          <Totals order={order} />
        </aside>
        <Story events={order.events} />
      </div>
    </>
  )
}

function Waiting() {
  return (
    <div className={classes.page} aria-busy="true">
      <div className={classes.main}>
        <Skeleton height={210} radius="lg" />
        <Skeleton height={190} radius="lg" />
        <Skeleton height={110} radius="lg" />
      </div>
      <div className={classes.side}>
        <Skeleton height={250} radius="lg" />
        <Skeleton height={190} radius="lg" />
        <Skeleton height={140} radius="lg" />
      </div>
    </div>
  )
}
