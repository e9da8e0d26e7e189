// A supplier's answers to a purchase order: accepting it with his own reference, and cancelling what has not left.
import { Button, Group, Modal, Select, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { declineReasons, type DeclineReason } from '../../domain/purchasing/desk-orders.ts'
import { ask, call } from '../api.ts'
import { t } from '../i18n.ts'
import { tell } from '../parts/ask.tsx'
import { ErrorState } from '../parts/ErrorState.tsx'
import { isDeskQuery, type DeskOrder } from './desk-look.ts'

type Props = { order: DeskOrder; opened: boolean; onClose: () => void }

export function AcceptDialog({ order, opened, onClose }: Props) {
  const form = useForm({ initialValues: { reference: '' } })
  const params = { id: order.id }
  const saving = useAnswer(onClose, t('desk.order.acceptedNow', { number: order.number }), () =>
    call('acceptDeskOrder', { params, body: { reference: form.values.reference.trim() } }),
  )
  return (
    <Dialog title={t('desk.order.acceptTitle', { number: order.number })} opened={opened} onClose={onClose}>
      <form onSubmit={form.onSubmit(() => saving.mutate())}>
        <Stack>
          <TextInput
            label={t('desk.order.acceptReference')}
            description={t('desk.order.acceptReferenceHelp')}
            maxLength={80}
            autoComplete="off"
            data-autofocus
            {...form.getInputProps('reference')}
          />
          {saving.error && <ErrorState error={saving.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('common.cancel')}
            </Button>
            <Button type="submit" loading={saving.isPending}>
              {t('desk.order.accept')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}

export function CancelDialog({ order, opened, onClose }: Props) {
  const form = useForm<{ reason: DeclineReason; note: string }>({
    initialValues: { reason: 'out-of-stock', note: '' },
  })
  const params = { id: order.id }
  const saving = useAnswer(onClose, t('desk.order.cancelledNow', { number: order.number }), () =>
    call('declineDeskOrder', { params, body: { ...form.values, note: form.values.note.trim() } }),
  )
  return (
    <Dialog title={t('desk.order.cancelTitle', { number: order.number })} opened={opened} onClose={onClose}>
      <form onSubmit={form.onSubmit(() => saving.mutate())}>
        <Stack>
          <Text size="sm">{t('desk.order.cancelText')}</Text>
          <Select
            label={t('desk.order.cancelReason')}
            data={declineReasons.map((value) => ({ value, label: t(`desk.order.reasons.${value}`) }))}
            allowDeselect={false}
            data-autofocus
            {...form.getInputProps('reason')}
          />
          <Textarea label={t('desk.order.cancelNote')} maxLength={300} autosize {...form.getInputProps('note')} />
          {saving.error && <ErrorState error={saving.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('desk.order.keep')}
            </Button>
            <Button type="submit" color="red.9" loading={saving.isPending}>
              {t('desk.order.cancelConfirm')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}

function Dialog({ children, ...props }: { title: string; opened: boolean; onClose: () => void; children: ReactNode }) {
  return (
    <Modal {...props} closeButtonProps={{ 'aria-label': t('common.close') }}>
      {children}
    </Modal>
  )
}

function useAnswer(onClose: () => void, done: string, answer: () => Promise<DeskOrder>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: answer,
    onSuccess: async (next) => {
      client.setQueryData(ask('deskOrder', { params: { id: next.id } }).queryKey, next)
      tell(done)
      onClose()
      await client.invalidateQueries({ predicate: isDeskQuery })
    },
  })
}
