// By which of our shipping services an order goes; a person may choose while none of it is with a supplier (C3).
import { Button, Group, Select, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ask, call } from '../../api.ts'
import { t } from '../../i18n.ts'
import { tell, tellRefusal } from '../../parts/ask.tsx'
import { ApplyDialog } from '../mapping/ApplyDialog.tsx'
import type { Order } from './OrderPage.tsx'

export function ChooseService({ order }: { order: Order }) {
  const [applying, applyDialog] = useDisclosure()
  const waits = ['awaiting-shipping-mapping', 'awaiting-mapping'].includes(order.status) || order.unmappedLines > 0
  return (
    <Stack gap={4}>
      {order.localPickup ? t('order.pickup') : <span>{order.shippingServiceName ?? t('order.noService')}</span>}
      {order.status === 'awaiting-shipping-mapping' && <Choice order={order} />}
      {waits && order.channelId !== null && (
        <>
          <Button variant="default" size="compact-xs" w="fit-content" onClick={applyDialog.open}>
            {t('applying.button')}
          </Button>
          <ApplyDialog
            channelId={order.channelId}
            orderIds={[order.id]}
            what={['mappings', 'shipping']}
            opened={applying}
            onClose={applyDialog.close}
          />
        </>
      )}
    </Stack>
  )
}

function Choice({ order }: { order: Order }) {
  const client = useQueryClient()
  const services = useQuery(ask('shippingServices'))
  const [id, setId] = useState<string | null>(null)
  const choosing = useMutation({
    mutationFn: (shippingServiceId: string) =>
      call('chooseShippingService', { params: { id: order.id }, body: { shippingServiceId } }),
    onSuccess: () => {
      tell(t('shipping.onOrderSaved'))
      return client.invalidateQueries({
        predicate: ({ queryKey }) => ['order', 'orders', 'channelServices', 'home'].includes(String(queryKey[0])),
      })
    },
    onError: tellRefusal,
  })
  return (
    <Group gap="xs" align="flex-end">
      <Select
        size="xs"
        label={t('shipping.onOrder')}
        placeholder={t('shipping.choose')}
        data={(services.data ?? []).filter(({ active }) => active).map((one) => ({ value: one.id, label: one.name }))}
        value={id}
        onChange={setId}
      />
      <Button size="xs" disabled={id === null} loading={choosing.isPending} onClick={() => id && choosing.mutate(id)}>
        {t('shipping.onOrderSave')}
      </Button>
      {services.error && (
        <Text size="xs" c="red">
          {t('errors.unreachable')}
        </Text>
      )}
    </Group>
  )
}
