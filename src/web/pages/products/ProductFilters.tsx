// Above the list: search, category, supplier, stock, where it is listed, and the archive.
import { Button, Checkbox, Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { ask } from '../../api.ts'
import { t } from '../../i18n.ts'
import { IconX } from '../../icons.ts'
import { SearchBox } from '../../parts/SearchBox.tsx'
import type { ProductFilterChange, ProductQuery } from './use-product-filters.ts'

type Props = {
  query: ProductQuery
  onChange: (change: ProductFilterChange) => void
  onClear: (() => void) | undefined
}

const shownMax = 200

export function ProductFilters({ query, onChange, onClear }: Props) {
  const { data: choices } = useQuery(ask('myProductsChoices'))
  const channels = choices?.channels ?? []
  return (
    <>
      <SearchBox
        label={t('myProducts.search')}
        value={query.search ?? ''}
        onChange={(search) => onChange({ search })}
        width={280}
      />
      <Select
        aria-label={t('myProducts.filters.category')}
        placeholder={t('myProducts.filters.anyCategory')}
        data={[
          { value: 'none', label: t('myProducts.filters.noCategory') },
          ...(choices?.categories ?? []).map((value) => ({ value, label: value })),
        ]}
        value={query.category ?? null}
        onChange={(category) => onChange({ category })}
        limit={shownMax}
        clearable
        searchable
        w={170}
      />
      <Select
        aria-label={t('myProducts.filters.supplier')}
        placeholder={t('myProducts.filters.anySupplier')}
        data={choices?.suppliers.map(({ id, name }) => ({ value: id, label: name })) ?? []}
        value={query.supplierId ?? null}
        onChange={(supplierId) => onChange({ supplierId })}
        limit={shownMax}
        clearable
        searchable
        w={160}
      />
      <Select
        aria-label={t('myProducts.filters.stock')}
        placeholder={t('myProducts.filters.anyStock')}
        data={[
          { value: 'yes', label: t('myProducts.filters.inStock') },
          { value: 'no', label: t('myProducts.filters.outOfStock') },
        ]}
        value={query.inStock ?? null}
        onChange={(inStock) => onChange({ inStock })}
        clearable
        w={140}
      />
      {channels.length > 0 && (
        <Select
          aria-label={t('myProducts.filters.listed')}
          placeholder={t('myProducts.filters.anywhere')}
          data={channels.map(({ id, name }) => ({
            group: name,
            items: [
              { value: `${id} linked,listed,error`, label: t('myProducts.filters.listedOn', { name }) },
              { value: `${id} not-listed`, label: t('myProducts.filters.notListedOn', { name }) },
              { value: `${id} error`, label: t('myProducts.filters.refusedOn', { name }) },
            ],
          }))}
          value={query.channelId && query.states ? `${query.channelId} ${query.states}` : null}
          onChange={(chosen) => {
            const [channelId = null, states = null] = chosen?.split(' ') ?? []
            onChange({ channelId, states })
          }}
          limit={shownMax}
          clearable
          w={200}
        />
      )}
      <Checkbox
        label={t('myProducts.filters.archived')}
        checked={query.archived === 'yes'}
        onChange={(event) => onChange({ archived: event.currentTarget.checked ? 'yes' : null })}
      />
      {onClear && (
        <Button variant="subtle" color="gray" leftSection={<IconX size={14} aria-hidden="true" />} onClick={onClear}>
          {t('common.clear')}
        </Button>
      )}
    </>
  )
}
