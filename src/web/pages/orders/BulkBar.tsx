// What can be done to the orders selected, or to all that match: asked where it cannot be taken back, then watched.
import { Button, Menu, Modal, Select, Stack } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { cancelReasons, type CancelReason } from '../../../domain/orders/cancelling.ts'
import { ask, call, href, type Args } from '../../api.ts'
import { request, saveFile } from '../../browser.ts'
import { countLabel } from '../../format.ts'
import { t } from '../../i18n.ts'
import { IconChevronDown } from '../../icons.ts'
import { tellRefusal } from '../../parts/ask.tsx'
import type { RoughCount } from '../../parts/table-source.ts'
import { BulkOutcome } from './BulkOutcome.tsx'
import { withoutSort, type OrderQuery } from './use-order-filters.ts'

type Action = Args<'startBulk'>['body']['action']
type Props = {
  chosen: ReadonlySet<string>
  /** All that match instead of those selected. */
  everything: boolean
  onEverything: () => void
  query: OrderQuery
  count: RoughCount | undefined
}

const atOnce = ['route', 'apply-mappings', 'pin', 'unpin'] as const

export function BulkBar({ chosen, everything, onEverything, query, count }: Props) {
  const [asking, setAsking] = useState<'choose-service' | 'cancel'>()
  const starting = useMutation({
    mutationFn: (action: Action) =>
      call('startBulk', {
        body: { action, ...(everything ? { filter: withoutSort(query) } : { orderIds: [...chosen] }) },
      }),
    onError: tellRefusal,
    onSettled: () => setAsking(undefined),
  })
  const exporting = useMutation({ mutationFn: () => saveChosen([...chosen]), onError: tellRefusal })
  const isMore = !everything && count !== undefined && (count.more || count.value > chosen.size)
  return (
    <>
      {isMore && (
        <Button size="compact-sm" variant="subtle" onClick={onEverything}>
          {t('orders.bulk.everything', { shown: countLabel(count) })}
        </Button>
      )}
      <Menu position="top-start">
        <Menu.Target>
          <Button
            size="compact-sm"
            variant="default"
            loading={starting.isPending}
            rightSection={<IconChevronDown size={13} aria-hidden="true" />}
          >
            {t('orders.bulk.actions')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {atOnce.map((kind) => (
            <Menu.Item key={kind} onClick={() => starting.mutate({ kind })}>
              {t(`orders.bulk.action.${kind}`)}
            </Menu.Item>
          ))}
          <Menu.Item onClick={() => setAsking('choose-service')}>{t('orders.bulk.action.choose-service')}…</Menu.Item>
          <Menu.Item onClick={() => setAsking('cancel')}>{t('orders.bulk.action.cancel')}…</Menu.Item>
          <Menu.Divider />
          {everything ? (
            <Menu.Item component="a" href={href('ordersCsv', { query: withoutSort(query) })} download>
              {t('orders.export')}
            </Menu.Item>
          ) : (
            <Menu.Item onClick={() => exporting.mutate()}>{t('orders.export')}</Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      {asking === 'choose-service' && (
        <ServiceDialog
          onClose={() => setAsking(undefined)}
          onChoose={(shippingServiceId) => starting.mutate({ kind: 'choose-service', shippingServiceId })}
        />
      )}
      {asking === 'cancel' && (
        <CancelDialog
          onClose={() => setAsking(undefined)}
          onCancel={(reason) => starting.mutate({ kind: 'cancel', reason })}
        />
      )}
      {starting.data && <BulkOutcome id={starting.data.id} onClose={starting.reset} />}
    </>
  )
}

async function saveChosen(orderIds: string[]): Promise<void> {
  const answer = await request(href('chosenOrdersCsv', { body: { orderIds } }), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ orderIds }),
  })
  if (!answer.ok) throw new Error(t('errors.answered', { status: answer.status }))
  saveFile('orders.csv', await answer.blob())
}

function ServiceDialog(props: { onClose: () => void; onChoose: (id: string) => void }) {
  const { data: services } = useQuery(ask('shippingServices'))
  const [id, setId] = useState<string | null>(null)
  return (
    <Dialog title={t('orders.bulk.action.choose-service')} onClose={props.onClose}>
      <Select
        data-autofocus
        label={t('order.shippingService')}
        data={services?.map((service) => ({ value: service.id, label: service.name })) ?? []}
        value={id}
        onChange={setId}
        comboboxProps={{ withinPortal: false }}
      />
      <Button disabled={id === null} onClick={() => id !== null && props.onChoose(id)}>
        {t('orders.bulk.choose')}
      </Button>
    </Dialog>
  )
}

function CancelDialog(props: { onClose: () => void; onCancel: (reason: CancelReason) => void }) {
  const [reason, setReason] = useState<string | null>(null)
  const known = Object.keys(cancelReasons).find((key): key is CancelReason => key === reason)
  return (
    <Dialog title={t('orders.bulk.action.cancel')} onClose={props.onClose}>
      <p style={{ margin: 0 }}>{t('orders.bulk.cancelText')}</p>
      <Select
        data-autofocus
        label={t('orders.bulk.reason')}
        data={Object.entries(cancelReasons).map(([value, label]) => ({ value, label }))}
        value={reason}
        onChange={setReason}
        comboboxProps={{ withinPortal: false }}
      />
      <Button color="red.9" disabled={!known} onClick={() => known && props.onCancel(known)}>
        {t('orders.bulk.action.cancel')}
      </Button>
    </Dialog>
  )
}

function Dialog(props: { title: string; onClose: () => void; children: ReactNode }) {
  return (
    <Modal opened onClose={props.onClose} title={props.title} closeButtonProps={{ 'aria-label': t('common.close') }}>
      <Stack mih={220} justify="space-between">
        {props.children}
      </Stack>
    </Modal>
  )
}
