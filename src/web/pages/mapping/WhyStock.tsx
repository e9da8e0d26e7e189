// "Why does it show 7?": the steps from the suppliers' stock to the figure on the listing, each with its age (E2).
import { Popover, Skeleton, Text, UnstyledButton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '../../api.ts'
import { countLabel } from '../../format.ts'
import { t } from '../../i18n.ts'
import { ApproveZero } from '../../parts/ApproveZero.tsx'
import { ErrorState } from '../../parts/ErrorState.tsx'
import { RelativeTime } from '../../parts/RelativeTime.tsx'
import classes from './mapping.module.css'

type Props = { listingId: string; shows: number | null; explainable: boolean }

export function WhyStock({ listingId, shows, explainable }: Props) {
  const [opened, setOpened] = useState(false)
  const label = shows === null ? t('mapping.whyUnknown') : t('mapping.why', { shows: countLabel(shows) })
  const figure = shows === null ? t('common.unknown') : countLabel(shows)
  if (!explainable) return <span>{figure}</span>
  return (
    <Popover opened={opened} onChange={setOpened} width={360} position="bottom-end" shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <UnstyledButton className={classes.why} aria-label={label} title={label} onClick={() => setOpened(!opened)}>
          {figure}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown aria-label={label} data-keeps-click tabIndex={0}>
        <Text fw={600} size="sm" mb={6}>
          {label}
        </Text>
        {opened && <Explanation listingId={listingId} onAsk={() => setOpened(false)} />}
      </Popover.Dropdown>
    </Popover>
  )
}

function Explanation({ listingId, onAsk }: { listingId: string; onAsk: () => void }) {
  const { data, error, refetch } = useQuery({ ...ask('explainStock', { params: { id: listingId } }), staleTime: 0 })
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />
  if (!data) return <Skeleton height={110} aria-label={t('mapping.whyLoading')} />
  return (
    <>
      <Text size="sm" mb={10}>
        {data.sentence}
      </Text>
      {data.waitsForPerson && (
        <div className={classes.approve}>
          <ApproveZero listingId={listingId} onAsk={onAsk} />
        </div>
      )}
      <ol className={classes.steps}>
        {data.steps.map((step, index) => (
          <li key={`${step.step} ${index}`}>
            <span>
              {step.text}
              {step.asOf && (
                <Text span size="xs" c="dimmed">
                  {' '}
                  {t('mapping.asOf')} <RelativeTime at={step.asOf} />
                </Text>
              )}
            </span>
            <strong className="figure">{step.after === null ? t('common.unknown') : countLabel(step.after)}</strong>
          </li>
        ))}
      </ol>
    </>
  )
}
