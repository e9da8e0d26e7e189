// Deleting listings asks first, and says what can be removed and what cannot (F6).
import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { ask, call } from '../../api.ts'
import { countLabel } from '../../format.ts'
import { t } from '../../i18n.ts'
import { tell, tellRefusal } from '../../parts/ask.tsx'
import { ErrorState } from '../../parts/ErrorState.tsx'
import type { ChosenProducts } from './chosen.ts'
import classes from './listings.module.css'

type Props = {
  channelId: string
  channelName: string
  chosen: ChosenProducts
  onClose: () => void
}

const namedMax = 5

export function RemoveDialog({ channelId, channelName, chosen, onClose }: Props) {
  const navigate = useNavigate()
  const looked = useQuery({
    ...ask('checkForChannel', { params: { id: channelId }, body: { chosen, action: 'delete' } }),
    staleTime: 0,
  })
  const removing = useMutation({
    mutationFn: () => call('changeListings', { params: { id: channelId }, body: { chosen, action: 'delete' } }),
    onSuccess: ({ runId, open, refused }) => {
      onClose()
      if (runId) void navigate({ to: '/listings/runs/$runId', params: { runId } })
      else tell(t('listings.run.none', { open, refused }))
    },
    onError: tellRefusal,
  })
  const faulty = looked.data?.rows.filter(({ faults }) => faults.length > 0) ?? []
  const left = (looked.data?.products ?? 0) - (looked.data?.ready ?? 0) - Math.min(faulty.length, namedMax)
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('listings.remove.title')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Stack>
        <Text size="sm">{t('listings.remove.text', { channel: channelName })}</Text>
        {looked.isPending && (
          <Text size="sm" c="dimmed">
            {t('listings.remove.looking')}
          </Text>
        )}
        {looked.error && <ErrorState error={looked.error} onRetry={() => void looked.refetch()} />}
        {looked.data && (
          <Text size="sm" fw={600} role="status">
            {t('listings.remove.can', {
              ready: countLabel(looked.data.ready + looked.data.unchecked),
              products: countLabel(looked.data.products + looked.data.unchecked),
            })}
          </Text>
        )}
        {faulty.length > 0 && (
          <ul className={classes.faults} aria-label={t('listings.remove.not')}>
            {faulty.slice(0, namedMax).map(({ productId, variantId, title, faults }) => (
              <li key={variantId ?? productId}>
                <strong>{title}</strong>: {faults.map(({ message }) => message).join(' ')}
              </li>
            ))}
            {left > 0 && <li>{t('listings.remove.more', { count: left })}</li>}
          </ul>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            {t('common.cancel')}
          </Button>
          <Button
            color="red.9"
            disabled={looked.data !== undefined && looked.data.ready + looked.data.unchecked === 0}
            loading={removing.isPending}
            onClick={() => removing.mutate()}
          >
            {t('listings.remove.confirm', { channel: channelName })}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
