// Progress of long work, with counts; without a total it says how many so far.
import { Group, Progress as Bar, Text } from '@mantine/core'
import { countLabel } from '../format.ts'
import { t } from '../i18n.ts'

export function Progress({ label, done, total }: { label: string; done: number; total: number | null }) {
  const part = total ? Math.min(100, (done / total) * 100) : 100
  const counts = total
    ? t('progress.of', { done: countLabel(done), total: countLabel(total) })
    : t('progress.soFar', { done: countLabel(done) })
  return (
    <div>
      <Group justify="space-between" gap="xs" mb={4} wrap="nowrap">
        <Text size="sm">{label}</Text>
        <Text size="sm" c="dimmed" className="figure" aria-live="polite">
          {counts}
        </Text>
      </Group>
      <Bar value={part} animated={!total} striped={!total} size="sm" aria-label={`${label}: ${counts}`} />
    </div>
  )
}
