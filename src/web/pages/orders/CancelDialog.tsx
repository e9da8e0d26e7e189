// Cancelling an order, and routing again what was cancelled and should leave after all (D9). Each asks first.
import { Button, Group, Modal, Select, Stack, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { ask, call, type Answer } from '../../api.ts'
import { t } from '../../i18n.ts'
import { IconBan, IconRefresh } from '../../icons.ts'
import { tell } from '../../parts/ask.tsx'
import { ErrorState } from '../../parts/ErrorState.tsx'
import { WhyButton } from '../../parts/WhyButton.tsx'
import type { Order } from './OrderPage.tsx'

type Options = Answer<'cancelOptions'>

/** The one of the two that makes sense; where neither can be done, why the order cannot be cancelled. */
export function CancelButton({ order }: { order: Order }) {
  const { data: options } = useQuery(ask('cancelOptions', { params: { id: order.id } }))
  const [opened, setOpened] = useState<'cancel' | 'take-up'>()
  const wanted = (useSearch({ strict: false }) as { do?: string }).do
  const navigate = useNavigate()
  const close = () => {
    setOpened(undefined)
    // What the address asked for is answered.
    if (wanted !== undefined) void navigate({ to: '/orders/$id', params: { id: order.id }, replace: true })
  }
  if (!options) return null
  const mayTakeUp = options.takeUp.allowed
  const isAsked = wanted === 'take-up' && mayTakeUp
  return (
    <>
      {mayTakeUp ? (
        <Button
          variant="default"
          leftSection={<IconRefresh size={16} aria-hidden="true" />}
          onClick={() => setOpened('take-up')}
        >
          {t('cancelling.takeUp')}
        </Button>
      ) : (
        <WhyButton
          variant="default"
          leftSection={<IconBan size={16} aria-hidden="true" />}
          why={options.cancel.allowed ? undefined : whyNot(options)}
          onClick={() => setOpened('cancel')}
        >
          {t('cancelling.cancel')}
        </WhyButton>
      )}
      <CancelDialog order={order} options={options} opened={opened === 'cancel'} onClose={close} />
      <TakeUpDialog order={order} opened={opened === 'take-up' || isAsked} onClose={close} />
    </>
  )
}

function whyNot({ askedAt, cancel }: Options): string {
  return askedAt === null ? (cancel.why ?? '') : t('cancelling.asking')
}

/** After either, everything that shows the order is looked at again. */
function useAct(order: Order, act: { run: (reason: string) => Promise<Options>; said: string; onClose: () => void }) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: act.run,
    onSuccess: async (options) => {
      client.setQueryData(ask('cancelOptions', { params: { id: order.id } }).queryKey, options)
      tell(act.said)
      act.onClose()
      await client.invalidateQueries({
        predicate: ({ queryKey }) => ['order', 'orders', 'home'].includes(String(queryKey[0])),
      })
    },
  })
}

type Props = { order: Order; opened: boolean; onClose: () => void }

function CancelDialog({ order, options, opened, onClose }: Props & { options: Options }) {
  const name = order.marketplaceOrderId
  const [reason, setReason] = useState<string | null>(options.reasons.length === 1 ? options.reasons[0]!.code : null)
  const [isMissing, setMissing] = useState(false)
  const cancelling = useAct(order, {
    run: (chosen) => call('cancelOrder', { params: { id: order.id }, body: { reason: chosen } }),
    said: t('cancelling.done', { order: name }),
    onClose,
  })
  const confirm = () => (reason === null ? setMissing(true) : cancelling.mutate(reason))
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t('cancelling.title', { order: name })}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Stack>
        <Text size="sm">{t('cancelling.stops')}</Text>
        <Text size="sm">{options.tells ? t('cancelling.tells') : t('cancelling.tellsNobody')}</Text>
        <Select
          label={t('cancelling.reason')}
          data={options.reasons.map(({ code, label }) => ({ value: code, label }))}
          value={reason}
          onChange={setReason}
          error={isMissing && reason === null ? t('cancelling.chooseReason') : null}
          data-autofocus
        />
        {cancelling.error && <ErrorState error={cancelling.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('cancelling.keep')}
          </Button>
          <Button color="red.9" loading={cancelling.isPending} onClick={confirm}>
            {t('cancelling.cancel')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}

function TakeUpDialog({ order, opened, onClose }: Props) {
  const name = order.marketplaceOrderId
  const taking = useAct(order, {
    run: () => call('takeUpOrder', { params: { id: order.id } }),
    said: t('cancelling.takenUp', { order: name }),
    onClose,
  })
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t('cancelling.takeUpTitle', { order: name })}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Stack>
        <Text size="sm">{t('cancelling.takeUpText')}</Text>
        {taking.error && <ErrorState error={taking.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button loading={taking.isPending} onClick={() => taking.mutate('')} data-autofocus>
            {t('cancelling.takeUp')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
