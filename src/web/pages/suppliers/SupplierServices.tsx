// Which of our shipping services a supplier offers (C4). None: any, with his shipping included in his cost.
import { ActionIcon, Alert, Button, Group, Skeleton, Stack, Table, Text, Tooltip } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Answer } from '../../api.ts'
import { ask, call } from '../../api.ts'
import { t } from '../../i18n.ts'
import { IconCircleCheck, IconCircleDashed, IconPencil, IconPlus, IconTrash, IconTruck } from '../../icons.ts'
import { confirmDialog, tell, tellRefusal } from '../../parts/ask.tsx'
import { ErrorState } from '../../parts/ErrorState.tsx'
import { MoneyText } from '../../parts/MoneyText.tsx'
import { StatusBadge } from '../../parts/StatusBadge.tsx'
import { SupplierServiceDialog } from './SupplierServiceDialog.tsx'
import classes from './suppliers.module.css'

type Offered = Answer<'supplierServices'>
type Row = Offered['rows'][number]

export function SupplierServices({ supplierId }: { supplierId: string }) {
  const offered = useQuery(ask('supplierServices', { params: { id: supplierId } }))
  const services = useQuery(ask('shippingServices'))
  const [editing, setEditing] = useState<Row | 'new'>()
  const error = offered.error ?? services.error
  if (error)
    return <ErrorState error={error} onRetry={() => void Promise.all([offered.refetch(), services.refetch()])} />
  if (!offered.data || !services.data) return <Skeleton height={180} />
  const { rows, currency } = offered.data
  const left = services.data.filter(({ id, active }) => active && !rows.some((row) => row.shippingServiceId === id))
  return (
    <Stack className={`panel ${classes.services}`} p="md" gap="md">
      {rows.length === 0 ? (
        <Alert variant="light" color="gray" icon={<IconTruck />} title={t('supplierServices.includedTitle')}>
          {t('supplierServices.included')}
        </Alert>
      ) : (
        <Rows supplierId={supplierId} offered={offered.data} onEdit={setEditing} />
      )}
      <Group justify="space-between">
        <Text size="sm" c="dimmed">
          {services.data.length === 0
            ? t('supplierServices.noServices')
            : left.length === 0
              ? t('supplierServices.allAdded')
              : ''}
        </Text>
        <Button
          leftSection={<IconPlus size={15} aria-hidden="true" />}
          disabled={left.length === 0}
          onClick={() => setEditing('new')}
        >
          {t('supplierServices.add')}
        </Button>
      </Group>
      <SupplierServiceDialog
        supplierId={supplierId}
        currency={currency}
        services={left}
        editing={editing}
        onClose={() => setEditing(undefined)}
      />
    </Stack>
  )
}

function Rows(props: { supplierId: string; offered: Offered; onEdit: (row: Row) => void }) {
  const { rows, currency } = props.offered
  return (
    <Table className="stacked" fz="sm" verticalSpacing={7} aria-label={t('supplierServices.tab')}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('supplierServices.service')}</Table.Th>
          <Table.Th>{t('supplierServices.carrier')}</Table.Th>
          <Table.Th ta="right">{t('supplierServices.cost')}</Table.Th>
          <Table.Th ta="right">{t('supplierServices.vat')}</Table.Th>
          <Table.Th ta="right">{t('supplierServices.days')}</Table.Th>
          <Table.Th>{t('supplierServices.tracked')}</Table.Th>
          <Table.Th />
          <Table.Th w={80} />
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map((row) => (
          <Table.Tr key={row.shippingServiceId}>
            <Table.Td>{row.name}</Table.Td>
            <Table.Td data-label={t('supplierServices.carrier')}>{row.carrier}</Table.Td>
            <Table.Td ta="right" data-label={t('supplierServices.cost')}>
              <MoneyText money={row.costMinor === null ? null : { minor: row.costMinor, currency }} />
            </Table.Td>
            <Table.Td ta="right" className="figure" data-label={t('supplierServices.vat')}>
              {row.vatRateBasisPoints / 100}
            </Table.Td>
            <Table.Td ta="right" className="figure" data-label={t('supplierServices.days')}>
              {row.deliveryDays ?? t('common.unknown')}
            </Table.Td>
            <Table.Td>{t(row.tracked ? 'supplierServices.tracked' : 'supplierServices.notTracked')}</Table.Td>
            <Table.Td>
              <StatusBadge
                look={
                  row.active
                    ? { icon: IconCircleCheck, tone: 'good', label: t('supplierServices.active') }
                    : { icon: IconCircleDashed, tone: 'quiet', label: t('supplierServices.inactive') }
                }
              />
            </Table.Td>
            <Table.Td>
              <Buttons row={row} isLast={rows.length === 1} {...props} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}

function Buttons(props: { supplierId: string; row: Row; isLast: boolean; onEdit: (row: Row) => void }) {
  const { supplierId, row, isLast, onEdit } = props
  const { name, shippingServiceId } = row
  const client = useQueryClient()
  const removing = useMutation({
    mutationFn: () => call('removeSupplierService', { params: { id: supplierId }, body: { shippingServiceId } }),
    onSuccess: () => tell(t('supplierServices.removed', { name })),
    onError: tellRefusal,
    onSettled: () => client.invalidateQueries({ queryKey: ['supplierServices'] }),
  })
  const remove = async () => {
    const text = t('supplierServices.removeText', { name })
    const yes = await confirmDialog({
      title: t('supplierServices.removeTitle', { name }),
      text: isLast ? t('supplierServices.removeLast') : text,
      confirm: t('supplierServices.remove', { name }),
      danger: true,
    })
    if (yes) removing.mutate()
  }
  return (
    <Group gap={2} wrap="nowrap" justify="flex-end">
      <Tooltip label={t('supplierServices.edit', { name })}>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={t('supplierServices.edit', { name })}
          onClick={() => onEdit(row)}
        >
          <IconPencil size={15} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={t('supplierServices.remove', { name })}>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={t('supplierServices.remove', { name })}
          onClick={() => void remove()}
        >
          <IconTrash size={15} />
        </ActionIcon>
      </Tooltip>
    </Group>
  )
}
