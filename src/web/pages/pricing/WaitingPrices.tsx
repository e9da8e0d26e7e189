// Prices that wait for a person: which, why, how each is made, and the word that lets it go.
import { Button, SegmentedControl, Skeleton, Title, VisuallyHidden } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask, call } from '../../api.ts'
import { countLabel } from '../../format.ts'
import { t } from '../../i18n.ts'
import { IconAlertTriangle, IconArrowRight, IconCircleCheck } from '../../icons.ts'
import { ErrorState } from '../../parts/ErrorState.tsx'
import { AnchorLink } from '../../parts/LinkTo.tsx'
import { MoneyText } from '../../parts/MoneyText.tsx'
import { StatusBadge } from '../../parts/StatusBadge.tsx'
import { AnswerPrices, type Answering } from './AnswerPrices.tsx'
import { ApprovePrice } from './ApprovePrice.tsx'
import { PriceWhy } from './PriceWhy.tsx'
import classes from './pricing.module.css'

/** Each row asks how its price is made. */
const shownAtOnce = 20
const reasons = ['loss', 'below-floor', 'large-step'] as const

export function WaitingPrices() {
  const [reason, setReason] = useState<(typeof reasons)[number]>()
  const [answer, setAnswer] = useState<Answering>()
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ['waitingPrices', reason ?? null],
    queryFn: ({ pageParam }) =>
      call('waitingPrices', {
        query: { limit: shownAtOnce, ...(reason && { reason }), ...(pageParam && { cursor: pageParam }) },
      }),
    initialPageParam: '',
    getNextPageParam: (last) => last.next ?? undefined,
    staleTime: 0,
  })
  const ids = data?.pages.flatMap(({ rows }) => rows.map(({ listingId }) => listingId))
  const count = data?.pages[0]?.count
  const hasSome = count !== undefined && count.value > 0
  const label = (answering: Answering) => t(`pricing.waiting.${answering}${reason ? 'These' : 'All'}`)
  return (
    <section className={`panel ${classes.block}`} aria-label={t('pricing.waiting.title')}>
      <Title order={2}>
        {t('pricing.waiting.title')}
        {hasSome && <span className={classes.count}>{countLabel(count)}</span>}
      </Title>
      <p className={classes.quiet}>{t('pricing.waiting.lead')}</p>
      {(hasSome || reason) && (
        <div className={classes.waitingTools}>
          <SegmentedControl
            size="xs"
            aria-label={t('pricing.waiting.show')}
            value={reason ?? 'all'}
            onChange={(value) => setReason(reasons.find((known) => known === value))}
            data={[
              { value: 'all', label: t('pricing.waiting.all') },
              ...reasons.map((value) => ({ value, label: t(`pricing.waiting.${value}`) })),
            ]}
          />
          {hasSome && (
            <div className={classes.waitingButtons}>
              <Button size="xs" variant="default" onClick={() => setAnswer('approve')}>
                {label('approve')}
              </Button>
              <Button size="xs" variant="default" onClick={() => setAnswer('refuse')}>
                {label('refuse')}
              </Button>
            </div>
          )}
        </div>
      )}
      {error && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!error && !ids && <Skeleton height={40} mt="sm" aria-busy="true" />}
      {ids?.length === 0 && (
        <div className={classes.noneWaits}>
          <StatusBadge
            look={{ icon: IconCircleCheck, tone: 'good', label: t(`pricing.waiting.${reason ? 'noneSo' : 'none'}`) }}
            plain
          />
        </div>
      )}
      <ul className={classes.waiting}>
        {ids?.map((id) => (
          <WaitingPrice key={id} listingId={id} />
        ))}
      </ul>
      {ids && count && hasNextPage && (
        <div className={classes.waitingMore}>
          <Button size="xs" variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {t('pricing.waiting.more')}
          </Button>
          <span className={classes.quiet}>
            {t('pricing.waiting.shown', { shown: countLabel(ids.length), all: countLabel(count) })}
          </span>
        </div>
      )}
      {answer && (
        <AnswerPrices answer={answer} filter={reason ? { reason } : {}} onClose={() => setAnswer(undefined)} />
      )}
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
        {data.waitsForPerson && <RefusePrice listingId={listingId} title={title} />}
      </div>
    </li>
  )
}

function RefusePrice({ listingId, title }: { listingId: string; title: string }) {
  const [isAsked, setAsked] = useState(false)
  return (
    <>
      <Button size="xs" variant="default" onClick={() => setAsked(true)}>
        {t('pricing.waiting.refuse')} <VisuallyHidden>{title}</VisuallyHidden>
      </Button>
      {isAsked && <AnswerPrices answer="refuse" filter={{ listingId }} onClose={() => setAsked(false)} />}
    </>
  )
}
