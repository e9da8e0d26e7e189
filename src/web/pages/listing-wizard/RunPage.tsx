// How far a run of listing changes is: each product with its state, and what the marketplace said where it refused.
import { Alert, Button, Group, SegmentedControl, Skeleton, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import type { Answer } from '../../api.ts'
import { ask, call } from '../../api.ts'
import { countLabel } from '../../format.ts'
import { t } from '../../i18n.ts'
import { IconClockPause, IconInfoCircle, IconRefresh } from '../../icons.ts'
import { confirmDialog, tell, tellRefusal } from '../../parts/ask.tsx'
import { ErrorState } from '../../parts/ErrorState.tsx'
import { useFilters } from '../../parts/filters.ts'
import { HrefButton } from '../../parts/HrefButton.tsx'
import { AnchorLink } from '../../parts/LinkTo.tsx'
import { PageHeader } from '../../parts/PageHeader.tsx'
import { Progress } from '../../parts/Progress.tsx'
import { RelativeTime } from '../../parts/RelativeTime.tsx'
import { usePages } from '../../parts/table-source.ts'
import { keepChosen } from '../listings/chosen.ts'
import type { Change } from './change-look.ts'
import { ChangeRow } from './ChangeRow.tsx'
import classes from './wizard.module.css'

type Run = Answer<'changeRun'>

/** News come by the live stream; this is for what it may have missed. */
const lookAgainMs = 10_000

export function RunPage() {
  const { runId } = useParams({ strict: false }) as { runId: string }
  const run = useQuery({
    ...ask('changeRun', { params: { id: runId } }),
    refetchInterval: ({ state }) => (state.data?.state === 'running' ? lookAgainMs : false),
  })
  if (run.error && !run.data) return <ErrorState error={run.error} onRetry={() => void run.refetch()} />
  if (!run.data)
    return (
      <div className={classes.page} aria-busy="true">
        <Skeleton h={28} w={320} />
        <Skeleton h={60} />
        <Skeleton h={300} />
      </div>
    )
  return <Progressing run={run.data} />
}

function Progressing({ run }: { run: Run }) {
  const channel = useQuery(ask('channel', { params: { id: run.channelId } }))
  const isRunning = run.state === 'running'
  return (
    <div className={classes.frame}>
      <PageHeader
        title={t(`wizard.run.title.${run.action}`, { channel: run.channelName })}
        above={
          <AnchorLink to="/listings/$channelId" params={{ channelId: run.channelId }} size="sm">
            {t('wizard.back', { channel: run.channelName })}
          </AnchorLink>
        }
        actions={isRunning && run.settled + run.inReview + run.unclear < run.total && <StopButton run={run} />}
        below={
          <Text size="sm" c="dimmed">
            {t('wizard.run.asked', { name: run.askedBy })} <RelativeTime at={run.startedAt} />
            {run.finishedAt && (
              <>
                {' · '}
                {t('wizard.run.finished')} <RelativeTime at={run.finishedAt} />
              </>
            )}
          </Text>
        }
      />
      <div className={classes.page}>
        <section
          className={`panel ${classes.part}`}
          aria-label={t('wizard.run.title.list', { channel: run.channelName })}
        >
          <Progress label={summaryOf(run)} done={run.settled} total={run.total} />
          {isRunning && !run.waitsFor && (
            <Text size="sm" c="dimmed">
              <IconInfoCircle size={14} aria-hidden="true" className={classes.inline} /> {t('wizard.run.safe')}
              {run.inReview > 0 && ` ${t('wizard.stateHelp.in-review')}`}
            </Text>
          )}
          {run.state === 'failed' && (
            <Alert color="red" variant="light">
              {t('wizard.run.failed')}
            </Alert>
          )}
          {run.waitsFor && (
            <Alert color="yellow" variant="light" icon={<IconClockPause aria-hidden="true" />}>
              <Group justify="space-between" gap="sm">
                {t(run.waitsFor === 'switch' ? 'wizard.run.waitsForSwitch' : 'wizard.run.waitsForSignIn')}
                <HrefButton href={`/settings/channels/${run.channelId}`}>{t('wizard.run.toIntegration')}</HrefButton>
              </Group>
            </Alert>
          )}
        </section>
        <Changes run={run} marketplace={channel.data?.marketplaceName ?? run.channelName} />
      </div>
    </div>
  )
}

function summaryOf(run: Run): string {
  const { action, total, settled, inReview, unclear } = run
  const waiting = Math.max(0, total - settled - inReview - unclear)
  const parts: [number, string][] = [
    [run.done, t(`wizard.run.doneCount.${action}`, { shown: countLabel(run.done) })],
    [run.refused, t('wizard.run.refusedCount', { shown: countLabel(run.refused) })],
    [inReview, t('wizard.run.inReviewCount', { shown: countLabel(inReview) })],
    [unclear, t('wizard.run.unclearCount', { shown: countLabel(unclear) })],
    [run.stopped, t('wizard.run.stoppedCount', { shown: countLabel(run.stopped) })],
    [waiting, t('wizard.run.waitingCount', { shown: countLabel(waiting) })],
  ]
  return parts.flatMap(([count, text]) => (count > 0 ? text : [])).join(' · ')
}

function StopButton({ run }: { run: Run }) {
  const client = useQueryClient()
  const stopping = useMutation({
    mutationFn: () => call('stopChanges', { params: { id: run.id } }),
    onSuccess: async ({ stopped }) => {
      tell(t('wizard.run.stopped', { count: stopped }))
      await client.invalidateQueries({ predicate: ({ queryKey }) => touched.has(String(queryKey[0])) })
    },
    onError: tellRefusal,
  })
  const press = async () => {
    const isSure = await confirmDialog({
      title: t('wizard.run.stopAsk'),
      text: t('wizard.run.stopText'),
      confirm: t('wizard.run.stop'),
      danger: true,
    })
    if (isSure) stopping.mutate()
  }
  return (
    <Button variant="default" loading={stopping.isPending} onClick={() => void press()}>
      {t('wizard.run.stop')}
    </Button>
  )
}

const touched = new Set(['changeRun', 'listingChanges', 'changeRuns'])
const filterable = ['refused', 'in-review', 'waiting', 'done'] as const
type Filterable = (typeof filterable)[number]

function Changes({ run, marketplace }: { run: Run; marketplace: string }) {
  const [{ state }, setFilters] = useFilters('state')
  const wanted = filterable.find((one) => one === state)
  const changes = usePages('listingChanges', {
    params: { id: run.channelId },
    query: { runId: run.id, ...(wanted ? { state: wanted } : {}) },
  })
  const { edit, tryAgain } = useSecondTry(run)
  return (
    <section className={`panel ${classes.part}`} aria-label={t('wizard.run.label')}>
      <Group justify="space-between" gap="sm">
        <SegmentedControl
          size="xs"
          aria-label={t('wizard.run.filter')}
          value={wanted ?? 'all'}
          onChange={(value) => setFilters({ state: value === 'all' ? undefined : value })}
          data={[
            { value: 'all', label: t('wizard.run.all') },
            ...filterable.map((value) => ({ value, label: filterLabel(value, run) })),
          ]}
        />
        {run.refused > 0 && run.state !== 'running' && (
          <Button
            variant="default"
            size="xs"
            leftSection={<IconRefresh size={14} aria-hidden="true" />}
            loading={tryAgain.isPending}
            onClick={() => tryAgain.mutate('all')}
          >
            {t('wizard.run.tryAll', { count: run.refused })}
          </Button>
        )}
      </Group>
      {changes.error !== null && changes.rows.length === 0 && (
        <ErrorState error={changes.error} onRetry={changes.retry} />
      )}
      {changes.loading && <Skeleton h={160} aria-busy="true" />}
      {!changes.loading && changes.error === null && changes.rows.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('wizard.run.none')}
        </Text>
      )}
      <ul className={classes.changes}>
        {changes.rows.map((change) => (
          <ChangeRow
            key={change.id}
            change={change}
            marketplace={marketplace}
            onEdit={() => edit(change)}
            onTryAgain={() => tryAgain.mutate([change.productId])}
            isTrying={tryAgain.isPending}
          />
        ))}
      </ul>
      {changes.hasNext && (
        <Button
          variant="subtle"
          size="xs"
          className={classes.more}
          loading={changes.loadingNext}
          onClick={changes.loadNext}
        >
          {t('wizard.run.more')}
        </Button>
      )}
    </section>
  )
}

