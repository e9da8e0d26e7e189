// What a rule is for: integrations, and all products or those of suppliers, in categories, or named ones.
import type { ComboboxData } from '@mantine/core'
import { MultiSelect, SegmentedControl, Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '../../api.ts'
import { countLabel } from '../../format.ts'
import { t } from '../../i18n.ts'
import classes from './pricing.module.css'
import type { FieldOf, RuleFormOf } from './RuleForm.tsx'

export function ChannelsField(field: Record<string, unknown>) {
  const { data } = useQuery(ask('channels'))
  const none = (field['value'] as string[]).length === 0
  return (
    <Choices
      label={t('pricing.form.channels')}
      description={t('pricing.form.channelsHelp')}
      {...(none ? { placeholder: t('pricing.form.channelsAll') } : {})}
      data={(data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
      {...field}
    />
  )
}

export function ScopeFields({ form, field }: { form: RuleFormOf; field: FieldOf }) {
  const { scopeKind } = form.values
  return (
    <>
      <div>
        <Text component="div" size="sm" fw={600} mb={4} id="scope-kind">
          {t('pricing.form.scope')}
        </Text>
        <SegmentedControl
          fullWidth
          aria-labelledby="scope-kind"
          className={classes.choices}
          data={(['all', 'suppliers', 'categories', 'products'] as const).map((kind) => ({
            value: kind,
            label: t(`pricing.form.scopes.${kind}`),
          }))}
          {...form.getInputProps('scopeKind')}
        />
      </div>
      {scopeKind === 'suppliers' && <SuppliersField {...field('supplierIds')} />}
      {scopeKind === 'categories' && <CategoriesField {...field('categories')} />}
      {scopeKind === 'products' && <ProductsField {...field('productIds')} />}
    </>
  )
}

function SuppliersField(field: Record<string, unknown>) {
  const { data } = useQuery(ask('suppliers'))
  return (
    <Choices
      label={t('pricing.form.suppliers')}
      description={t('pricing.form.suppliersHelp')}
      data={(data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
      {...field}
    />
  )
}

const debounceMs = 200

function CategoriesField(field: Record<string, unknown>) {
  const { typed, ...searching } = useSearching()
  const { data } = useQuery({
    ...ask('pricingCategories', { query: { search: typed || undefined } }),
    placeholderData: keepPreviousData,
  })
  const chosen = field['value'] as string[]
  const found = (data ?? []).map(({ name, products }) => ({ value: name, label: `${name} (${countLabel(products)})` }))
  const others = chosen.filter((name) => !found.some(({ value }) => value === name))
  return (
    <Choices
      label={t('pricing.form.categories')}
      description={t('pricing.form.categoriesHelp')}
      data={[...found, ...others.map((name) => ({ value: name, label: name }))]}
      {...searching}
      {...field}
    />
  )
}

const foundMax = 30

function ProductsField(field: Record<string, unknown>) {
  const { typed, ...searching } = useSearching()
  const { data } = useQuery({
    ...ask('products', { query: { search: typed || undefined, limit: foundMax } }),
    placeholderData: keepPreviousData,
  })
  const chosen = field['value'] as string[]
  const found = (data?.rows ?? []).map(({ id, title }) => ({ value: id, label: title }))
  // Those chosen earlier are named by asking for them.
  const named = useQueries({
    queries: chosen.slice(0, foundMax).map((id) => ({ ...ask('product', { params: { id } }), staleTime: Infinity })),
  })
  const others = chosen
    .filter((id) => !found.some(({ value }) => value === id))
    .map((id) => ({ value: id, label: named.find((one) => one.data?.id === id)?.data?.title ?? '…' }))
  return (
    <Choices
      label={t('pricing.form.products')}
      description={t('pricing.form.productsHelp')}
      data={[...found, ...others]}
      {...searching}
      {...field}
    />
  )
}

function useSearching() {
  const [searchValue, onSearchChange] = useState('')
  const [typed] = useDebouncedValue(searchValue.trim(), debounceMs)
  // The hub has searched already.
  return { typed, searchValue, onSearchChange, filter: ({ options }: { options: unknown }) => options as never }
}

type ChoicesProps = { label: string; description: string; data: ComboboxData } & Record<string, unknown>

function Choices(props: ChoicesProps) {
  const isEmpty = ((props['value'] as string[] | undefined) ?? []).length === 0
  return (
    <MultiSelect
      searchable
      hidePickedOptions
      clearSearchOnChange
      nothingFoundMessage={t('pricing.form.nothing')}
      {...(isEmpty ? { placeholder: t('pricing.form.searchMore') } : {})}
      maxDropdownHeight={260}
      {...props}
    />
  )
}
