// The rule as typed, worked out on a few real products while it is typed (F7).
import { MultiSelect, Select, Skeleton, Text, Title } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { Answer } from '../../api.ts'
import { ask } from '../../api.ts'
import { moneyLabel } from '../../format.ts'
import { t } from '../../i18n.ts'
import { IconCalculator } from '../../icons.ts'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { ErrorState } from '../../parts/ErrorState.tsx'
import { Ledger, Split } from './Ledger.tsx'
import classes from './pricing.module.css'
import type { RuleFields } from './rule-form.ts'
import { draftOf } from './rule-form.ts'

type Example = Answer<'pricingExample'>['examples'][number]

const debounceMs = 300
const variantsMax = 3

/** `onTold`: what the hub says is wrong with the rule as typed, by field. */
export function Examples({ values, onTold }: { values: RuleFields; onTold: (fields: Record<string, string>) => void }) {
  const [channelId, setChannelId] = useState<string | null>(null)
  const [variantIds, setVariantIds] = useState<string[]>([])
  const [typed] = useDebouncedValue(values, debounceMs)
  // It can be worked out before it has a name.
  const { draft } = draftOf({ ...typed, name: typed.name.trim() || t('pricing.form.newTitle') })
  const channelMeant = channelId && (values.channelIds.length === 0 || values.channelIds.includes(channelId))
  const { data, error, refetch } = useQuery({
    ...ask('pricingExample', {
      // Never asked without a rule, as `enabled` says.
      body: { rule: draft as NonNullable<typeof draft>, channelId: channelMeant ? channelId : null, variantIds },
    }),
    enabled: draft !== null,
    placeholderData: keepPreviousData,
    staleTime: 5000,
  })
  const fields = data?.fields
  useEffect(() => onTold(fields ?? {}), [fields, onTold])
  return (
    <section className={`panel ${classes.examples}`} aria-label={t('pricing.example.title')}>
      <Title order={2}>{t('pricing.example.title')}</Title>
      <p className={classes.quiet}>{draft ? t('pricing.example.lead') : t('pricing.example.waits')}</p>
      <Chooser
        values={values}
        channelId={channelMeant ? channelId : null}
        onChannel={setChannelId}
        variantIds={variantIds}
        onVariants={setVariantIds}
      />
      {error && !data ? (
        <ErrorState error={error} title={t('pricing.example.notWorked')} onRetry={() => void refetch()} />
      ) : !data ? (
        <Skeleton height={300} aria-busy={draft !== null} />
      ) : data.examples.length === 0 ? (
        <EmptyState icon={IconCalculator} title={t('pricing.example.empty')} text={t('pricing.example.emptyNext')} />
      ) : (
        data.examples.map((example) => <One key={`${example.variantId} ${example.channelId}`} example={example} />)
      )}
    </section>
  )
}

function One({ example }: { example: Example }) {
  const { title, sku, channelName, before, lines, price, split } = example
  return (
    <article className={classes.example} aria-label={`${title} ${sku}`}>
      <div className={classes.exampleHead}>
        <span>
          <strong>{title}</strong> <span className="code">{sku}</span>
        </span>
        <Text span size="sm" c="dimmed">
          {channelName} ·{' '}
          {before ? t('pricing.example.now', { price: moneyLabel(before) }) : t('pricing.example.noneNow')}
        </Text>
      </div>
      <Ledger label={`${title} ${sku}`} lines={lines} price={price} />
      {split && <Split split={split} />}
    </article>
  )
}

type ChooserProps = {
  values: RuleFields
  channelId: string | null
  onChannel: (id: string | null) => void
  variantIds: string[]
  onVariants: (ids: string[]) => void
}

const foundMax = 30

function Chooser({ values, channelId, onChannel, variantIds, onVariants }: ChooserProps) {
  const { data: channels } = useQuery(ask('channels'))
  const [search, setSearch] = useState('')
  const [typed] = useDebouncedValue(search.trim(), debounceMs)
  const { data: found } = useQuery({
    ...ask('variants', { query: { search: typed || undefined, limit: foundMax } }),
    placeholderData: keepPreviousData,
  })
  const [names, setNames] = useState<Record<string, string>>({})
  const options = (found?.rows ?? []).map(({ id, productTitle, title, sku }) => ({
    value: id,
    label: `${productTitle}${title ? `, ${title}` : ''} (${sku})`,
  }))
  const chosen = variantIds.filter((id) => !options.some(({ value }) => value === id))
  return (
    <div className={classes.pair}>
      <Select
        label={t('pricing.example.channel')}
        placeholder={t('pricing.example.channelFirst')}
        clearable
        size="xs"
        data={(channels ?? [])
          .filter(({ id }) => values.channelIds.length === 0 || values.channelIds.includes(id))
          .map(({ id, name }) => ({ value: id, label: name }))}
        value={channelId}
        onChange={onChannel}
      />
      <MultiSelect
        label={t('pricing.example.variants')}
        {...(variantIds.length === 0 ? { placeholder: t('pricing.example.variantsFirst') } : {})}
        size="xs"
        searchable
        hidePickedOptions
        clearSearchOnChange
        maxValues={variantsMax}
        nothingFoundMessage={t('pricing.form.nothing')}
        searchValue={search}
        onSearchChange={setSearch}
        filter={({ options: all }) => all}
        data={[...options, ...chosen.map((id) => ({ value: id, label: names[id] ?? '…' }))]}
        value={variantIds}
        onChange={(ids) => {
          setNames({ ...names, ...Object.fromEntries(options.map(({ value, label }) => [value, label])) })
          onVariants(ids)
        }}
      />
    </div>
  )
}
