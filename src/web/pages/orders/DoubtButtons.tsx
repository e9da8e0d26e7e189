// What became of a purchase order on its way to the supplier; where only a person can settle it, the buttons for that.
import { Alert, Button, Group } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Answer } from '../../api.ts'
import { ask, call } from '../../api.ts'
import { t } from '../../i18n.ts'
import { IconAlertTriangle } from '../../icons.ts'
import { confirmDialog, tell, tellRefusal } from '../../parts/ask.tsx'
import { AnchorLink } from '../../parts/LinkTo.tsx'
import { RelativeTime } from '../../parts/RelativeTime.tsx'
import classes from './order.module.css'
import type { PurchaseOrder } from './purchase-order-look.ts'

type Sending = Answer<'purchaseOrderSending'>[number]

export function DoubtButtons({ purchaseOrder }: { purchaseOrder: PurchaseOrder }) {
  const { data } = useQuery(ask('purchaseOrderSending', { params: { id: purchaseOrder.id } }))
  if (!data || data.length === 0) return null
  const current = data.find(({ state }) => ['in-doubt', 'refused', 'waiting'].includes(state))
  return (
    <>
      {current && <Trouble purchaseOrder={purchaseOrder} sending={current} />}
      <p className={classes.nothing}>
        {data.map((sending, index) => (
          <span key={sending.revision}>
            {index > 0 && ' · '}
            {t('ways.doubt.row', { revision: sending.revision, state: t(`ways.doubt.states.${sending.state}`) })}
            {sending.way && ` (${t(`ways.doubt.by.${sending.way}`)}`}
            {sending.way && `, ${t('ways.doubt.tries', { count: sending.tries })})`}{' '}
            <RelativeTime at={sending.settledAt ?? sending.writtenAt} />
          </span>
        ))}
      </p>
    </>
  )
}

function Trouble({ purchaseOrder, sending }: { purchaseOrder: PurchaseOrder; sending: Sending }) {
  const settling = useSettling(purchaseOrder)
  const { number, supplierName: supplier } = purchaseOrder
  if (sending.state === 'waiting' && sending.refusal === null) return null
  const sendAgain = async () => {
    const isSure =
      sending.state !== 'in-doubt' ||
      (await confirmDialog({
        title: t('ways.doubt.sendAgainTitle', { number }),
        text: t('ways.doubt.sendAgainText', { supplier }),
        confirm: t('ways.doubt.sendAgain'),
      }))
    if (isSure) settling.mutate('send-again')
  }
  return (
    <Alert
      color={sending.state === 'waiting' ? 'yellow' : 'red'}
      icon={<IconAlertTriangle size={16} aria-hidden="true" />}
      role="status"
      my="xs"
    >
      {sentence(sending, number, supplier)}
      {sending.state !== 'waiting' && (
        <Group mt="xs" gap="xs">
          {sending.state === 'in-doubt' && (
            <Button size="xs" loading={settling.isPending} onClick={() => settling.mutate('arrived')}>
              {t('ways.doubt.arrived')}
            </Button>
          )}
          <Button size="xs" variant="default" loading={settling.isPending} onClick={() => void sendAgain()}>
            {t('ways.doubt.sendAgain')}
          </Button>
          <AnchorLink to="/suppliers/$id" params={{ id: purchaseOrder.supplierId }} search={{ tab: 'ways' }} size="sm">
            {t('ways.doubt.settings')}
          </AnchorLink>
        </Group>
      )}
    </Alert>
  )
}

function sentence({ state, refusal, asksPerson }: Sending, number: string, supplier: string): string {
  const about = { number, supplier, reason: refusal ?? '' }
  if (state === 'refused') return t('ways.doubt.refused', about)
  if (state === 'waiting') return t('ways.doubt.waiting', about)
  return asksPerson ? t('ways.doubt.asks', about) : t('ways.doubt.looksUp', about)
}

function useSettling({ id, number }: PurchaseOrder) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (said: 'arrived' | 'send-again') => call('settleDoubt', { params: { id }, body: { said } }),
    onSuccess: (_, said) =>
      tell(t(said === 'arrived' ? 'ways.doubt.arrivedDone' : 'ways.doubt.sendAgainDone', { number })),
    onError: tellRefusal,
    onSettled: () =>
      client.invalidateQueries({
        predicate: ({ queryKey }) => ['purchaseOrderSending', 'order', 'home'].includes(String(queryKey[0])),
      }),
  })
}
