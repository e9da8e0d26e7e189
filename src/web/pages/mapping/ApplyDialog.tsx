// Apply to waiting orders (B6, C3): what would become of each, and then the doing of it.
import { Alert, Box, Button, Group, Modal, ScrollArea, Skeleton, Stack, Table, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Answer } from '../../api.ts'
import { call } from '../../api.ts'
import { countLabel } from '../../format.ts'
import { t } from '../../i18n.ts'
import { IconStack2 } from '../../icons.ts'
import { tell, tellRefusal } from '../../parts/ask.tsx'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { ErrorState } from '../../parts/ErrorState.tsx'
import { AnchorLink } from '../../parts/LinkTo.tsx'
import { StatusBadge } from '../../parts/StatusBadge.tsx'
import { orderStatusLook } from '../../parts/status.ts'
import { reasonText } from '../orders/order-texts.ts'

type Applied = Answer<'applyToWaiting'>['orders'][number]
type Props = {
  channelId: string
  what: ('mappings' | 'shipping')[]
  /** Left out: all of the integration's. */
  orderIds?: string[]
  opened: boolean
  onClose: () => void
}

export function ApplyDialog({ opened, onClose, ...rest }: Props) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t('applying.title')}
      size={920}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      {opened && <Preview {...rest} onClose={onClose} />}
    </Modal>
  )
}

function Preview({ channelId, what, orderIds, onClose }: Omit<Props, 'opened'>) {
  const client = useQueryClient()
  const [after, setAfter] = useState<string | null>(null)
  const params = { id: channelId }
  const wish = { what, ...(orderIds ? { orderIds } : {}) }
  const preview = useQuery({
    queryKey: ['applyToWaiting', channelId, wish, after],
    queryFn: () => call('applyToWaiting', { params, body: { ...wish, after, preview: true } }),
    staleTime: 0,
    gcTime: 0,
  })
  const applying = useMutation({
    mutationFn: () => call('applyToWaiting', { params, body: { ...wish, preview: false } }),
    onSuccess: async ({ orders, run }) => {
      const shown = countLabel(orders.length)
      tell(run ? t('applying.running', { shown }) : t('applying.done', { count: orders.length, shown }))
      onClose()
      await client.invalidateQueries({
        predicate: ({ queryKey }) =>
          ['orders', 'order', 'channelServices', 'runs', 'home'].includes(String(queryKey[0])),
      })
    },
    onError: tellRefusal,
  })
  if (preview.error) return <ErrorState error={preview.error} onRetry={() => void preview.refetch()} />
  if (!preview.data) return <Skeleton height={240} />
  const { orders, next } = preview.data
  const isWhole = next === null && after === null
  return (
    <Stack>
      {orders.length === 0 && isWhole ? (
        <EmptyState icon={IconStack2} title={t('applying.none')} text={t('applying.noneNext')} />
      ) : (
        <>
          <Text size="sm" c="dimmed">
            {t('applying.intro')}
          </Text>
          <Orders orders={orders} />
        </>
      )}
      {!isWhole && (
        <Alert variant="light" color="gray">
          <Group justify="space-between">
            <Text size="sm">{t('applying.more')}</Text>
            <Button size="xs" variant="default" onClick={() => setAfter(next)}>
              {next === null ? t('applying.fromStart') : t('applying.further')}
            </Button>
          </Group>
        </Alert>
      )}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {t('common.cancel')}
        </Button>
        <Button
          loading={applying.isPending}
          disabled={orders.length === 0 && isWhole}
          onClick={() => applying.mutate()}
        >
          {isWhole
            ? t('applying.apply', { count: orders.length, shown: countLabel(orders.length) })
            : t('applying.applyAll')}
        </Button>
      </Group>
    </Stack>
  )
}

function Orders({ orders }: { orders: Applied[] }) {
  return (
    <ScrollArea.Autosize mah={420}>
      <Table fz="sm" verticalSpacing={7} aria-label={t('applying.title')} stickyHeader>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('applying.order')}</Table.Th>
            <Table.Th>{t('applying.changes')}</Table.Th>
            <Table.Th visibleFrom="sm">{t('applying.becomes')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {orders.map((order) => (
            <Table.Tr key={order.orderId} style={{ verticalAlign: 'top' }}>
              <Table.Td>
                <AnchorLink to="/orders/$id" params={{ id: order.orderId }} size="sm" className="code">
                  {order.marketplaceOrderId}
                </AnchorLink>
              </Table.Td>
              <Table.Td>
                <Changes order={order} />
                {/* A phone has no room for a column of its own. */}
                <Box hiddenFrom="sm" mt={6}>
                  <Becomes order={order} />
                </Box>
              </Table.Td>
              <Table.Td visibleFrom="sm">
                <Becomes order={order} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ScrollArea.Autosize>
  )
}

function Becomes({ order: { after, suppliers } }: { order: Applied }) {
  return (
    <>
      <StatusBadge look={orderStatusLook(after.status)} why={reasonText(after.reason) ?? null} />
      {suppliers.length > 0 && (
        <Text size="xs" c="dimmed" mt={4}>
          {t('applying.purchaseOrders', { names: suppliers.join(', ') })}
        </Text>
      )}
    </>
  )
}

function Changes({ order: { lines, service } }: { order: Applied }) {
  return (
    <Stack gap={2}>
      {lines.map(({ lineId, quantity, channelSku, title, components }) => (
        <span key={lineId}>
          {quantity} × <span className="code">{channelSku ?? title}</span>:{' '}
          {components === null ? (
            <Text span size="sm" c="dimmed">
              {t('applying.stillUnmapped')}
            </Text>
          ) : (
            <span className="code">{components.map((one) => `${one.quantity} × ${one.sku}`).join(' + ')}</span>
          )}
        </span>
      ))}
      {service && (
        <span>
          {t('applying.goesBy', { service: service.ours })}{' '}
          <Text span size="xs" c="dimmed">
            {t(`applying.goesByWhy.${service.because}`, { theirs: service.theirs ?? '' })}
          </Text>
        </span>
      )}
    </Stack>
  )
}
