// When a supplier is paid, how much credit he gives, what VAT he charges, where he sends to: fields of his dialog.
import { Checkbox, Fieldset, Group, NumberInput, Select, Textarea, TextInput } from '@mantine/core'
import { moneyText, parseMoney } from '../../../domain/money.ts'
import { t } from '../../i18n.ts'
import { CountriesSelect } from '../../parts/countries.tsx'
import type { Supplier } from './supplier-columns.tsx'
import type { SupplierFields } from './SupplierDialog.tsx'

export type TermsValues = {
  terms: Supplier['terms']
  paymentDays: number | string
  creditLimit: string
  invoicePer: Supplier['invoicePer']
  chargesVat: boolean
  vatRate: string
  /** None: everywhere. */
  shipToCountries: string[]
  postalAddress: string
  vatNumber: string
}

export function termsValues(supplier: Supplier | undefined): TermsValues {
  return {
    terms: supplier?.terms ?? 'on-account',
    paymentDays: supplier?.paymentDays ?? 30,
    creditLimit: supplier?.creditLimit ? moneyText(supplier.creditLimit) : '',
    invoicePer: supplier?.invoicePer ?? 'purchase-order',
    chargesVat: supplier?.chargesVat ?? false,
    vatRate: String((supplier?.vatRateBasisPoints ?? 2000) / 100),
    shipToCountries: supplier?.shipToCountries ?? [],
    postalAddress: supplier?.postalAddress ?? '',
    vatNumber: supplier?.vatNumber ?? '',
  }
}

export const termsRules = {
  paymentDays: (value: number | string) =>
    typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 365
      ? null
      : t('suppliers.form.leadTimeWrong'),
  creditLimit: (text: string, { currency }: { currency: string }) => {
    const limit = text.trim() === '' ? { minor: 0 } : parseMoney(text.replace(',', '.'), currency)
    return limit && limit.minor >= 0 ? null : t('payment.amountWrong')
  },
  vatRate: (text: string) => (basisPoints(text) === undefined ? t('terms.vatRateWrong') : null),
}

/** As the hub takes them. */
export function termsBody(values: TermsValues, currency: string) {
  const { terms, invoicePer, chargesVat, postalAddress, vatNumber } = values
  return {
    terms,
    chargesVat,
    postalAddress: postalAddress.trim(),
    paymentDays: Number(values.paymentDays),
    creditLimit:
      values.creditLimit.trim() === '' ? null : (parseMoney(values.creditLimit.replace(',', '.'), currency) ?? null),
    invoicePer: terms === 'prepaid' ? ('purchase-order' as const) : invoicePer,
    vatRateBasisPoints: basisPoints(values.vatRate) ?? 0,
    shipToCountries: values.shipToCountries.length > 0 ? values.shipToCountries : null,
    vatNumber: vatNumber.trim() === '' ? null : vatNumber.trim(),
  }
}

/** A percentage has two digits, as most currencies have. */
function basisPoints(text: string): number | undefined {
  const minor = parseMoney(text.replace(',', '.'), 'EUR')?.minor
  return minor !== undefined && minor >= 0 && minor <= 10_000 ? minor : undefined
}

type FieldsOf = {
  values: SupplierFields
  getInputProps(path: keyof TermsValues, options?: { type: 'checkbox' }): object
}

export function TermsFields({ form }: { form: FieldsOf }) {
  const isPrepaid = form.values.terms === 'prepaid'
  return (
    <Fieldset legend={t('terms.group')}>
      <Select
        label={t('terms.terms')}
        description={isPrepaid ? t('terms.prepaidHelp') : null}
        data={(['on-account', 'prepaid'] as const).map((value) => ({ value, label: t(`terms.${value}`) }))}
        allowDeselect={false}
        {...form.getInputProps('terms')}
      />
      {!isPrepaid && (
        <Group grow align="flex-start" mt="sm">
          <NumberInput
            label={t('terms.paymentDays')}
            allowDecimal={false}
            allowNegative={false}
            clampBehavior="none"
            {...form.getInputProps('paymentDays')}
          />
          <TextInput
            label={`${t('terms.creditLimit')} (${form.values.currency})`}
            description={t('terms.creditLimitHelp')}
            inputMode="decimal"
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            {...form.getInputProps('creditLimit')}
          />
        </Group>
      )}
      {!isPrepaid && (
        <Select
          mt="sm"
          label={t('terms.invoicePer')}
          data={[
            { value: 'purchase-order', label: t('terms.perOrder') },
            { value: 'day', label: t('terms.perDay') },
          ]}
          allowDeselect={false}
          {...form.getInputProps('invoicePer')}
        />
      )}
      <Checkbox mt="md" label={t('terms.chargesVat')} {...form.getInputProps('chargesVat', { type: 'checkbox' })} />
      {form.values.chargesVat && (
        <Group grow align="flex-start" mt="sm">
          <TextInput
            label={t('terms.vatRate')}
            description={t('terms.vatRateHelp')}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            inputMode="decimal"
            {...form.getInputProps('vatRate')}
          />
          <TextInput label={t('terms.vatNumber')} maxLength={40} {...form.getInputProps('vatNumber')} />
        </Group>
      )}
      <CountriesSelect
        mt="sm"
        label={t('terms.shipTo')}
        placeholder={form.values.shipToCountries.length === 0 ? t('terms.everywhere') : ''}
        clearable
        {...form.getInputProps('shipToCountries')}
      />
      <Textarea
        mt="sm"
        label={t('terms.address')}
        autosize
        minRows={2}
        maxLength={500}
        {...form.getInputProps('postalAddress')}
      />
    </Fieldset>
  )
}
