// The order's number and status, why it stands there, and what may be done now.
import { ActionIcon, Button, CopyButton, Tooltip } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { ask, call } from '../../api.ts'
import { t } from '../../i18n.ts'
import { IconCheck, IconCopy, IconPin, IconPinnedOff, IconTruckDelivery } from '../../icons.ts'
import { tell, tellRefusal } from '../../parts/ask.tsx'
import { AnchorLink } from '../../parts/LinkTo.tsx'
import { PageHeader } from '../../parts/PageHeader.tsx'
import { StatusBadge } from '../../parts/StatusBadge.tsx'
import { orderStatusLook } from '../../parts/status.ts'
import { CancelButton } from './CancelDialog.tsx'
import { goToDispatch } from './go-to-dispatch.ts'
import { NextStep } from './NextStep.tsx'
import type { Order } from './OrderPage.tsx'
import { reasonText } from './order-texts.ts'

export function OrderHeader({ order }: { order: Order }) {
  const why = reasonText(order.statusReason ?? (order.status === 'queued-for-payment' ? order.status : null))
  return (
    <PageHeader
      title={order.marketplaceOrderId}
      above={
        <AnchorLink to="/orders" size="sm">
          {t('orders.title')}
        </AnchorLink>
      }
      beside={
        <>
          <CopyText text={order.marketplaceOrderId} label={t('order.copyId')} />
          <StatusBadge look={orderStatusLook(order.status)} />
        </>
      }
      actions={
        <>
          <PinButton order={order} />
          <CancelButton order={order} />
          <WithWhy action={order.actions.dispatch}>
            <Button
              leftSection={<IconTruckDelivery size={16} aria-hidden="true" />}
              disabled={!order.actions.dispatch?.allowed}
              onClick={goToDispatch}
            >
              {t('order.dispatch')}
            </Button>
          </WithWhy>
        </>
      }
      below={
        why && (
          <>
            <span>{why}</span>
            <NextStep order={order} />
          </>
        )
      }
    />
  )
}

function PinButton({ order }: { order: Order }) {
  const client = useQueryClient()
  const key = ask('order', { params: { id: order.id } }).queryKey
  const pinning = useMutation({
    mutationFn: (pinned: boolean) => call('pinOrder', { params: { id: order.id }, body: { pinned } }),
    onMutate: (pinned) => client.setQueryData(key, (now) => (now ? { ...now, pinned } : now)),
    onSuccess: (next) => {
      client.setQueryData(key, next)
      tell(next.pinned ? t('order.pinned') : t('order.unpinned'), () => pinning.mutate(!next.pinned))
    },
    onError: (error) => {
      tellRefusal(error)
      return client.invalidateQueries({ queryKey: key })
    },
  })
  // An order that is pinned can always be let go again.
  const action = order.pinned ? { allowed: true, why: null } : order.actions.pin
  const Icon = order.pinned ? IconPinnedOff : IconPin
  return (
    <WithWhy action={action}>
      <Button
        variant="default"
        leftSection={<Icon size={16} aria-hidden="true" />}
        disabled={!action?.allowed}
        onClick={() => pinning.mutate(!order.pinned)}
      >
        {order.pinned ? t('order.unpin') : t('order.pin')}
      </Button>
    </WithWhy>
  )
}

/** A button that cannot be pressed says why, to the keyboard too. */
function WithWhy(props: { action: { allowed: boolean; why: string | null } | undefined; children: ReactNode }) {
  const why = props.action?.allowed ? null : props.action?.why
  if (!why) return props.children
  return (
    <Tooltip label={why} multiline maw={300}>
      <span tabIndex={0} role="note" aria-label={why}>
        {props.children}
      </span>
    </Tooltip>
  )
}

export function CopyText({ text, label }: { text: string; label: string }) {
  return (
    <CopyButton value={text}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? t('common.copied') : label}>
          <ActionIcon variant="subtle" color={copied ? 'petrol' : 'gray'} aria-label={label} onClick={copy}>
            {copied ? <IconCheck size={15} /> : <IconCopy size={15} />}
          </ActionIcon>
        </Tooltip>
      )}
    </CopyButton>
  )
}
