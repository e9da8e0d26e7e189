// What is being listed, updated or deleted just now, with counts, above the grid. It goes on when the tab is closed.
import { Progress } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { ask, type Answer } from '../../api.ts'
import { countLabel } from '../../format.ts'
import { t } from '../../i18n.ts'
import { tell } from '../../parts/ask.tsx'
import { AnchorLink } from '../../parts/LinkTo.tsx'
import classes from './listings.module.css'

type ChangeRun = Answer<'changeRun'>

const lookAgainMs = 1500

export function RunStrip({ channelId }: { channelId: string }) {
  const { data: runs } = useQuery({
    ...ask('changeRuns', { params: { id: channelId } }),
    refetchInterval: ({ state }) => (state.data?.some((run) => run.state === 'running') ? lookAgainMs : false),
  })
  useTold(runs)
  const running = runs?.filter((run) => run.state === 'running') ?? []
  if (running.length === 0) return null
  return (
    <section className={classes.runs} aria-label={t('listings.run.label')}>
      {running.map((run) => (
        <div key={run.id} className={classes.run}>
          <strong>{runLabel(run)}</strong>
          <RunProgress run={run} />
          <RunCounts run={run} />
          <AnchorLink to="/listings/runs/$runId" params={{ runId: run.id }} size="sm">
            {t('listings.run.details')}
          </AnchorLink>
        </div>
      ))}
    </section>
  )
}

function RunProgress({ run }: { run: ChangeRun }) {
  const label = t('progress.of', { done: countLabel(run.settled), total: countLabel(run.total) })
  return (
    <Progress
      value={(100 * run.settled) / Math.max(1, run.total)}
      size="sm"
      animated={run.state === 'running' && run.waitsFor === null}
      aria-label={`${runLabel(run)}: ${label}`}
    />
  )
}

function RunCounts({ run }: { run: ChangeRun }) {
  const counts = [
    ['done', run.done],
    ['refused', run.refused],
    ['inReview', run.inReview],
    ['unclear', run.unclear],
    ['stopped', run.stopped],
  ] as const
  return (
    <span className={classes.runCounts} role="status">
      <span>{t('progress.of', { done: countLabel(run.settled), total: countLabel(run.total) })}</span>
      {counts
        .filter(([, count]) => count > 0)
        .map(([key, count]) => (
          <span key={key} data-tone={key === 'refused' ? 'bad' : undefined}>
            {t(`listings.run.${key}`, { count })}
          </span>
        ))}
      {run.waitsFor && <span>{t(`listings.run.${run.waitsFor}`)}</span>}
    </span>
  )
}

function runLabel({ action, total }: ChangeRun): string {
  return t(`listings.run.${action}`, { count: total, shown: countLabel(total) })
}

/** Whoever watched one run is told how it ended. */
function useTold(runs: ChangeRun[] | undefined) {
  const watched = useRef(new Set<string>())
  useEffect(() => {
    for (const run of runs ?? [])
      if (run.state === 'running') watched.current.add(run.id)
      else if (watched.current.delete(run.id))
        tell(t('listings.run.finished', { done: countLabel(run.done), refused: countLabel(run.refused) }))
  }, [runs])
}
