// The supplier says that a parcel left (G3).
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { ask, call } from '../api.ts'
import { t } from '../i18n.ts'
import { tell } from '../parts/ask.tsx'
import { enteredParcel, type Parcel } from '../parts/parcel.ts'
import { ParcelForm } from '../parts/ParcelForm.tsx'
import { useParcelForm } from '../parts/use-parcel-form.ts'
import { isDeskQuery, openLines, type DeskOrder } from './desk-look.ts'
import classes from './desk.module.css'

export function DeskDispatch({ order }: { order: DeskOrder }) {
  const client = useQueryClient()
  const params = { id: order.id }
  const fields = useParcelForm({
    lines: openLines(order),
    carrier: order.carrier ?? '',
    needsNoTracking: order.pickup,
  })
  const sending = useMutation({
    mutationFn: (parcel: Parcel) => call('addDeskParcel', { params, body: bodyOf(parcel, order) }),
    onMutate: fields.begin,
    onSuccess: async (next) => {
      client.setQueryData(ask('deskOrder', { params }).queryKey, next)
      tell(t('desk.order.dispatched'))
      await client.invalidateQueries({ predicate: isDeskQuery })
    },
    onError: fields.refuse,
  })
  return (
    <section className={`panel ${classes.panel}`}>
      <ParcelForm
        number={order.number}
        submit={t('desk.order.dispatch')}
        fields={fields}
        isSending={sending.isPending}
        onSend={sending.mutate}
      />
    </section>
  )
}

function bodyOf(parcel: Parcel, order: DeskOrder) {
  const { parts, ...entered } = enteredParcel(parcel, openLines(order))
  return { ...entered, ...(parts ? { lines: parts.map(({ id: lineId, quantity }) => ({ lineId, quantity })) } : {}) }
}