function filterLabel(state: Filterable, { action }: Run): string {
  return state === 'done' ? t(`wizard.changeState.done.${action}`) : t(`wizard.changeState.${state}`)
}

/** Changed first, or sent again as it is: either way as a run of its own. */
function useSecondTry(run: Run) {
  const navigate = useNavigate()
  const params = { id: run.channelId }
  const edit = ({ productId, action }: Change) => {
    keepChosen(run.channelId, { action, chosen: { productIds: [productId] }, count: '1' })
    void navigate({ to: '/listings/$channelId/list', params: { channelId: run.channelId } })
  }
  const tryAgain = useMutation({
    mutationFn: async (which: string[] | 'all') => {
      const productIds = which === 'all' ? await refusedOf(run) : which
      return call('changeListings', { params, body: { chosen: { productIds }, action: run.action } })
    },
    onSuccess: ({ runId }) => {
      if (runId === null) return tell(t('wizard.send.openAlready'))
      tell(t('wizard.run.newRun'))
      return navigate({ to: '/listings/runs/$runId', params: { runId } })
    },
    onError: tellRefusal,
  })
  return { edit, tryAgain }
}

async function refusedOf(run: Run): Promise<string[]> {
  const ids = new Set<string>()
  for (let cursor: string | undefined; ;) {
    const page = await call('listingChanges', {
      params: { id: run.channelId },
      query: { runId: run.id, state: 'refused', limit: 200, ...(cursor ? { cursor } : {}) },
    })
    for (const { productId } of page.rows) ids.add(productId)
    if (page.next === null) return [...ids]
    cursor = page.next
  }
}
