// What needs a person: what happened and whose it is, with the button that solves it.
import { ActionIcon, Button, Title, Tooltip } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Answer } from '../../api.ts'
import { ask, call } from '../../api.ts'
import { countLabel } from '../../format.ts'
import { t } from '../../i18n.ts'
import { IconAlertTriangle, IconCheck, IconCircleCheck } from '../../icons.ts'
import { ApproveZero } from '../../parts/ApproveZero.tsx'
import { tell, tellRefusal } from '../../parts/ask.tsx'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { HrefButton } from '../../parts/HrefButton.tsx'
import { RelativeTime } from '../../parts/RelativeTime.tsx'
import classes from './home.module.css'

const shownFirst = 8

/** So many of a kind that has a page of its own are told as one. */
const pricesToldMax = 3

type Problem = Answer<'home'>['problems'][number]
const isPrice = ({ kind }: Problem) => kind === 'price-waits'

export function ProblemList({ problems: open }: { problems: Problem[] }) {
  const areMany = open.filter(isPrice).length > pricesToldMax
  const problems = areMany ? open.filter((problem) => !isPrice(problem)) : open
  const [all, setAll] = useState(false)
  const client = useQueryClient()
  const settling = useMutation({
    mutationFn: (id: string) => call('closeProblem', { params: { id } }),
    onMutate: (id) =>
      client.setQueryData(ask('home').queryKey, (home) =>
        home ? { ...home, problems: home.problems.filter((problem) => problem.id !== id) } : home,
      ),
    onSuccess: () => tell(t('home.settled')),
    onError: tellRefusal,
    onSettled: () => client.invalidateQueries({ queryKey: ['home'] }),
  })
  return (
    <section className={`panel ${classes.block}`} aria-label={t('home.problems')}>
      <Title order={2} mb="xs">
        {t('home.problems')}
      </Title>
      {open.length === 0 && <EmptyState icon={IconCircleCheck} title={t('home.noProblems')} />}
      <ul className={classes.list}>
        {areMany && <WaitingPrices />}
        {problems.slice(0, all ? undefined : shownFirst).map((problem) => (
          <li key={problem.id} className={classes.problem}>
            <IconAlertTriangle size={17} stroke={1.8} className={classes.problemIcon} aria-hidden="true" />
            <div className={classes.problemText}>
              {problem.text}{' '}
              <span className={classes.quiet}>
                <RelativeTime at={problem.openedAt} />
              </span>
            </div>
            <div className={classes.problemButtons}>
              {problem.kind === 'zero-waits' && problem.listingId && <ApproveZero listingId={problem.listingId} />}
              {problem.action && <HrefButton href={problem.action.href}>{problem.action.label}</HrefButton>}
              <Tooltip label={t('home.settle')}>
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  aria-label={`${t('home.settle')}: ${problem.text}`}
                  onClick={() => settling.mutate(problem.id)}
                >
                  <IconCheck size={16} />
                </ActionIcon>
              </Tooltip>
            </div>
          </li>
        ))}
      </ul>
      {!all && problems.length > shownFirst && (
        <Button variant="subtle" size="compact-sm" mt="xs" onClick={() => setAll(true)}>
          {t('home.showAll', { count: problems.length })}
        </Button>
      )}
    </section>
  )
}

function WaitingPrices() {
  const { data } = useQuery(ask('waitingPrices', { query: { limit: 1 } }))
  return (
    <li className={classes.problem}>
      <IconAlertTriangle size={17} stroke={1.8} className={classes.problemIcon} aria-hidden="true" />
      <div className={classes.problemText}>
        {t('home.waitingPrices', { shown: data ? countLabel(data.count) : '…' })}
      </div>
      <div className={classes.problemButtons}>
        <HrefButton href="/pricing">{t('home.toWaitingPrices')}</HrefButton>
      </div>
    </li>
  )
}
