// Additional settings (A10). The sentence under each setting says what it does now; settings that fight are warned about
// with the example; Save applies all and returns to the list, Cancel changes nothing.
import { Alert, Button, Group, NumberInput, Select, Switch, Text } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useState } from 'react'
import { settingMax, settingsWarnings } from '../../../domain/channels/sales-channel.ts'
import type { Answer } from '../../api.ts'
import { ApiRefusal, ask, call } from '../../api.ts'
import { t } from '../../i18n.ts'
import { IconAlertTriangle, IconInfoCircle } from '../../icons.ts'
import { tell, tellRefusal } from '../../parts/ask.tsx'
import { useSections } from '../../parts/Section.tsx'
import classes from './integrations.module.css'

type Settings = Answer<'channel'>['settings']
type Form = ReturnType<typeof useSettingsForm>
const quantity = (value: number) =>
  Number.isInteger(value) && value >= 0 && value <= settingMax ? null : t('errors.whole')

export function SettingsSection({ channel }: { channel: Answer<'channel'> }) {
  const router = useRouter()
  const client = useQueryClient()
  const { toggle } = useSections()
  const form = useSettingsForm(channel.settings)
  const saving = useMutation({
    // The default shipping service has its own section and is not sent from here.
    mutationFn: (values: Settings) => {
      const { defaultShippingServiceId: _elsewhere, ...body } = values
      return call('saveChannelSettings', { params: { id: channel.id }, body })
    },
    onSuccess: async (saved) => {
      client.setQueryData(ask('channel', { params: { id: channel.id } }).queryKey, saved)
      void client.invalidateQueries({ queryKey: ['home'] })
      await router.navigate({ to: '/settings/channels' })
      tell(t('settings.saved', { name: channel.name }))
    },
    onError: (error) => {
      if (error instanceof ApiRefusal && Object.keys(error.fields).length > 0) form.setErrors(error.fields)
      else tellRefusal(error)
    },
  })
  const cancel = () => {
    form.setValues(channel.settings)
    form.clearErrors()
    toggle('settings')
  }
  return (
    <form onSubmit={form.onSubmit((values) => saving.mutate(values))} noValidate>
      <Text size="sm" c="dimmed" mb="md">
        {t('settings.intro')}
      </Text>
      <StockSettings form={form} channel={channel} />
      <PriceSettings form={form} channel={channel} />
      <OrderSettings form={form} />
      <Group mt="lg">
        <Button type="submit" loading={saving.isPending}>
          {t('common.save')}
        </Button>
        <Button variant="default" onClick={cancel}>
          {t('common.cancel')}
        </Button>
      </Group>
    </form>
  )
}

function useSettingsForm(settings: Settings) {
  return useForm<Settings>({
    initialValues: settings,
    validateInputOnBlur: true,
    validate: { advertisedMax: quantity, stockThreshold: quantity },
  })
}

function StockSettings({ form, channel }: { form: Form; channel: Answer<'channel'> }) {
  const { stockUpdate, advertisedMax, stockThreshold } = form.values
  // That stock update is off is said by its own sentence; what the hub knows beyond the figures is said while nothing changed.
  const fights = settingsWarnings({ ...form.values, stockUpdate: true }, { zeroIsFinal: false })
  const known = settingsWarnings(channel.settings, { zeroIsFinal: false })
  const warnings = [
    ...fights,
    ...(form.isDirty() ? [] : channel.warnings.filter((warning) => !known.includes(warning))),
  ]
  return (
    <Fields title={t('settings.stock')}>
      <Switch
        color="blue.8"
        label={t('settings.stockUpdate')}
        description={t(stockUpdate ? 'settings.stockUpdateOn' : 'settings.stockUpdateOff')}
        {...form.getInputProps('stockUpdate', { type: 'checkbox' })}
      />
      <QuantityInput
        label={t('settings.advertisedMax')}
        description={
          advertisedMax > 0 ? t('settings.advertisedMaxOn', { count: advertisedMax }) : t('settings.advertisedMaxOff')
        }
        {...form.getInputProps('advertisedMax')}
      />
      <QuantityInput
        label={t('settings.stockThreshold')}
        description={
          stockThreshold > 0
            ? t('settings.stockThresholdOn', { count: stockThreshold })
            : t('settings.stockThresholdOff')
        }
        {...form.getInputProps('stockThreshold')}
      />
      {warnings.map((warning) => (
        <Alert key={warning} color="yellow" variant="light" icon={<IconAlertTriangle />} role="status">
          {warning}
        </Alert>
      ))}
    </Fields>
  )
}

