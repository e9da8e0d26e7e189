// A parcel left: carrier, tracking number, and quantities where only part of it left. Enter sends it.
import { Alert, Autocomplete, Button, NumberInput, TextInput } from '@mantine/core'
import { t } from '../i18n.ts'
import { IconAlertTriangle, IconTruckDelivery } from '../icons.ts'
import classes from './ParcelForm.module.css'
import type { Parcel } from './parcel.ts'
import type { ParcelFields } from './use-parcel-form.ts'

/** Suggestions only: any carrier can be typed. */
const carriers = [
  'Royal Mail',
  'Parcelforce',
  'DPD',
  'Evri',
  'UPS',
  'DHL',
  'DHL Express',
  'FedEx',
  'USPS',
  'Yodel',
  'InPost',
  'TNT',
  'GLS',
  'Hermes',
  'Deutsche Post',
  'La Poste',
  'Colissimo',
  'Chronopost',
  'Correos',
  'Poste Italiane',
  'PostNL',
  'bpost',
  'PostNord',
  'An Post',
  'Canada Post',
  'Purolator',
  'Australia Post',
]

type Props = {
  /** Of the purchase order it belongs to. */
  number: string
  submit: string
  fields: ParcelFields
  isSending: boolean
  onSend: (parcel: Parcel) => void
  className?: string | undefined
}

export function ParcelForm({ number, submit, fields, isSending, onSend, className }: Props) {
  const { form, refused, lines } = fields
  const canSplit = lines.length > 1 || (lines[0]?.open ?? 0) > 1
  return (
    <form
      className={className ? `${classes.form} ${className}` : classes.form}
      onSubmit={form.onSubmit((parcel) => onSend(parcel))}
      data-dispatch
      aria-label={`${submit} ${number}`}
      noValidate
    >
      {refused && (
        <Alert color="red" variant="light" icon={<IconAlertTriangle />} role="alert" className={classes.wide}>
          {refused}
        </Alert>
      )}
      <Autocomplete
        label={t('order.carrier')}
        placeholder={t('order.carrierHint')}
        data={carriers}
        limit={8}
        // All of them are in sight, so nothing scrolls; in place, so that it belongs to the form.
        withScrollArea={false}
        comboboxProps={{ withinPortal: false }}
        maxLength={60}
        autoComplete="off"
        {...form.getInputProps('carrier')}
        // Enter takes a suggestion only where one was chosen with the arrows; otherwise it sends the form.
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
        loading={isSending}
        leftSection={<IconTruckDelivery size={16} aria-hidden="true" />}
        className={classes.button}
      >
        {submit}
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
      {form.values.isPart && <Parts fields={fields} />}
    </form>
  )
}

function Parts({ fields: { form, lines } }: { fields: ParcelFields }) {
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
            aria-label={t('order.quantityOf', { sku: line.sku })}
            value={form.values.quantities[line.id] ?? line.open}
            onChange={(quantity) => form.setFieldValue(`quantities.${line.id}`, quantity)}
          />
          <span className={classes.quiet}>{t('order.ofOpen', { open: line.open })}</span>
          <span className={classes.text}>
            <span className="code">{line.sku}</span> <span className={classes.quiet}>{line.title}</span>
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
