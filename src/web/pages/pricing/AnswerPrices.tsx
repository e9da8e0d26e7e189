// All prices that wait, or some, approved or refused at once: what that means is seen first, and what was seen is meant.
import { Button, Group, Modal, Skeleton, Stack, Text } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Answer } from '../../api.ts'
import { ApiRefusal, ask, call } from '../../api.ts'
import { countLabel } from '../../format.ts'
import { t } from '../../i18n.ts'
import { IconAlertTriangle, IconArrowRight } from '../../icons.ts'
import { tell } from '../../parts/ask.tsx'
import { ErrorState } from '../../parts/ErrorState.tsx'
import { MoneyText } from '../../parts/MoneyText.tsx'
import classes from './pricing.module.css'

export type Answering = 'approve' | 'refuse'
type Filter = { reason?: 'loss' | 'below-floor' | 'large-step'; listingId?: string }
type Preview = Answer<'previewWaitingPrices'>
type Props = { answer: Answering; filter: Filter; onClose: () => void }

const touched = ['home', 'problems', 'waitingPrices', 'explainPrice', 'gridProducts', 'gridChildren']

export function AnswerPrices(props: Props) {
  const isNarrow = useMediaQuery('(max-width: 47.99em)') ?? false
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={t(`pricing.waiting.${props.answer}Title`)}
      size={620}
      fullScreen={isNarrow}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Content {...props} />
    </Modal>
  )
}

function Content({ answer, filter, onClose }: Props) {
  const client = useQueryClient()
  const { data, error, refetch, isFetching } = useQuery({
    ...ask('previewWaitingPrices', { body: filter }),
    staleTime: 0,
    gcTime: 0,
    retry: false,
  })
  const answering = useMutation({
    mutationFn: (seen: string) => call('answerWaitingPrices', { body: { ...filter, answer, seen } }),
    onSuccess: ({ listings }) => {
      const counts = { count: listings, counted: countLabel(listings) }
      tell(t(`pricing.waiting.answer.${answer === 'approve' ? 'approved' : 'refused'}`, counts))
      onClose()
    },
    onError: (refusal) => refusal instanceof ApiRefusal && refusal.code === 'changed' && void refetch(),
    onSettled: () => client.invalidateQueries({ predicate: ({ queryKey }) => touched.includes(String(queryKey[0])) }),
  })
  const counts = { count: data?.listings ?? 0, counted: countLabel(data?.listings ?? 0) }
  return (
    <Stack gap="md">
      {error ? (
        <ErrorState error={error} title={t('pricing.preview.failed')} onRetry={() => void refetch()} />
      ) : data ? (
        <Meaning preview={data} answer={answer} />
      ) : (
        <Skeleton height={220} aria-busy="true" aria-label={t('pricing.preview.loading')} />
      )}
      {answering.error && <ErrorState error={answering.error} title={t('pricing.waiting.answer.failed')} />}
      <Group justify="flex-end" className={classes.dialogButtons}>
        <Button variant="default" onClick={onClose}>
          {t('common.cancel')}
        </Button>
        <Button
          data-autofocus
          disabled={!data || data.listings === 0 || isFetching}
          loading={answering.isPending}
          onClick={() => data && answering.mutate(data.seen)}
          {...(answer === 'approve' && data && data.loss > 0 ? { color: 'red.9' } : {})}
        >
          {t(`pricing.waiting.answer.${answer}`, counts)}
        </Button>
      </Group>
    </Stack>
  )
}

const figures = ['loss', 'belowFloor', 'largeSteps', 'rises', 'falls'] as const

function Meaning({ preview, answer }: { preview: Preview; answer: Answering }) {
  const { listings, channels, loss, more, examples } = preview
  const prices = t('pricing.waiting.answer.prices', { count: listings, counted: countLabel(listings) })
  return (
    <>
      <Text size="sm">
        <strong>{prices}</strong> {t('pricing.waiting.answer.channels', { count: channels })}.{' '}
        {more && t('pricing.waiting.answer.more')} {t(`pricing.waiting.answer.${answer}Means`)}{' '}
        {t('pricing.waiting.answer.kept')}
      </Text>
      {answer === 'approve' && loss > 0 && (
        <p className={classes.note}>
          <IconAlertTriangle size={16} stroke={1.8} aria-hidden="true" />
          <span>{t('pricing.waiting.answer.approveLoss', { count: loss })}</span>
        </p>
      )}
      <dl className={classes.figures}>
        {figures.map((name) => (
          <div key={name}>
            <dt>{t(`pricing.waiting.answer.${name}`)}</dt>
            <dd className="figure">{countLabel(preview[name])}</dd>
          </div>
        ))}
      </dl>
      {examples.length > 0 && (
        <section aria-label={t('pricing.waiting.answer.examples')}>
          <h2 className={classes.small}>{t('pricing.waiting.answer.examples')}</h2>
          <ul className={classes.answered}>
            {examples.map(({ listingId, title, channelName, shows, desired, because }) => (
              <li key={listingId}>
                <div className={classes.waitingWhat}>
                  <span>{title}</span>
                  <span className={classes.quiet}>
                    {channelName} · {because.map((reason) => t(`pricing.waiting.${reason}`)).join(', ')}
                  </span>
                </div>
                <div className={classes.waitingPrices}>
                  <MoneyText money={shows} unknown={t('common.none')} />
                  <IconArrowRight size={14} stroke={1.8} aria-hidden="true" />
                  <strong>
                    <MoneyText money={desired} />
                  </strong>
                </div>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  )
}
