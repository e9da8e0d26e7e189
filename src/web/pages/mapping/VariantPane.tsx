// The right side: our variants. A click or Enter chooses one; the boxes (or Space) gather several for a kit.
import { useRouter } from '@tanstack/react-router'
import type { RowOf } from '../../api.ts'
import { countLabel } from '../../format.ts'
import { t } from '../../i18n.ts'
import { IconBox } from '../../icons.ts'
import type { Column } from '../../parts/DataTable.tsx'
import { DataTable } from '../../parts/DataTable.tsx'
import { useFilters } from '../../parts/filters.ts'
import { MoneyText } from '../../parts/MoneyText.tsx'
import { usePages } from '../../parts/table-source.ts'
import { ThumbCell } from '../../parts/ThumbCell.tsx'
import type { Component } from './drafts.ts'
import classes from './mapping.module.css'
import { NoRows, PaneHead, mappedFilter } from './PaneHead.tsx'

type Row = RowOf<'variants'>
type Props = { channelId: string; basket: Component[]; onBasket: (basket: Component[]) => void }

/** What a kit may hold. */
const kitMax = 50

export function VariantPane({ channelId, basket, onBasket }: Props) {
  const router = useRouter()
  const [filters, setFilters] = useFilters('rightSearch', 'right')
  const mapped = mappedFilter(filters.right)
  const source = usePages('variants', {
    query: { channelId, mapped, ...(filters.rightSearch ? { search: filters.rightSearch } : {}) },
  })
  const gather = (chosen: ReadonlySet<string>) => {
    const kept = basket.filter(({ variantId }) => chosen.has(variantId))
    const held = new Set(kept.map(({ variantId }) => variantId))
    const added = source.rows.filter((row) => chosen.has(row.id) && !held.has(row.id)).map(asComponent)
    onBasket([...kept, ...added].slice(0, kitMax))
  }
  return (
    <section className={classes.pane} aria-label={t('mapping.right')}>
      <PaneHead
        title={t('mapping.right')}
        search={filters.rightSearch ?? ''}
        searchLabel={t('mapping.searchRight')}
        onSearch={(rightSearch) => setFilters({ rightSearch })}
        mapped={mapped}
        onMapped={(right) => setFilters({ right })}
      />
      <DataTable
        label={t('mapping.right')}
        source={source}
        columns={columns()}
        rowKey={(row) => row.id}
        rowName={(row) => row.sku}
        selection={{ chosen: new Set(basket.map(({ variantId }) => variantId)), onChange: gather, withoutAll: true }}
        onOpen={(row) => onBasket(basket.length === 1 && basket[0]?.variantId === row.id ? [] : [asComponent(row)])}
        empty={
          <NoRows
            filtered={Boolean(filters.rightSearch ?? filters.right)}
            onClear={() => setFilters({ rightSearch: '', right: '' })}
            icon={IconBox}
            title={t('mapping.emptyRight')}
            text={t('mapping.emptyRightNext')}
            button={t('mapping.toProducts')}
            onButton={() => void router.navigate({ to: '/products' })}
          />
        }
      />
    </section>
  )
}

function columns(): Column<Row>[] {
  return [
    {
      key: 'variant',
      head: t('mapping.columns.variant'),
      width: 210,
      grow: 3,
      card: 'title',
      render: (row) => <ThumbCell imageUrl={row.imageUrl} title={variantTitle(row)} code={row.sku} />,
    },
    {
      key: 'price',
      head: t('mapping.columns.price'),
      width: 84,
      figures: true,
      render: (row) => <MoneyText money={row.priceIncVat} />,
    },
    {
      key: 'available',
      head: t('mapping.columns.available'),
      width: 92,
      figures: true,
      render: (row) =>
        row.available === null ? (
          <span style={{ color: 'var(--mantine-color-dimmed)' }}>{t('common.unknown')}</span>
        ) : (
          countLabel(row.available)
        ),
    },
    {
      key: 'listings',
      head: t('mapping.columns.listings'),
      width: 94,
      figures: true,
      render: (row) => countLabel(row.mappedListings),
    },
  ]
}

function asComponent(row: Row): Component {
  return { variantId: row.id, sku: row.sku, title: variantTitle(row), quantity: 1 }
}

function variantTitle(row: Row): string {
  return row.title && row.title !== row.productTitle && !/^default( title)?$/i.test(row.title)
    ? `${row.productTitle}, ${row.title}`
    : row.productTitle
}
