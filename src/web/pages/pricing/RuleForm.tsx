// The fields of a pricing rule, from what it is for to what it never goes below.
import { Autocomplete, Button, Checkbox, Group, SegmentedControl, Select, Stack, Text, TextInput } from '@mantine/core'
import type { useForm } from '@mantine/form'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { ask } from '../../api.ts'
import { t } from '../../i18n.ts'
import classes from './pricing.module.css'
import type { Ending, RuleFaults, RuleFields } from './rule-form.ts'
import { endingText, usualEnding } from './rule-form.ts'
import { ChannelsField, ScopeFields } from './ScopeFields.tsx'

export type RuleFormOf = ReturnType<typeof useForm<RuleFields>>
type Props = { form: RuleFormOf; told: RuleFaults; isNew: boolean; onPreview: () => void }

export function RuleForm({ form, told, isNew, onPreview }: Props) {
  /** What the hub says of a field shows at once; what is missing shows when it is asked for. */
  const field = <Path extends keyof RuleFields>(path: Path) => {
    const props: Record<string, unknown> = { ...form.getInputProps(path) }
    return { ...props, error: (props['error'] as string | undefined) ?? told[path] }
  }
  return (
    <form
      noValidate
      className={`panel ${classes.form}`}
      aria-label={t('pricing.columns.rule')}
      onSubmit={(event) => {
        event.preventDefault()
        onPreview()
      }}
    >
      <Part title={t('pricing.form.what')}>
        <TextInput
          label={t('pricing.form.name')}
          description={t('pricing.form.nameHelp')}
          maxLength={80}
          data-autofocus={isNew || undefined}
          {...field('name')}
        />
        <ChannelsField {...field('channelIds')} />
        <ScopeFields form={form} field={field} />
      </Part>
      <CostPart form={form} field={field} />
      <TakenPart form={form} field={field} />
      <BoundsPart form={form} field={field} />
      <Group justify="space-between" className={classes.formEnd}>
        <Text size="xs" c="dimmed">
          {t('pricing.form.previewHelp')}
        </Text>
        <Button type="submit">{t('pricing.form.preview')}</Button>
      </Group>
    </form>
  )
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <fieldset className={classes.part}>
      <legend>{title}</legend>
      <Stack gap="sm">{children}</Stack>
    </fieldset>
  )
}

export type FieldOf = (path: keyof RuleFields) => Record<string, unknown>
type PartProps = { form: RuleFormOf; field: FieldOf }

const currencies = ['GBP', 'EUR', 'USD', 'CAD', 'AUD', 'DKK', 'NOK', 'SEK', 'PLN', 'CHF', 'JPY', 'CNY', 'CZK', 'HUF']

function CostPart({ form, field }: PartProps) {
  const { data: services } = useQuery(ask('shippingServices'))
  const { addShipping, markupKind, currency, shippingServiceId } = form.values
  const offered = (services ?? []).filter(({ active, id }) => active || id === shippingServiceId)
  return (
    <Part title={t('pricing.form.price')}>
      <Checkbox
        label={t('pricing.form.addShipping')}
        {...form.getInputProps('addShipping', { type: 'checkbox' })}
        onChange={(event) => {
          form.setFieldValue('addShipping', event.currentTarget.checked)
          // Most have one service, so it is the one that is meant.
          if (event.currentTarget.checked && !shippingServiceId)
            form.setFieldValue('shippingServiceId', offered[0]?.id ?? null)
        }}
      />
      {addShipping && (
        <Select
          label={t('pricing.form.service')}
          data={offered.map(({ id, name }) => ({ value: id, label: name }))}
          allowDeselect={false}
          {...field('shippingServiceId')}
        />
      )}
      <div>
        <Text component="div" size="sm" fw={600} mb={4} id="markup-kind">
          {t('pricing.form.markup')}
        </Text>
        <SegmentedControl
          fullWidth
          aria-labelledby="markup-kind"
          className={classes.choices}
          data={(['percent', 'amount', 'margin'] as const).map((kind) => ({
            value: kind,
            label: t(`pricing.form.markups.${kind}`),
          }))}
          {...form.getInputProps('markupKind')}
        />
      </div>
      <div className={classes.pair}>
        <Figure
          label={t(`pricing.form.markups.${markupKind}`)}
          description={t(`pricing.form.${markupKind}Help`)}
          unit={markupKind === 'amount' ? currency : '%'}
          {...field('markup')}
        />
        <Select
          label={t('pricing.form.currency')}
          description={t('pricing.form.currencyHelp')}
          data={currencies.includes(currency) ? currencies : [currency, ...currencies]}
          searchable
          allowDeselect={false}
          {...field('currency')}
        />
      </div>
    </Part>
  )
}

function TakenPart({ form, field }: PartProps) {
  const { vatFrom, currency } = form.values
  const isOwn = vatFrom === 'rule'
  return (
    <Part title={t('pricing.form.taken')}>
      <div className={classes.pair}>
        <Figure
          label={t('pricing.form.fee')}
          description={t('pricing.form.feeHelp')}
          unit="%"
          {...field('feePercent')}
        />
        <Figure
          label={t('pricing.form.feeFixed')}
          description={t('pricing.form.feeFixedHelp')}
          unit={currency}
          {...field('feeFixed')}
        />
      </div>
      <div className={classes.pair}>
        <Select
          label={t('pricing.form.vat')}
          description={t('pricing.form.vatHelp')}
          data={(['variant', 'rule'] as const).map((from) => ({ value: from, label: t(`pricing.form.vats.${from}`) }))}
          allowDeselect={false}
          {...field('vatFrom')}
        />
        <Figure
          label={t(isOwn ? 'pricing.form.vatRate' : 'pricing.form.vatRateElse')}
          description={t(isOwn ? 'pricing.form.vatRateHelp' : 'pricing.form.vatRateElseHelp')}
          unit="%"
          {...field('vatRate')}
        />
      </div>
    </Part>
  )
}

const endings: Ending[] = [
  usualEnding,
  { minor: 95, every: 100 },
  { minor: 49, every: 100 },
  { minor: 0, every: 100 },
  { minor: 999, every: 1000 },
]

function BoundsPart({ form, field }: PartProps) {
  const { currency } = form.values
  const shown = endings.map((ending) => endingText(ending, currency))
  return (
    <Part title={t('pricing.form.bounds')}>
      <Autocomplete
        label={t('pricing.form.ending')}
        description={t('pricing.form.endingHelp', { example: shown[0] ?? '' })}
        data={[...new Set(shown)]}
        // What is chosen already is no reason to hide the others.
        filter={({ options }) => options}
        maxLength={6}
        {...field('ending')}
      />
      <div className={classes.pair}>
        <Figure
          label={t('pricing.form.floor')}
          description={t('pricing.form.boundsHelp')}
          unit={currency}
          {...field('floor')}
        />
        <Figure
          label={t('pricing.form.ceiling')}
          description={t('pricing.form.boundsHelp')}
          unit={currency}
          {...field('ceiling')}
        />
      </div>
    </Part>
  )
}

function Figure({ unit, ...input }: { label: string; description: string; unit: string } & Record<string, unknown>) {
  return (
    <TextInput
      inputMode="decimal"
      autoComplete="off"
      maxLength={16}
      classNames={{ input: classes.figureInput ?? '' }}
      rightSection={
        <span className={classes.unit} aria-hidden="true">
          {unit}
        </span>
      }
      rightSectionWidth={46}
      rightSectionPointerEvents="none"
      {...input}
    />
  )
}
