// A parcel left: carrier, tracking number, and quantities where only part of it left. Enter sends it.
import { Alert, Autocomplete, Button, NumberInput, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ApiRefusal, ask, call } from '../api.ts'
import { t } from '../i18n.ts'
import { IconAlertTriangle, IconTruckDelivery } from '../icons.ts'
import { tell } from '../parts/ask.tsx'
import { errorText } from '../parts/ErrorState.tsx'
import { isDeskQuery, openLines, type DeskOrder, type OpenLine } from './desk-look.ts'
import classes from './desk.module.css'

type Parcel = { carrier: string; trackingNumber: string; isPart: boolean; quantities: Record<string, number | string> }

/** Suggestions only: any carrier can be typed. */
const carriers = ['Royal Mail', 'Parcelforce', 'DPD', 'Evri', 'UPS', 'DHL', 'FedEx', 'USPS', 'Yodel', 'GLS', 'PostNL']

export function DeskDispatch({ order }: { order: DeskOrder }) {
  const { form, refused, sending } = useDeskDispatch(order)
  const lines = openLines(order)
  const canSplit = lines.length > 1 || (lines[0]?.open ?? 0) > 1
  return (
    <section className={`panel ${classes.panel}`}>
      <form
        className={classes.dispatch}
        onSubmit={form.onSubmit((parcel) => sending.mutate(parcel))}
        aria-label={`${t('desk.order.dispatch')} ${order.number}`}
        noValidate
      >
        {refused && (
          <Alert color="red" variant="light" icon={<IconAlertTriangle />} role="alert" className={classes.wide}>
            {refused}
          </Alert>
        )}
        <Autocomplete
          label={t('order.carrier')}
          data={carriers}
          withScrollArea={false}
          comboboxProps={{ withinPortal: false }}
          maxLength={60}
          autoComplete="off"
          {...form.getInputProps('carrier')}
          selectFirstOptionOnChange={false}
        />
        <TextInput
          label={t('order.tracking')}
          maxLength={100}
          autoComplete="off"
          spellCheck={false}
          {...form.getInputProps('trackingNumber')}
        />
        <Button
          type="submit"
          loading={sending.isPending}
          leftSection={<IconTruckDelivery size={16} aria-hidden="true" />}
          className={classes.dispatchButton}
        >
          {t('desk.order.dispatch')}
        </Button>
        {canSplit && (
          <div className={classes.wide}>
            <Button
              size="compact-sm"
              variant="subtle"
              px={0}
              aria-expanded={form.values.isPart}
              onClick={() => form.setFieldValue('isPart', !form.values.isPart)}
            >
              {form.values.isPart ? t('order.whole') : t('order.partly')}
            </Button>
          </div>
        )}
        {form.values.isPart && <Parts lines={lines} form={form} />}
      </form>
    </section>
  )
}

function Parts({ lines, form }: { lines: OpenLine[]; form: ReturnType<typeof useDeskDispatch>['form'] }) {
  return (
    <fieldset className={classes.parts}>
      <legend>{t('order.quantity')}</legend>
      {lines.map((line) => (
        <div key={line.id} className={classes.part}>
          <NumberInput
            size="xs"
            w={78}
            min={0}
            max={line.open}
            allowDecimal={false}
            allowNegative={false}
            clampBehavior="none"
            aria-label={t('order.quantityOf', { sku: line.supplierSku })}
            value={form.values.quantities[line.id] ?? line.open}
            onChange={(quantity) => form.setFieldValue(`quantities.${line.id}`, quantity)}
          />
          <span className={classes.quiet}>{t('order.ofOpen', { open: line.open })}</span>
          <span className={classes.text}>
            <span className="code">{line.supplierSku}</span> <span className={classes.quiet}>{line.title}</span>
          </span>
        </div>
      ))}
      {typeof form.errors['quantities'] === 'string' && (
        <p className={classes.fault} role="alert">
          {form.errors['quantities']}
        </p>
      )}
    </fieldset>
  )
}

function useDeskDispatch(order: DeskOrder) {
  const client = useQueryClient()
  const [refused, setRefused] = useState<string>()
  const form = useForm<Parcel>({
    initialValues: { carrier: order.carrier ?? '', trackingNumber: '', isPart: false, quantities: {} },
    validate: {
      carrier: (carrier) => (carrier.trim() === '' ? t('errors.required') : null),
      trackingNumber: (number) => (number.trim() === '' && !order.pickup ? t('errors.required') : null),
      quantities: (_, parcel) => quantityFault(parcel, openLines(order)),
    },
  })
  const params = { id: order.id }
  const sending = useMutation({
    mutationFn: (parcel: Parcel) => call('addDeskParcel', { params, body: bodyOf(parcel, openLines(order)) }),
    onMutate: () => setRefused(undefined),
    onSuccess: async (next) => {
      client.setQueryData(ask('deskOrder', { params }).queryKey, next)
      tell(t('desk.order.dispatched'))
      await client.invalidateQueries({ predicate: isDeskQuery })
    },
    onError: (error) => {
      const { carrier, trackingNumber, lines, ...others } = error instanceof ApiRefusal ? error.fields : {}
      form.setErrors({ carrier, trackingNumber, quantities: lines })
      if (lines) form.setFieldValue('isPart', true)
      if (!carrier && !trackingNumber && !lines) setRefused(Object.values(others)[0] ?? errorText(error))
    },
  })
  return { form, refused, sending }
}

/** Where nothing was typed, all that is open is meant. */
function quantityOf(parcel: Parcel, line: OpenLine): number {
  const typed = parcel.quantities[line.id]
  return typed === undefined ? line.open : Number(typed)
}

function quantityFault(parcel: Parcel, lines: OpenLine[]): string | null {
  if (!parcel.isPart) return null
  const over = lines.find((line) => quantityOf(parcel, line) > line.open)
  if (over) return `${over.supplierSku}: ${t('order.tooMany', { open: over.open })}`
  return lines.some((line) => quantityOf(parcel, line) > 0) ? null : t('order.atLeastOne')
}

function bodyOf(parcel: Parcel, open: OpenLine[]) {
  const lines = open
    .map((line) => ({ lineId: line.id, quantity: quantityOf(parcel, line) }))
    .filter((line) => line.quantity > 0)
  return {
    carrier: parcel.carrier.trim(),
    trackingNumber: parcel.trackingNumber.trim(),
    ...(parcel.isPart ? { lines } : {}),
  }
}
