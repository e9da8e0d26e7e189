// A supplier's feeds: where his file comes from by itself, how the last fetch went, and when the next one is (E1).
import { Button, Group, Skeleton, Switch, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Answer } from '../../api.ts'
import { ask, call } from '../../api.ts'
import { t } from '../../i18n.ts'
import {
  IconAlertTriangle,
  IconBan,
  IconCircleCheck,
  IconCircleX,
  IconPencil,
  IconPlus,
  IconRefresh,
  IconTrash,
} from '../../icons.ts'
import { confirmDialog, tell, tellRefusal } from '../../parts/ask.tsx'
import { ErrorState } from '../../parts/ErrorState.tsx'
import { AnchorLink } from '../../parts/LinkTo.tsx'
import { RelativeTime } from '../../parts/RelativeTime.tsx'
import { StatusBadge, type StatusLook } from '../../parts/StatusBadge.tsx'
import { FeedDialog } from './FeedsDialog.tsx'
import { FeedHistory } from './FeedsHistory.tsx'
import { FileLimitsDialog } from './FeedsLimits.tsx'
import classes from './feeds.module.css'

export type Feed = Answer<'feeds'>[number]

const lookAgainMs = 1500
const touched = new Set(['feeds', 'feedHistory', 'imports', 'supplier', 'fileLimits'])

export function useFeedsAgain() {
  const client = useQueryClient()
  return () => client.invalidateQueries({ predicate: ({ queryKey }) => touched.has(String(queryKey[0])) })
}

export function Feeds({ supplierId }: { supplierId: string }) {
  const { data, error, refetch } = useQuery({
    ...ask('feeds', { params: { id: supplierId } }),
    refetchInterval: ({ state }) => (state.data?.some(isMoving) ? lookAgainMs : 15_000),
  })
  const [chosen, setChosen] = useState<Feed>()
  const [editing, editDialog] = useDisclosure()
  const [limiting, limitsDialog] = useDisclosure()
  const [showsHistory, { toggle }] = useDisclosure()
  const open = (feed: Feed | undefined) => {
    setChosen(feed)
    editDialog.open()
  }
  return (
    <section className={classes.panel} aria-label={t('feeds.title')}>
      <div className={classes.head}>
        <h2>{t('feeds.title')}</h2>
        <Button size="compact-sm" variant="subtle" onClick={toggle} aria-expanded={showsHistory}>
          {t('feeds.history')}
        </Button>
        <Button size="compact-sm" variant="subtle" onClick={limitsDialog.open}>
          {t('feeds.limits')}
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconPlus size={14} aria-hidden="true" />}
          onClick={() => open(undefined)}
        >
          {t('feeds.add')}
        </Button>
      </div>
      {data ? (
        data.length > 0 ? (
          <ul className={classes.list}>
            {data.map((feed) => (
              <FeedRow key={feed.id} feed={feed} onChange={() => open(feed)} />
            ))}
          </ul>
        ) : (
          <Text size="sm" c="dimmed" mt={6}>
            {t('feeds.none')}
          </Text>
        )
      ) : error ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : (
        <Skeleton height={28} mt={8} />
      )}
      {showsHistory && <FeedHistory supplierId={supplierId} />}
      <FeedDialog supplierId={supplierId} feed={chosen} opened={editing} onClose={editDialog.close} />
      <FileLimitsDialog supplierId={supplierId} opened={limiting} onClose={limitsDialog.close} />
    </section>
  )
}

function isMoving(feed: Feed): boolean {
  const isDue = feed.nextAt !== null && new Date(feed.nextAt).getTime() <= Date.now()
  return feed.state === 'fetching' || feed.lastImport?.state === 'reading' || isDue
}

function FeedRow({ feed, onChange }: { feed: Feed; onChange: () => void }) {
  const again = useFeedsAgain()
  const { address } = feed.shown
  const settled = { onError: tellRefusal, onSettled: () => void again() }
  const params = { id: feed.id }
  const fetching = useMutation({
    mutationFn: () => call('fetchFeed', { params }),
    onSuccess: () => tell(t('feeds.fetching')),
    ...settled,
  })
  const switching = useMutation({
    mutationFn: (active: boolean) => call('changeFeed', { params, body: { active } }),
    ...settled,
  })
  const removing = useMutation({
    mutationFn: () => call('removeFeed', { params }),
    onSuccess: () => tell(t('feeds.removed')),
    ...settled,
  })
  const remove = async () => {
    const ask = { title: t('feeds.removeTitle'), text: t('feeds.removeText'), confirm: t('feeds.remove'), danger: true }
    if (await confirmDialog(ask)) removing.mutate()
  }
  return (
    <li>
      <Switch
        size="xs"
        aria-label={t('feeds.switch', { address })}
        checked={feed.active}
        onChange={(event) => switching.mutate(event.currentTarget.checked)}
        disabled={switching.isPending}
      />
      <span className={classes.address}>{address}</span>
      <StatusBadge look={feedLook(feed)} />
      <span className={classes.quiet}>
        {t('feeds.every', { minutes: feed.everyMinutes })} · {t('feeds.last')} <RelativeTime at={feed.lastAt} />
        {feed.nextAt && (
          <>
            {' '}
            · {t('feeds.next')} <RelativeTime at={feed.nextAt} />
          </>
        )}
      </span>
      <Group gap={4}>
        {feed.lastImport && (
          <AnchorLink to="/imports/$id" params={{ id: feed.lastImport.id }} size="sm">
            {t('feeds.file')}
          </AnchorLink>
        )}
        <Button
          size="compact-xs"
          variant="default"
          leftSection={<IconRefresh size={13} aria-hidden="true" />}
          aria-label={t('feeds.fetchNowOf', { address })}
          onClick={() => fetching.mutate()}
          loading={fetching.isPending}
          disabled={!feed.active}
        >
          {t('feeds.fetchNow')}
        </Button>
        <Button size="compact-xs" variant="subtle" aria-label={t('feeds.changeOf', { address })} onClick={onChange}>
          <IconPencil size={14} aria-hidden="true" />
        </Button>
        <Button
          size="compact-xs"
          variant="subtle"
          aria-label={t('feeds.removeOf', { address })}
          onClick={() => void remove()}
          loading={removing.isPending}
        >
          <IconTrash size={14} aria-hidden="true" />
        </Button>
      </Group>
      {feed.refusal && (
        <span className={classes.reason}>
          {t('feeds.failures', { count: feed.failures })}: {feed.refusal}
        </span>
      )}
    </li>
  )
}

function feedLook(feed: Feed): StatusLook {
  if (feed.state === 'waiting' && feed.lastImport?.state === 'held')
    return { icon: IconAlertTriangle, tone: 'wait', label: t('feeds.states.held') }
  const looks = {
    waiting: { icon: IconCircleCheck, tone: 'good' },
    fetching: { icon: IconRefresh, tone: 'info' },
    failing: { icon: IconCircleX, tone: 'bad' },
    off: { icon: IconBan, tone: 'quiet' },
  } as const
  return { ...looks[feed.state], label: t(`feeds.states.${feed.state}`) }
}
