// One of our shipping services as a supplier offers it.
import { Button, Group, Modal, NumberInput, Select, Stack, Switch, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { Answer } from '../../api.ts'
import { ApiRefusal, call } from '../../api.ts'
import { moneyText } from '../../../domain/money.ts'
import { t } from '../../i18n.ts'
import { tell, tellRefusal } from '../../parts/ask.tsx'
import { typedMoney } from '../products/typed.ts'

type Row = Answer<'supplierServices'>['rows'][number]
type Props = {
  supplierId: string
  currency: string
  /** Those that may still be added. */
  services: Answer<'shippingServices'>
  editing: Row | 'new' | undefined
  onClose: () => void
}

export function SupplierServiceDialog(props: Props) {
  const { editing, onClose } = props
  const row = editing === 'new' ? undefined : editing
  return (
    <Modal
      opened={editing !== undefined}
      onClose={onClose}
      title={row ? t('supplierServices.edit', { name: row.name }) : t('supplierServices.addTitle')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      {editing && <Form key={row?.shippingServiceId ?? 'new'} {...props} row={row} />}
    </Modal>
  )
}

type Fields = {
  shippingServiceId: string | null
  carrier: string
  cost: string
  vat: number | string
  days: number | string
  tracked: boolean
  active: boolean
}

function Form({ supplierId, currency, services, row, onClose }: Props & { row: Row | undefined }) {
  const client = useQueryClient()
  const form = useForm<Fields>({
    initialValues: {
      shippingServiceId: row?.shippingServiceId ?? services[0]?.id ?? null,
      carrier: row?.carrier ?? '',
      cost: row?.costMinor === undefined || row.costMinor === null ? '' : moneyText({ minor: row.costMinor, currency }),
      vat: row ? row.vatRateBasisPoints / 100 : 20,
      days: row?.deliveryDays ?? '',
      tracked: row?.tracked ?? true,
      active: row?.active ?? true,
    },
    validate: {
      shippingServiceId: (id) => (id === null ? t('errors.required') : null),
      carrier: (carrier) => (carrier.trim() === '' ? t('errors.required') : null),
      cost: (cost) => (typedMoney(cost, currency) === undefined ? t('supplierServices.costWrong') : null),
      vat: (vat) => (isRate(vat) ? null : t('supplierServices.vatWrong')),
      days: (days) => (days === '' || isDays(days) ? null : t('supplierServices.daysWrong')),
    },
  })
  const saving = useMutation({
    mutationFn: (fields: Fields) =>
      call('saveSupplierService', { params: { id: supplierId }, body: bodyOf(fields, currency) }),
    onSuccess: (_, { shippingServiceId }) => {
      const name = row?.name ?? services.find(({ id }) => id === shippingServiceId)?.name ?? ''
      tell(t('supplierServices.saved', { name }))
      onClose()
      return client.invalidateQueries({
        predicate: ({ queryKey }) => ['supplierServices', 'shippingServices'].includes(String(queryKey[0])),
      })
    },
    onError: (error) => {
      if (error instanceof ApiRefusal && Object.keys(error.fields).length > 0) form.setErrors(error.fields)
      else tellRefusal(error)
    },
  })
  return (
    <form onSubmit={form.onSubmit((fields) => saving.mutate(fields))} noValidate>
      <Stack>
        <Select
          label={t('supplierServices.service')}
          data={
            row
              ? [{ value: row.shippingServiceId, label: row.name }]
              : services.map(({ id, name }) => ({ value: id, label: name }))
          }
          disabled={row !== undefined}
          allowDeselect={false}
          {...form.getInputProps('shippingServiceId')}
        />
        <TextInput
          label={t('supplierServices.carrier')}
          description={t('supplierServices.carrierHelp')}
          maxLength={60}
          data-autofocus
          {...form.getInputProps('carrier')}
        />
        <TextInput
          label={t('supplierServices.cost')}
          description={t('supplierServices.costHelp', { currency })}
          inputMode="decimal"
          {...form.getInputProps('cost')}
        />
        <Group grow align="flex-start">
          <NumberInput
            label={t('supplierServices.vat')}
            decimalScale={2}
            allowNegative={false}
            clampBehavior="none"
            {...form.getInputProps('vat')}
          />
          <NumberInput
            label={t('supplierServices.days')}
            allowDecimal={false}
            allowNegative={false}
            clampBehavior="none"
            {...form.getInputProps('days')}
          />
        </Group>
        <Switch label={t('supplierServices.tracked')} {...form.getInputProps('tracked', { type: 'checkbox' })} />
        <Switch label={t('supplierServices.active')} {...form.getInputProps('active', { type: 'checkbox' })} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={saving.isPending}>
            {t('common.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

function bodyOf({ shippingServiceId, carrier, cost, vat, days, tracked, active }: Fields, currency: string) {
  return {
    shippingServiceId: shippingServiceId ?? '',
    carrier: carrier.trim(),
    costMinor: typedMoney(cost, currency)?.minor ?? null,
    vatRateBasisPoints: Math.round(Number(vat) * 100),
    deliveryDays: days === '' ? null : Number(days),
    tracked,
    active,
  }
}

function isRate(value: number | string): boolean {
  return typeof value === 'number' && value >= 0 && value <= 100
}

function isDays(value: number | string): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 365
}
