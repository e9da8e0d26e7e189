// A person lets a listing have the price that waits (E4): the loss is said in money, and how long the word holds, first.
import { Button, Stack, Text, VisuallyHidden } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { Answer } from '../../api.ts'
import { ask, call } from '../../api.ts'
import { moneyLabel } from '../../format.ts'
import { t } from '../../i18n.ts'
import { confirmDialog, tell, tellRefusal } from '../../parts/ask.tsx'

type ListingPrice = Answer<'explainPrice'>

/** `onAsk`: what is open around the button can go, for the question comes over it. */
export function ApprovePrice({ price, onAsk }: { price: ListingPrice; onAsk?: () => void }) {
  const client = useQueryClient()
  const { listingId, title, desired } = price
  const approving = useMutation({
    // The figure that was read is the figure that is meant, also where it changed meanwhile.
    mutationFn: () => call('approvePrice', { params: { id: listingId }, body: { downTo: desired } }),
    onSuccess: (now) => {
      client.setQueryData(ask('explainPrice', { params: { id: listingId } }).queryKey, now)
      tell(t('pricing.waiting.approved', { price: desired ? moneyLabel(desired) : '' }))
    },
    onError: tellRefusal,
    onSettled: () =>
      client.invalidateQueries({
        predicate: ({ queryKey }) =>
          ['home', 'problems', 'waitingPrices', 'explainPrice', 'gridProducts', 'gridChildren'].includes(
            String(queryKey[0]),
          ),
      }),
  })
  const askFirst = async () => {
    if (!desired) return
    onAsk?.()
    const isSure = await confirmDialog({
      title: t('pricing.waiting.ask', { price: moneyLabel(desired) }),
      text: (
        <Stack gap="xs">
          {approvalSentences(price).map((sentence) => (
            <Text key={sentence} size="sm">
              {sentence}
            </Text>
          ))}
        </Stack>
      ),
      confirm: t('pricing.waiting.approve'),
      danger: price.because.includes('loss'),
    })
    if (isSure) approving.mutate()
  }
  return (
    <Button size="xs" variant="default" loading={approving.isPending} onClick={() => void askFirst()}>
      {t('pricing.waiting.approve')} <VisuallyHidden>{title}</VisuallyHidden>
    </Button>
  )
}

function approvalSentences({ desired, shows, because, split }: ListingPrice): string[] {
  if (!desired) return []
  const price = moneyLabel(desired)
  const sentences: string[] = []
  if (because.includes('loss') && split) {
    const loss = moneyLabel({ ...split.left, minor: Math.abs(split.left.minor) })
    sentences.push(
      split.least
        ? t('pricing.waiting.asksLoss', { price, loss, least: moneyLabel(split.least) })
        : t('pricing.waiting.asksLossOnly', { price, loss }),
    )
  }
  if (because.includes('below-floor')) sentences.push(t('pricing.waiting.asksFloor', { price }))
  if (because.includes('large-step'))
    sentences.push(
      shows
        ? t('pricing.waiting.asksStep', { price, shows: moneyLabel(shows) })
        : t('pricing.waiting.asksStepOnly', { price }),
    )
  const isBelow = because.some((reason) => reason !== 'large-step')
  sentences.push(t(isBelow ? 'pricing.waiting.holds' : 'pricing.waiting.holdsOnce'), t('pricing.waiting.kept'))
  return sentences
}
