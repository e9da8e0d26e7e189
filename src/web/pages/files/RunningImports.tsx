// Files being read right now, and those held back, above the table they are about.
import { useQuery } from '@tanstack/react-query'
import type { Args } from '../../api.ts'
import { ask } from '../../api.ts'
import { t } from '../../i18n.ts'
import { AnchorLink } from '../../parts/LinkTo.tsx'
import { Progress } from '../../parts/Progress.tsx'
import classes from './files.module.css'
import { HeldFile } from './HeldFile.tsx'
import { useLookAgain } from './ImportOutcome.tsx'

const lookAgainMs = 1500

export function RunningImports({ query }: { query: NonNullable<Args<'imports'>['query']> }) {
  const { data } = useQuery({
    ...ask('imports', { query }),
    refetchInterval: ({ state }) => (state.data?.some((file) => file.state === 'reading') ? lookAgainMs : false),
  })
  const running = data?.filter((file) => file.state === 'reading') ?? []
  const held = data?.filter((file) => file.state === 'held') ?? []
  useLookAgain(data ? String(running.length === 0) : undefined)
  if (running.length + held.length === 0) return null
  return (
    <div className={classes.running}>
      {held.map((file) => (
        <HeldFile key={file.id} file={file}>
          <AnchorLink to="/imports/$id" params={{ id: file.id }} size="sm" ml={6}>
            {t('files.open')}
          </AnchorLink>
        </HeldFile>
      ))}
      {running.map((file) => (
        <Progress key={file.id} label={t('files.reading', { name: file.fileName })} done={file.rowsRead} total={null} />
      ))}
    </div>
  )
}
