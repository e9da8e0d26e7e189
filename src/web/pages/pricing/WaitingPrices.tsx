// Prices that wait for a person: which, why, how each is made, and the word that lets it go.
import { Skeleton, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { ask } from '../../api.ts'
import { t } from '../../i18n.ts'
import { IconAlertTriangle, IconArrowRight, IconCircleCheck } from '../../icons.ts'
import { ErrorState } from '../../parts/ErrorState.tsx'
import { AnchorLink } from '../../parts/LinkTo.tsx'
import { MoneyText } from '../../parts/MoneyText.tsx'
import { StatusBadge } from '../../parts/StatusBadge.tsx'
import { ApprovePrice } from './ApprovePrice.tsx'
import { PriceWhy } from './PriceWhy.tsx'
import classes from './pricing.module.css'

/** So many are looked at one by one; the others follow when these are done. */
const shownMax = 20

export function WaitingPrices() {
  const { data, error, refetch } = useQuery({ ...ask('problems'), staleTime: 0 })
  const ids = data?.flatMap(({ kind, listingId }) => (kind === 'price-waits' && listingId ? [listingId] : []))
  return (
    <section className={`panel ${classes.block}`} aria-label={t('pricing.waiting.title')}>
      <Title order={2}>
        {t('pricing.waiting.title')}
        {ids && ids.length > 0 && <span className={classes.count}>{ids.length}</span>}
      </Title>
      <p className={classes.quiet}>{t('pricing.waiting.lead')}</p>
      {error && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!error && !ids && <Skeleton height={40} mt="sm" aria-busy="true" />}
      {ids?.length === 0 && (
        <div className={classes.noneWaits}>
          <StatusBadge look={{ icon: IconCircleCheck, tone: 'good', label: t('pricing.waiting.none') }} plain />
        </div>
      )}
      <ul className={classes.waiting}>
        {ids?.slice(0, shownMax).map((id) => (
          <WaitingPrice key={id} listingId={id} />
        ))}
      </ul>
    </section>
  )
}

function WaitingPrice({ listingId }: { listingId: string }) {
  const { data, error, refetch } = useQuery(ask('explainPrice', { params: { id: listingId } }))
  if (error)
    return (
      <li>
        <ErrorState error={error} onRetry={() => void refetch()} />
      </li>
    )
  if (!data)
    return (
      <li>
        <Skeleton height={34} aria-busy="true" />
      </li>
    )
  const { title, channelName, shows, desired, because, split } = data
  return (
    <li>
      <div className={classes.waitingWhat}>
        <AnchorLink to="/pricing/listings/$id" params={{ id: listingId }} size="sm" fw={550}>
          {title}
        </AnchorLink>
        <span className={classes.quiet}>{channelName}</span>
      </div>
      <div className={classes.waitingWhy}>
        {because.map((reason) => (
          <StatusBadge
            key={reason}
            look={{
              icon: IconAlertTriangle,
              tone: reason === 'loss' ? 'bad' : 'wait',
              label: t(`pricing.waiting.${reason}`),
            }}
            why={data.sentence}
          />
        ))}
        {because.includes('loss') && split && (
          <span className={classes.lossFigure}>
            <MoneyText money={split.left} />
          </span>
        )}
      </div>
      <div className={classes.waitingPrices}>
        <MoneyText money={shows} />
        <IconArrowRight size={14} stroke={1.8} aria-hidden="true" />
        <strong>
          <MoneyText money={desired} />
        </strong>
      </div>
      <div className={classes.waitingButtons}>
        <PriceWhy listingId={listingId} title={title} />
        {data.waitsForPerson && <ApprovePrice price={data} />}
      </div>
    </li>
  )
}
