// Adding a supplier, or changing one.
import { Button, Group, Modal, NumberInput, Select, Stack, Switch, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ApiRefusal, ask, call } from '../../api.ts'
import { useMe } from '../../auth.ts'
import { t } from '../../i18n.ts'
import { tell } from '../../parts/ask.tsx'
import { ErrorState } from '../../parts/ErrorState.tsx'
import type { Supplier } from './supplier-columns.tsx'
import { termsBody, TermsFields, termsRules, termsValues, type TermsValues } from './TermsFields.tsx'

type Props = { opened: boolean; onClose: () => void; supplier?: Supplier; onSaved?: (saved: Supplier) => void }

export function SupplierDialog(props: Props) {
  const { opened, onClose, supplier } = props
  const [round, setRound] = useState(0)
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      onExitTransitionEnd={() => setRound(round + 1)}
      title={supplier ? t('suppliers.form.editTitle', { name: supplier.name }) : t('suppliers.form.addTitle')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Form key={`${round} ${supplier?.id ?? ''}`} {...props} />
    </Modal>
  )
}

export type SupplierFields = TermsValues & {
  name: string
  currency: string
  preference: number | string
  leadTimeDays: number | string
  active: boolean
}

const currencies = ['GBP', 'EUR', 'USD', 'CAD', 'AUD', 'DKK', 'NOK', 'SEK', 'PLN', 'CHF', 'JPY', 'CNY', 'CZK', 'HUF']
const preferenceUsual = 100

function Form({ supplier, onClose, onSaved }: Props) {
  const client = useQueryClient()
  const { business } = useMe()
  const form = useForm<SupplierFields>({
    initialValues: {
      name: supplier?.name ?? '',
      currency: supplier?.currency ?? business.currency,
      preference: supplier?.preference ?? preferenceUsual,
      leadTimeDays: supplier?.leadTimeDays ?? '',
      active: supplier?.active ?? true,
      ...termsValues(supplier),
    },
    validate: {
      ...termsRules,
      name: (name) =>
        name.trim() === '' ? t('errors.required') : name.trim().length > 80 ? t('errors.tooLong', { max: 80 }) : null,
      preference: (value) => (isWhole(value, 1000) ? null : t('suppliers.form.preferenceWrong')),
      leadTimeDays: (value) => (value === '' || isWhole(value, 365) ? null : t('suppliers.form.leadTimeWrong')),
    },
  })
  const saving = useMutation({
    mutationFn: (fields: SupplierFields) => save(supplier, fields),
    onSuccess: async (saved) => {
      tell(t(supplier ? 'suppliers.form.saved' : 'suppliers.form.added', { name: saved.name }))
      client.setQueryData(ask('supplier', { params: { id: saved.id } }).queryKey, saved)
      await client.invalidateQueries({ predicate: ({ queryKey }) => touched.has(String(queryKey[0])) })
      onClose()
      onSaved?.(saved)
    },
    onError: (error) => {
      if (error instanceof ApiRefusal) form.setErrors(error.fields)
    },
  })
  const isAtField = saving.error instanceof ApiRefusal && Object.keys(saving.error.fields).length > 0
  return (
    <form onSubmit={form.onSubmit((fields) => saving.mutate(fields))} noValidate>
      <Stack>
        <TextInput
          label={t('suppliers.form.name')}
          data-autofocus
          maxLength={80}
          autoComplete="off"
          {...form.getInputProps('name')}
        />
        <Select
          label={t('suppliers.form.currency')}
          description={t('suppliers.form.currencyHelp')}
          data={currencies.includes(business.currency) ? currencies : [business.currency, ...currencies]}
          disabled={supplier !== undefined}
          allowDeselect={false}
          searchable
          {...form.getInputProps('currency')}
        />
        <NumberInput
          label={t('suppliers.form.preference')}
          description={t('suppliers.form.preferenceHelp')}
          allowDecimal={false}
          allowNegative={false}
          clampBehavior="none"
          {...form.getInputProps('preference')}
        />
        <NumberInput
          label={t('suppliers.form.leadTime')}
          description={t('suppliers.form.leadTimeHelp')}
          allowDecimal={false}
          allowNegative={false}
          clampBehavior="none"
          {...form.getInputProps('leadTimeDays')}
        />
        {!supplier?.ownStock && <TermsFields form={form} />}
        {supplier && (
          <Switch
            label={t('suppliers.form.active')}
            description={t('suppliers.form.activeHelp')}
            {...form.getInputProps('active', { type: 'checkbox' })}
          />
        )}
        {saving.error && !isAtField && <ErrorState error={saving.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={saving.isPending}>
            {supplier ? t('common.save') : t('suppliers.add')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

const touched = new Set(['suppliers', 'supplier', 'supplierBalance', 'home'])

function isWhole(value: number | string, max: number): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= max
}

function save(supplier: Supplier | undefined, fields: SupplierFields): Promise<Supplier> {
  const { currency, active } = fields
  const shared = {
    name: fields.name.trim(),
    preference: Number(fields.preference),
    leadTimeDays: fields.leadTimeDays === '' ? null : Number(fields.leadTimeDays),
    ...(supplier?.ownStock ? {} : termsBody(fields, currency)),
  }
  return supplier
    ? call('changeSupplier', { params: { id: supplier.id }, body: { ...shared, active } })
    : call('addSupplier', { body: { ...shared, currency } })
}