function PriceSettings({ form, channel }: { form: Form; channel: Answer<'channel'> }) {
  const { priceUpdate, currency } = form.values
  return (
    <Fields title={t('settings.prices')}>
      <Switch
        color="blue.8"
        label={t('settings.priceUpdate')}
        description={t(priceUpdate ? 'settings.priceUpdateOn' : 'settings.priceUpdateOff')}
        {...form.getInputProps('priceUpdate', { type: 'checkbox' })}
      />
      <Select
        label={t('settings.currency')}
        description={t('settings.currencyText', { currency })}
        data={channel.currencies.length > 0 ? channel.currencies : [channel.settings.currency]}
        allowDeselect={false}
        maw={420}
        {...form.getInputProps('currency')}
      />
      <Alert color="gray" variant="light" icon={<IconInfoCircle />}>
        {t('settings.repricing')}
      </Alert>
    </Fields>
  )
}

function OrderSettings({ form }: { form: Form }) {
  const [switchedOff, setSwitchedOff] = useState<'excludeUnmapped' | 'splitMixed'>()
  const { excludeUnmapped, splitMixed } = form.values
  const change = (setting: 'excludeUnmapped' | 'splitMixed', on: boolean) => {
    const other = setting === 'excludeUnmapped' ? 'splitMixed' : 'excludeUnmapped'
    const cuts = on && form.values[other]
    form.setValues(cuts ? { [setting]: on, [other]: false } : { [setting]: on })
    setSwitchedOff(cuts ? other : undefined)
  }
  return (
    <Fields title={t('settings.orders')}>
      <Switch
        color="blue.8"
        label={t('settings.excludeUnmapped')}
        description={t(excludeUnmapped ? 'settings.excludeOn' : 'settings.excludeOff')}
        checked={excludeUnmapped}
        error={form.errors['excludeUnmapped']}
        onChange={(event) => change('excludeUnmapped', event.currentTarget.checked)}
      />
      <Switch
        color="blue.8"
        label={t('settings.splitMixed')}
        description={t(
          splitMixed ? 'settings.splitOn' : excludeUnmapped ? 'settings.splitOffExcluded' : 'settings.splitOff',
        )}
        checked={splitMixed}
        error={form.errors['splitMixed']}
        onChange={(event) => change('splitMixed', event.currentTarget.checked)}
      />
      <div aria-live="polite">
        {switchedOff && (
          <Alert color="blue" variant="light" icon={<IconInfoCircle />}>
            {t('settings.exclusive', { other: t(`settings.${switchedOff}`) })}
          </Alert>
        )}
      </div>
    </Fields>
  )
}

type QuantityProps = {
  label: string
  description: string
  value?: number
  error?: ReactNode
  onChange?: (value: number) => void
  onBlur?: () => void
}

/** Whole numbers only; what is out of range stays as typed and is said, not silently changed. */
function QuantityInput({ onChange, value, ...input }: QuantityProps) {
  return (
    <NumberInput
      {...input}
      value={value === undefined || Number.isNaN(value) ? '' : value}
      maw={420}
      allowDecimal={false}
      allowNegative={false}
      clampBehavior="none"
      thousandSeparator=","
      inputMode="numeric"
      onChange={(value) => onChange?.(value === '' ? Number.NaN : Number(value))}
    />
  )
}

function Fields({ title, children }: { title: string; children: ReactNode }) {
  return (
    <fieldset className={classes.fieldset}>
      <legend>{title}</legend>
      <div className={classes.fields}>{children}</div>
    </fieldset>
  )
}
