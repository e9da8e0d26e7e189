// Lets a listing show the 0 that waits for a person (A10). It ends the listing for good, so it is asked about first.
import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { call } from '../api.ts'
import { t } from '../i18n.ts'
import { confirmDialog, tell, tellRefusal } from './ask.tsx'

/** `onAsk`: what is open around the button can go, for the question comes over it. */
export function ApproveZero({ listingId, onAsk }: { listingId: string; onAsk?: () => void }) {
  const client = useQueryClient()
  const approving = useMutation({
    mutationFn: () => call('approveZero', { params: { id: listingId } }),
    onSuccess: () => tell(t('approveZero.done')),
    onError: tellRefusal,
    onSettled: () =>
      client.invalidateQueries({
        predicate: ({ queryKey }) => ['home', 'problems', 'explainStock', 'listings'].includes(String(queryKey[0])),
      }),
  })
  const ask = async () => {
    onAsk?.()
    const isSure = await confirmDialog({
      title: t('approveZero.title'),
      text: t('approveZero.text'),
      confirm: t('approveZero.button'),
      danger: true,
    })
    if (isSure) approving.mutate()
  }
  return (
    <Button size="xs" variant="default" loading={approving.isPending} onClick={() => void ask()}>
      {t('approveZero.button')}
    </Button>
  )
}
