// Entering a parcel: shown as done at once, taken back with the reason at its field where the hub refuses it.
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ApiRefusal, ask, call } from '../../api.ts'
import { nowMs } from '../../browser.ts'
import { t } from '../../i18n.ts'
import { tell } from '../../parts/ask.tsx'
import { errorText } from '../../parts/ErrorState.tsx'
import { useMe } from '../../auth.ts'
import type { Order } from './OrderPage.tsx'
import type { PurchaseOrder } from './purchase-order-look.ts'
import { openLines } from './purchase-order-look.ts'

export type Parcel = {
  carrier: string
  trackingNumber: string
  isPart: boolean
  quantities: Record<string, number | string>
}
export type Dispatch = ReturnType<typeof useDispatch>

const emptyParcel: Parcel = { carrier: '', trackingNumber: '', isPart: false, quantities: {} }

export function useDispatch(order: Order, purchaseOrder: PurchaseOrder) {
  const client = useQueryClient()
  const me = useMe()
  const [refused, setRefused] = useState<string>()
  const form = useForm<Parcel>({
    initialValues: emptyParcel,
    validate: {
      carrier: (carrier) => textFault(carrier, 60),
      trackingNumber: (trackingNumber) => textFault(trackingNumber, 100),
      quantities: (_, parcel) => quantityFault(parcel, purchaseOrder),
    },
  })
  const key = ask('order', { params: { id: order.id } }).queryKey
  const sending = useMutation({
    mutationFn: (parcel: Parcel) =>
      call('addShipment', { params: { id: order.id }, body: bodyOf(parcel, purchaseOrder) }),
    onMutate: async (parcel) => {
      setRefused(undefined)
      await client.cancelQueries({ queryKey: key })
      const before = client.getQueryData(key)
      client.setQueryData(key, (now) => (now ? withParcel(now, purchaseOrder.id, parcel, me.user.name) : now))
      return { before }
    },
    onSuccess: (next) => {
      client.setQueryData(key, next)
      form.reset()
      tell(t('order.parcelEntered'))
    },
    onError: (error, _, context) => {
      if (context?.before) client.setQueryData(key, context.before)
      const fields = error instanceof ApiRefusal ? error.fields : {}
      const { carrier, trackingNumber, lines, ...others } = fields
      form.setErrors({ carrier, trackingNumber, quantities: lines })
      if (lines) form.setFieldValue('isPart', true)
      if (!carrier && !trackingNumber && !lines) setRefused(Object.values(others)[0] ?? errorText(error))
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['order'] }),
  })
  return { form, refused, isSending: sending.isPending, send: form.onSubmit((parcel) => sending.mutate(parcel)) }
}

function textFault(text: string, max: number): string | null {
  if (text.trim() === '') return t('errors.required')
  return text.trim().length > max ? t('errors.tooLong', { max }) : null
}

/** Where nothing was typed, all that is open is meant. */
function quantityOf(parcel: Parcel, line: { componentId: string; open: number }): number {
  const typed = parcel.quantities[line.componentId]
  return typed === undefined || typed === '' ? (typed === '' ? 0 : line.open) : Number(typed)
}

function quantityFault(parcel: Parcel, purchaseOrder: PurchaseOrder): string | null {
  if (!parcel.isPart) return null
  const lines = openLines(purchaseOrder)
  const over = lines.find((line) => quantityOf(parcel, line) > line.open)
  if (over) return `${over.sku}: ${t('order.tooMany', { open: over.open })}`
  return lines.some((line) => quantityOf(parcel, line) > 0) ? null : t('order.atLeastOne')
}

function bodyOf(parcel: Parcel, purchaseOrder: PurchaseOrder) {
  const lines = openLines(purchaseOrder)
    .map((line) => ({ componentId: line.componentId, quantity: quantityOf(parcel, line) }))
    .filter((line) => line.quantity > 0)
  return {
    purchaseOrderId: purchaseOrder.id,
    carrier: parcel.carrier.trim(),
    trackingNumber: parcel.trackingNumber.trim(),
    ...(parcel.isPart ? { lines } : {}),
  }
}

/** The order as it will look once the hub has taken the parcel; the answer replaces it. */
function withParcel(order: Order, purchaseOrderId: string, parcel: Parcel, who: string): Order {
  const left = (purchaseOrder: PurchaseOrder, componentId: string, open: number) =>
    purchaseOrder.id === purchaseOrderId ? (parcel.isPart ? quantityOf(parcel, { componentId, open }) : open) : 0
  const purchaseOrders = order.purchaseOrders.map((purchaseOrder) => ({
    ...purchaseOrder,
    lines: purchaseOrder.lines.map((line) => ({
      ...line,
      dispatched: line.dispatched + left(purchaseOrder, line.componentId, line.quantity - line.dispatched),
    })),
  }))
  return {
    ...order,
    purchaseOrders,
    shipments: [
      ...order.shipments,
      {
        id: 'pending',
        packageNumber: Math.max(0, ...order.shipments.map((shipment) => shipment.packageNumber)) + 1,
        purchaseOrderId,
        carrier: parcel.carrier.trim(),
        trackingNumber: parcel.trackingNumber.trim(),
        shippedAt: new Date(nowMs()).toISOString(),
        enteredBy: who,
        confirmation: { state: 'intended', refusal: null, settledAt: null, attempts: 0 },
      },
    ],
  }
}
