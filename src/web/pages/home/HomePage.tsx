// What needs a person now, each with the button that solves it; how syncing goes; today's figures.
import { SimpleGrid, Skeleton, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { Answer } from '../../api.ts'
import { ask } from '../../api.ts'
import { countLabel } from '../../format.ts'
import { t } from '../../i18n.ts'
import { ErrorState } from '../../parts/ErrorState.tsx'
import { Figure, Figures } from '../../parts/Figure.tsx'
import { HrefLink } from '../../parts/HrefButton.tsx'
import { MoneyText } from '../../parts/MoneyText.tsx'
import { PageHeader } from '../../parts/PageHeader.tsx'
import { StatusBadge } from '../../parts/StatusBadge.tsx'
import { orderStatusLook } from '../../parts/status.ts'
import { FirstSteps } from './FirstSteps.tsx'
import classes from './home.module.css'
import { ProblemList } from './ProblemList.tsx'
import { SyncHealth } from './SyncHealth.tsx'

export function HomePage() {
  const { data, error, refetch } = useQuery(ask('home'))
  return (
    <>
      <PageHeader title={t('nav.home')} />
      <div className={classes.page}>
        {data ? (
          <Content home={data} />
        ) : error ? (
          <ErrorState error={error} onRetry={() => void refetch()} />
        ) : (
          <Waiting />
        )}
      </div>
    </>
  )
}

function Content({ home }: { home: Answer<'home'> }) {
  const isNew = home.channels.length === 0
  return (
    <Stack gap={20}>
      {home.steps.some((step) => !step.done) && <FirstSteps steps={home.steps} />}
      {!isNew && (
        <div className={classes.columns}>
          <ProblemList problems={home.problems} />
          <WaitingOrders waiting={home.waiting} />
        </div>
      )}
      {!isNew && <Today today={home.today} />}
      {!isNew && <SyncHealth channels={home.channels} />}
    </Stack>
  )
}

function Today({ today }: { today: Answer<'home'>['today'] }) {
  const [first, ...others] = today.sales
  return (
    <section className={`panel ${classes.block}`} aria-label={t('home.today')}>
      <Title order={2} mb="sm">
        {t('home.today')}
      </Title>
      <Figures>
        <Figure label={t('home.ordersToday')}>{countLabel(today.orders)}</Figure>
        <Figure label={t('home.unitsToday')}>{countLabel(today.units)}</Figure>
        <Figure
          label={t('home.salesToday')}
          note={others.map((money) => (
            <div key={money.currency}>
              <MoneyText money={money} />
            </div>
          ))}
        >
          {first ? <MoneyText money={first} /> : t('home.noSales')}
        </Figure>
        <Figure label={t('home.dispatchedToday')}>{countLabel(today.dispatched)}</Figure>
      </Figures>
    </section>
  )
}

function WaitingOrders({ waiting }: { waiting: Answer<'home'>['waiting'] }) {
  const some = waiting.filter(({ count }) => count > 0)
  return (
    <section className={`panel ${classes.block}`} aria-label={t('home.waiting')}>
      <Title order={2} mb="xs">
        {t('home.waiting')}
      </Title>
      {some.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('home.nothingWaiting')}
        </Text>
      )}
      <ul className={classes.list}>
        {some.map(({ status, count, href }) => (
          <li key={status}>
            <HrefLink href={href} className={classes.waitingRow}>
              <StatusBadge look={orderStatusLook(status)} />
              <span className="figure">{countLabel(count)}</span>
            </HrefLink>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Waiting() {
  return (
    <Stack gap={20} aria-busy="true">
      <Skeleton height={112} radius="lg" />
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Skeleton height={240} radius="lg" />
        <Skeleton height={240} radius="lg" />
      </SimpleGrid>
      <Skeleton height={180} radius="lg" />
    </Stack>
  )
}
