// Long work of an integration while it runs, with counts; how it ended when it failed.
import { Alert, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import type { Answer } from '../../api.ts'
import { ask } from '../../api.ts'
import { t } from '../../i18n.ts'
import { IconAlertTriangle } from '../../icons.ts'
import { Progress } from '../../parts/Progress.tsx'

type Run = Answer<'runs'>[number]
const lookAgainMs = 1500

/** Runs of an integration, looked at often while one is going on. `onDone` is told of each that ends. */
export function useRuns(channelId: string, onDone?: (run: Run) => void) {
  const { data } = useQuery({
    ...ask('runs', { query: { channelId } }),
    refetchInterval: ({ state }) => (state.data?.some((run) => run.state === 'running') ? lookAgainMs : false),
  })
  const watched = useRef(new Set<string>())
  useEffect(() => {
    for (const run of data ?? []) {
      if (run.state === 'running') watched.current.add(run.id)
      else if (watched.current.delete(run.id)) onDone?.(run)
    }
  }, [data, onDone])
  return data ?? []
}

export function RunningWork({ channelId }: { channelId: string }) {
  const runs = useRuns(channelId)
  const running = runs.filter((run) => run.state === 'running')
  const last = runs[0]
  const failed = last?.state === 'failed' ? last : undefined
  if (running.length === 0 && !failed) return null
  return (
    <Stack gap="sm" className="panel" p="md">
      {running.map((run) => (
        <div key={run.id}>
          <Progress label={runLabel(run.kind)} done={run.done} total={run.total} />
          <Text size="xs" c="dimmed" mt={4}>
            {t('progress.finishes')}
          </Text>
        </div>
      ))}
      {failed && (
        <Alert color="red" variant="light" icon={<IconAlertTriangle />} title={runLabel(failed.kind)}>
          {failed.message ?? t('status.run.failed')}
        </Alert>
      )}
    </Stack>
  )
}

export function runLabel(kind: string): string {
  if (kind === 'apply-to-waiting') return t('runs.applying')
  return kind.includes('listing') ? t('runs.listings') : kind.includes('order') ? t('runs.orders') : t('runs.other')
}
