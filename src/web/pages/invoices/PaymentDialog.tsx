// A payment that was made: on one invoice, or to a supplier on what is due first. Sent twice, it is recorded once.
import { Button, Checkbox, Group, Modal, Select, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { moneyText, parseMoney, type Money } from '../../../domain/money.ts'
import { ApiRefusal, call } from '../../api.ts'
import { useMe } from '../../auth.ts'
import { nowMs } from '../../browser.ts'
import { moneyLabel } from '../../format.ts'
import { t } from '../../i18n.ts'
import { tell } from '../../parts/ask.tsx'
import { ErrorState } from '../../parts/ErrorState.tsx'
import { dayBack } from '../orders/days.ts'

/** What is paid, and what is still open of it. */
export type Payable = { open: Money } & ({ invoiceId: string; number: string } | { supplierId: string; name: string })

type Props = { payable: Payable; opened: boolean; onClose: () => void }

export function PaymentDialog(props: Props) {
  const { payable, opened, onClose } = props
  const [round, setRound] = useState(0)
  const title =
    'invoiceId' in payable
      ? t('payment.titleInvoice', { number: payable.number })
      : t('payment.titleSupplier', { name: payable.name })
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      onExitTransitionEnd={() => setRound(round + 1)}
      title={title}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Form key={round} {...props} />
    </Modal>
  )
}

const methods = ['bank', 'card', 'cash', 'other'] as const
const touched = new Set([
  'invoices',
  'invoice',
  'invoicesOwed',
  'supplierBalance',
  'order',
  'orders',
  'home',
  'purchaseOrders',
])

type Fields = { amount: string; paidOn: string; method: string; reference: string; mayOverpay: boolean }

function Form({ payable, onClose }: Props) {
  const client = useQueryClient()
  const { business } = useMe()
  const { currency } = payable.open
  const [id] = useState(newId)
  const form = useForm<Fields>({
    initialValues: {
      amount: payable.open.minor > 0 ? moneyText(payable.open) : '',
      paidOn: dayBack(nowMs(), 0, business.timeZone),
      method: 'bank',
      reference: '',
      mayOverpay: false,
    },
    validate: {
      amount: (text) => {
        const minor = parseMoney(text.replace(',', '.'), currency)?.minor
        return minor === undefined || minor === 0 ? t('payment.amountWrong') : null
      },
      paidOn: (text) => (text === '' ? t('errors.required') : null),
    },
  })
  const saving = useMutation({
    mutationFn: (fields: Fields) => send(payable, id, fields),
    onSuccess: async () => {
      tell(t('payment.saved'))
      await client.invalidateQueries({ predicate: ({ queryKey }) => touched.has(String(queryKey[0])) })
      onClose()
    },
    onError: (error) => {
      if (error instanceof ApiRefusal) form.setErrors(error.fields)
    },
  })
  const isAtField = saving.error instanceof ApiRefusal && Object.keys(saving.error.fields).length > 0
  const help = { open: moneyLabel(payable.open) }
  return (
    <form onSubmit={form.onSubmit((fields) => saving.mutate(fields))} noValidate>
      <Stack>
        <TextInput
          label={t('payment.amount', { currency })}
          description={'invoiceId' in payable ? t('payment.amountHelp', help) : t('payment.amountHelpSupplier', help)}
          inputMode="decimal"
          autoComplete="off"
          data-autofocus
          {...form.getInputProps('amount')}
        />
        <TextInput type="date" label={t('payment.paidOn')} {...form.getInputProps('paidOn')} />
        <Select
          label={t('payment.method')}
          data={methods.map((value) => ({ value, label: t(`payment.methods.${value}`) }))}
          allowDeselect={false}
          {...form.getInputProps('method')}
        />
        <TextInput
          label={t('payment.reference')}
          maxLength={120}
          autoComplete="off"
          {...form.getInputProps('reference')}
        />
        <Checkbox label={t('payment.mayOverpay')} {...form.getInputProps('mayOverpay', { type: 'checkbox' })} />
        {saving.error && !isAtField && <ErrorState error={saving.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={saving.isPending}>
            {t('payment.record')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

function send(payable: Payable, id: string, { amount, ...fields }: Fields): Promise<unknown> {
  const { currency } = payable.open
  const minor = parseMoney(amount.replace(',', '.'), currency)?.minor ?? 0
  const body = { ...fields, id, amount: { minor, currency } }
  return 'invoiceId' in payable
    ? call('payInvoice', { params: { id: payable.invoiceId }, body })
    : call('paySupplier', { params: { id: payable.supplierId }, body })
}

/** Without `randomUUID`, which browsers only give to pages that came over TLS. */
function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`
}
