// A parcel left: carrier, tracking number, and quantities where only part of it left. Enter sends it.
import { Alert, Autocomplete, Button, NumberInput, TextInput } from '@mantine/core'
import { t } from '../../i18n.ts'
import { IconAlertTriangle, IconTruckDelivery } from '../../icons.ts'
import classes from './order.module.css'
import type { PurchaseOrder } from './purchase-order-look.ts'
import { openLines } from './purchase-order-look.ts'
import type { Dispatch } from './use-dispatch.ts'

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

export function DispatchForm({ purchaseOrder, dispatch }: { purchaseOrder: PurchaseOrder; dispatch: Dispatch }) {
  const { form, refused, send, isSending } = dispatch
  const lines = openLines(purchaseOrder)
  const canSplit = lines.length > 1 || (lines[0]?.open ?? 0) > 1
  return (
    <form
      className={classes.dispatch}
      onSubmit={send}
      data-dispatch
      aria-label={`${t('order.dispatch')} ${purchaseOrder.number}`}
      noValidate
    >
      {refused && (
        <Alert color="red" variant="light" icon={<IconAlertTriangle />} role="alert" className={classes.dispatchWide}>
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
        className={classes.dispatchButton}
      >
        {t('order.dispatch')}
      </Button>
      {canSplit && (
        <div className={classes.dispatchWide}>
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
      {form.values.isPart && (
        <fieldset className={classes.parts}>
          <legend>{t('order.quantity')}</legend>
          {lines.map((line) => (
            <div key={line.componentId} className={classes.part}>
              <NumberInput
                size="xs"
                w={78}
                min={0}
                max={line.open}
                allowDecimal={false}
                allowNegative={false}
                clampBehavior="none"
                aria-label={t('order.quantityOf', { sku: line.sku })}
                value={form.values.quantities[line.componentId] ?? line.open}
                onChange={(quantity) => form.setFieldValue(`quantities.${line.componentId}`, quantity)}
              />
              <span className={classes.quiet}>{t('order.ofOpen', { open: line.open })}</span>
              <span className={classes.componentText}>
                <span className="code">{line.sku}</span> <span className={classes.quiet}>{line.title}</span>
              </span>
            </div>
          ))}
          {typeof form.errors.quantities === 'string' && (
            <p className={classes.fault} role="alert">
              {form.errors.quantities}
            </p>
          )}
        </fieldset>
      )}
    </form>
  )
}
