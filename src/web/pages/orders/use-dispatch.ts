// Entering a parcel: shown as done at once, taken back with the reason at its field where the hub refuses it.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { ask, call } from '../../api.ts'
import { nowMs } from '../../browser.ts'
import { t } from '../../i18n.ts'
import { tell } from '../../parts/ask.tsx'
import { enteredParcel, quantityOf, type Parcel } from '../../parts/parcel.ts'
import { useParcelForm } from '../../parts/use-parcel-form.ts'
import { useMe } from '../../auth.ts'
import type { Order } from './OrderPage.tsx'
import type { PurchaseOrder } from './purchase-order-look.ts'
import { openLines } from './purchase-order-look.ts'

export function useDispatch(order: Order, purchaseOrder: PurchaseOrder) {
  const client = useQueryClient()
  const me = useMe()
  const fields = useParcelForm({ lines: openLines(purchaseOrder) })
  const key = ask('order', { params: { id: order.id } }).queryKey
  const sending = useMutation({
    mutationFn: (parcel: Parcel) =>
      call('addShipment', { params: { id: order.id }, body: bodyOf(parcel, purchaseOrder) }),
    onMutate: async (parcel) => {
      fields.begin()
      await client.cancelQueries({ queryKey: key })
      const before = client.getQueryData(key)
      client.setQueryData(key, (now) => (now ? withParcel(now, purchaseOrder.id, parcel, me.user.name) : now))
      return { before }
    },
    onSuccess: (next) => {
      client.setQueryData(key, next)
      fields.form.reset()
      tell(t('order.parcelEntered'))
    },
    onError: (error, _, context) => {
      if (context?.before) client.setQueryData(key, context.before)
      fields.refuse(error)
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['order'] }),
  })
  return { fields, isSending: sending.isPending, send: sending.mutate }
}

function bodyOf(parcel: Parcel, purchaseOrder: PurchaseOrder) {
  const { parts, ...entered } = enteredParcel(parcel, openLines(purchaseOrder))
  const lines = parts?.map(({ id: componentId, quantity }) => ({ componentId, quantity }))
  return { purchaseOrderId: purchaseOrder.id, ...entered, ...(lines ? { lines } : {}) }
}

/** The order as it will look once the hub has taken the parcel; the answer replaces it. */
function withParcel(order: Order, purchaseOrderId: string, parcel: Parcel, who: string): Order {
  const left = (purchaseOrder: PurchaseOrder, componentId: string, open: number) =>
    purchaseOrder.id === purchaseOrderId ? (parcel.isPart ? quantityOf(parcel, { id: componentId, open }) : open) : 0
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
