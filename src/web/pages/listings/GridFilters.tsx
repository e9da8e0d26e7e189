// Above the grid: search, category, supplier, stock, and the states as tabs with their counts. All of it is in the address.
import { Button, Select, UnstyledButton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { ask } from '../../api.ts'
import { countLabel } from '../../format.ts'
import { t } from '../../i18n.ts'
import { IconX } from '../../icons.ts'
import { SearchBox } from '../../parts/SearchBox.tsx'
import tabs from '../../parts/Tabs.module.css'
import { gridStateLook, type GridState } from './grid-state.ts'
import classes from './listings.module.css'
import { gridSorts, type FilterChange, type GridQuery } from './use-grid-filters.ts'

type Props = {
  channelId: string
  query: GridQuery
  onChange: (change: FilterChange) => void
  onClear: (() => void) | undefined
}

const searchableFrom = 8

export function GridFilters({ channelId, query, onChange, onClear }: Props) {
  const { data: choices } = useQuery(ask('gridChoices'))
  return (
    <>
      <SearchBox
        label={t('listings.search')}
        value={query.search ?? ''}
        onChange={(search) => onChange({ search })}
        width={280}
      />
      <Select
        aria-label={t('listings.filters.category')}
        placeholder={t('listings.filters.anyCategory')}
        data={choices?.categories ?? []}
        value={query.category ?? null}
        onChange={(category) => onChange({ category })}
        limit={200}
        clearable
        searchable
        w={180}
      />
      <Select
        aria-label={t('listings.filters.supplier')}
        placeholder={t('listings.filters.anySupplier')}
        data={choices?.suppliers.map(({ id, name }) => ({ value: id, label: name })) ?? []}
        value={query.supplierId ?? null}
        onChange={(supplierId) => onChange({ supplierId })}
        clearable
        searchable={(choices?.suppliers.length ?? 0) > searchableFrom}
        w={170}
      />
      <Select
        aria-label={t('listings.filters.stock')}
        placeholder={t('listings.filters.anyStock')}
        data={[
          { value: 'yes', label: t('listings.filters.inStock') },
          { value: 'no', label: t('listings.filters.outOfStock') },
        ]}
        value={query.inStock ?? null}
        onChange={(inStock) => onChange({ inStock })}
        clearable
        w={140}
      />
      <PhoneSort query={query} onChange={onChange} />
      {onClear && (
        <Button variant="subtle" color="gray" leftSection={<IconX size={14} aria-hidden="true" />} onClick={onClear}>
          {t('listings.filters.clear')}
        </Button>
      )}
      <StateTabs channelId={channelId} query={query} onChange={onChange} />
    </>
  )
}

const sortTexts = {
  title: () => t('listings.columns.name'),
  sku: () => t('listings.columns.sku'),
  stock: () => t('listings.columns.stock'),
  cost: () => t('listings.columns.cost'),
  price: () => t('listings.columns.price'),
}

/** Cards have no heads to sort by. */
function PhoneSort({ query, onChange }: Pick<Props, 'query' | 'onChange'>) {
  return (
    <Select
      hiddenFrom="sm"
      aria-label={t('listings.filters.sort')}
      data={gridSorts.flatMap((sort) => [
        { value: `${sort} up`, label: `${sortTexts[sort]()}, ${t('listings.filters.up')}` },
        { value: `${sort} down`, label: `${sortTexts[sort]()}, ${t('listings.filters.down')}` },
      ])}
      value={`${query.sort ?? 'title'} ${query.direction ?? 'up'}`}
      onChange={(chosen) => {
        const [sort, direction] = chosen?.split(' ') ?? []
        onChange({ sort, direction })
      }}
      w={210}
    />
  )
}

const states: GridState[] = ['not-listed', 'listed', 'linked', 'error']

function StateTabs({ channelId, query, onChange }: Omit<Props, 'onClear'>) {
  const { data: channels } = useQuery(ask('managerChannels'))
  const channel = channels?.find(({ id }) => id === channelId)
  const counts = channel && {
    listed: channel.listed,
    linked: channel.linked,
    error: channel.errors,
    'not-listed': channel.notListed,
  }
  const chosen = query.states?.split(',') ?? []
  return (
    <div className={tabs.tabs} role="group" aria-label={t('listings.filters.label')}>
      <UnstyledButton
        className={tabs.tab}
        aria-pressed={chosen.length === 0}
        onClick={() => onChange({ states: null })}
      >
        {t('listings.filters.all')}
        {channel && <span className={classes.tabCount}>{countLabel(channel.products)}</span>}
      </UnstyledButton>
      {states.map((state) => {
        const { icon: Icon, label, tone } = gridStateLook(state)
        return (
          <UnstyledButton
            key={state}
            className={tabs.tab}
            aria-pressed={chosen.includes(state)}
            title={t(`listings.stateIs.${state}`)}
            onClick={() => onChange({ states: state })}
          >
            <Icon size={15} stroke={2} color={`var(--state-${tone})`} aria-hidden="true" />
            {label}
            {counts && <span className={classes.tabCount}>{countLabel(counts[state])}</span>}
          </UnstyledButton>
        )
      })}
    </div>
  )
}
