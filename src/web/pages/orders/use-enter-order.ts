// The form of an order entered by hand: amounts are typed as text and sent as minor units; the hub says what is wrong at
// the same fields.
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { parseMoney, type Money } from '../../../domain/money.ts'
import { ApiRefusal, call } from '../../api.ts'
import { t } from '../../i18n.ts'
import { tell } from '../../parts/ask.tsx'
import { goToFirstFault } from '../../parts/first-fault.ts'

type Line = { key: string; sku: string; quantity: number | string; price: string }

const emptyAddress = {
  name: '',
  street: '',
  extended: '',
  city: '',
  region: '',
  postalCode: '',
  countryCode: '',
  phone: '',
}

type Fields = {
  /** Of this form, so that it is one order however often it is sent. */
  id: string
  currency: string
  lines: Line[]
  shipping: string
  shippingServiceId: string | null
  shipBy: string
  email: string
  shipTo: typeof emptyAddress
}

export type EnterForm = ReturnType<typeof useEnterOrder>['form']

export function emptyLine(): Line {
  return { key: crypto.randomUUID(), sku: '', quantity: 1, price: '' }
}

export function useEnterOrder(currency: string) {
  const client = useQueryClient()
  const navigate = useNavigate()
  const [refused, setRefused] = useState<Error>()
  const form = useForm<Fields>({
    initialValues: {
      id: crypto.randomUUID(),
      currency,
      lines: [emptyLine()],
      shipping: '0',
      shippingServiceId: null,
      shipBy: '',
      email: '',
      shipTo: emptyAddress,
    },
    validate: {
      lines: {
        sku: required,
        quantity: (quantity) =>
          Number.isInteger(Number(quantity)) && Number(quantity) > 0 ? null : t('enterOrder.quantityWrong'),
        price: (price, { currency: code }) => amountFault(price, code),
      },
      shipping: (shipping, { currency: code }) => amountFault(shipping, code),
      shippingServiceId: (chosen) => (chosen === null ? t('errors.required') : null),
      shipTo: { name: required, street: required, city: required, countryCode: required },
    },
  })
  const sending = useMutation({
    mutationFn: (fields: Fields) => call('enterOrder', { body: bodyOf(fields) }),
    onSuccess: async ({ orderId, number }) => {
      tell(t('enterOrder.entered', { number }))
      await client.invalidateQueries({ predicate: ({ queryKey }) => ['orders', 'home'].includes(String(queryKey[0])) })
      await navigate({ to: '/orders/$id', params: { id: orderId } })
    },
    onError: (error) => {
      const fields = error instanceof ApiRefusal ? error.fields : {}
      form.setErrors(fields)
      goToFirstFault(form, fields)
      setRefused(Object.keys(fields).length === 0 || fields['lines'] !== undefined ? error : undefined)
    },
  })
  const send = form.onSubmit(
    (fields) => sending.mutate(fields),
    (faults) => goToFirstFault(form, faults),
  )
  return { form, refused, isSending: sending.isPending, send }
}

function required(text: string): string | null {
  return text.trim() === '' ? t('errors.required') : null
}

function minorOf(text: string, currency: string): Money | undefined {
  return parseMoney(text.trim().replace(',', '.'), currency.trim().toUpperCase())
}

function amountFault(text: string, currency: string): string | null {
  const money = minorOf(text, currency)
  return money && money.minor >= 0 ? null : t('enterOrder.priceWrong')
}

/** Undefined as long as not all of it can be read. */
export function totalOf({ lines, shipping, currency }: Fields): Money | undefined {
  const sums = lines.map(({ price, quantity }) => (minorOf(price, currency)?.minor ?? NaN) * Number(quantity))
  const minor = sums.reduce((sum, one) => sum + one, minorOf(shipping, currency)?.minor ?? NaN)
  return Number.isSafeInteger(minor) ? { minor, currency: currency.trim().toUpperCase() } : undefined
}

function bodyOf(fields: Fields) {
  const { id, shipTo, email, shipBy, shippingServiceId } = fields
  const minor = (text: string) => minorOf(text, fields.currency)?.minor ?? -1
  return {
    id,
    currency: fields.currency.trim().toUpperCase(),
    lines: fields.lines.map(({ sku, quantity, price }) => ({
      sku: sku.trim(),
      quantity: Number(quantity),
      unitPriceMinor: minor(price),
    })),
    shippingMinor: minor(fields.shipping),
    buyer: { name: shipTo.name, email: email.trim() || null, phone: shipTo.phone.trim() || null },
    shipTo: { ...shipTo, countryCode: shipTo.countryCode.trim().toUpperCase() },
    shippingServiceId: shippingServiceId ?? id,
    shipBy: shipBy === '' ? null : new Date(shipBy).toISOString(),
  }
}
