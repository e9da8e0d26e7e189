// One run product by product: those refused first said with their reasons, and a stop for what has not been sent.
import { Button, Group, Modal, Skeleton, Stack, Text } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { ask, call, type RowOf } from '../../api.ts'
import { t } from '../../i18n.ts'
import { IconBan, IconCircleCheck, IconCircleX, IconClock, IconPlayerStop, IconSend } from '../../icons.ts'
import { confirmDialog, tell, tellRefusal } from '../../parts/ask.tsx'
import { ErrorState } from '../../parts/ErrorState.tsx'
import { RelativeTime } from '../../parts/RelativeTime.tsx'
import { StatusBadge, type StatusLook } from '../../parts/StatusBadge.tsx'
import { usePages } from '../../parts/table-source.ts'
import { Faults } from './Faults.tsx'
import classes from './listings.module.css'
import { RunCounts, runLabel, RunProgress } from './RunStrip.tsx'

type Change = RowOf<'listingChanges'>

const lookAgainMs = 1500

export function RunDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const { data: run, error } = useQuery({
    ...ask('changeRun', { params: { id } }),
    refetchInterval: ({ state }) => (state.data?.state === 'running' ? lookAgainMs : false),
  })
  const stopping = useMutation({
    mutationFn: () => call('stopChanges', { params: { id } }),
    onSuccess: ({ stopped }) => tell(t('listings.run.stoppedNow', { count: stopped })),
    onError: tellRefusal,
  })
  const stop = async () => {
    const isSure = await confirmDialog({
      title: t('listings.run.stopTitle'),
      text: t('listings.run.stopText'),
      confirm: t('listings.run.stop'),
    })
    if (isSure) stopping.mutate()
  }
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={run ? runLabel(run) : t('common.loading')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      {error && !run && <ErrorState error={error} />}
      {run && (
        <Stack gap="sm">
          <RunProgress run={run} />
          <RunCounts run={run} />
          <Text size="xs" c="dimmed">
            {t('listings.run.by', { name: run.askedBy })}, <RelativeTime at={run.startedAt} />
          </Text>
          <Changes channelId={run.channelId} runId={id} />
          <Group justify="space-between">
            {run.state === 'running' ? (
              <Button
                variant="default"
                leftSection={<IconPlayerStop size={15} aria-hidden="true" />}
                loading={stopping.isPending}
                onClick={() => void stop()}
              >
                {t('listings.run.stop')}
              </Button>
            ) : (
              <span />
            )}
            <Button variant="default" onClick={onClose}>
              {t('common.close')}
            </Button>
          </Group>
        </Stack>
      )}
    </Modal>
  )
}

function Changes({ channelId, runId }: { channelId: string; runId: string }) {
  const source = usePages('listingChanges', { params: { id: channelId }, query: { runId } })
  if (source.loading) return <Skeleton height={120} />
  if (source.error !== null && source.rows.length === 0)
    return <ErrorState error={source.error} onRetry={source.retry} />
  return (
    // A list that scrolls is reached by the keyboard too.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <ul className={classes.changes} aria-label={t('listings.run.details')} tabIndex={0}>
      {source.rows.map((change) => (
        <li key={change.id}>
          <span className="ellipsis" title={change.title}>
            {change.sku && <span className="code">{change.sku} </span>}
            {change.title}
          </span>
          <StatusBadge look={changeLook(change)} />
          {change.faults.length > 0 && <Faults faults={change.faults} />}
        </li>
      ))}
      {source.hasNext && (
        <li>
          <Button size="compact-sm" variant="subtle" loading={source.loadingNext} onClick={source.loadNext}>
            {t('common.more')}
          </Button>
        </li>
      )}
    </ul>
  )
}

function changeLook({ state, action }: Change): StatusLook {
  if (state === 'done') return { ...looks.done, label: t(`listings.run.state.done.${action}`) }
  return { ...looks[state], label: t(`listings.run.state.${state}`) }
}

const looks: Record<Change['state'], Omit<StatusLook, 'label'>> = {
  waiting: { icon: IconClock, tone: 'quiet' },
  'in-flight': { icon: IconSend, tone: 'info' },
  unclear: { icon: IconClock, tone: 'wait' },
  'in-review': { icon: IconClock, tone: 'wait' },
  done: { icon: IconCircleCheck, tone: 'good' },
  refused: { icon: IconCircleX, tone: 'bad' },
  stopped: { icon: IconBan, tone: 'quiet' },
}
