// What a row of My products shows.
import { Badge, Tooltip } from '@mantine/core'
import type { RowOf } from '../../api.ts'
import { t } from '../../i18n.ts'
import type { Column } from '../../parts/DataTable.tsx'
import { AnchorLink } from '../../parts/LinkTo.tsx'
import { MoneyText } from '../../parts/MoneyText.tsx'
import { StatusBadge } from '../../parts/StatusBadge.tsx'
import { gridStateLook } from '../listings/grid-state.ts'
import { Available } from './Available.tsx'
import { Picture } from './Picture.tsx'
import classes from './products.module.css'

type Row = RowOf<'myProducts'>

export function productColumns(): Column<Row>[] {
  const text = (value: string | null) => <span className={`ellipsis ${classes.quiet}`}>{value ?? ''}</span>
  return [
    {
      key: 'product',
      head: t('products.columns.product'),
      width: 280,
      grow: 3,
      card: 'title',
      render: (row) => (
        <span className={classes.titleCell}>
          <Picture url={row.imageUrl} size={32} />
          <AnchorLink
            to="/products/$id"
            params={{ id: row.id }}
            size="sm"
            fw={550}
            className="ellipsis"
            title={row.title}
          >
            {row.title}
          </AnchorLink>
          {row.archived && (
            <Badge variant="default" size="sm" radius="sm" tt="none">
              {t('myProducts.archived')}
            </Badge>
          )}
        </span>
      ),
    },
    {
      key: 'sku',
      head: t('productEditor.variant.sku'),
      width: 120,
      grow: 1,
      render: (row) =>
        row.sku === null ? (
          text(t('myProducts.variants', { count: row.variants }))
        ) : (
          <span className="code ellipsis" title={row.sku}>
            {row.sku}
          </span>
        ),
    },
    { key: 'brand', head: t('products.columns.brand'), width: 120, grow: 1, render: (row) => text(row.brand) },
    {
      key: 'category',
      card: 'none',
      head: t('myProducts.columns.category'),
      width: 130,
      grow: 1,
      render: (row) => text(row.category),
    },
    {
      key: 'available',
      head: t('products.columns.available'),
      width: 100,
      figures: true,
      render: (row) => <Available count={row.available} />,
    },
    {
      key: 'price',
      head: t('products.columns.price'),
      width: 160,
      figures: true,
      render: (row) => <PriceRange from={row.priceFrom} to={row.priceTo} />,
    },
    {
      key: 'listed',
      head: t('myProducts.columns.listed'),
      width: 170,
      grow: 1,
      render: (row) => <Listed row={row} />,
    },
  ]
}

function Listed({ row }: { row: Row }) {
  if (row.refusedOn.length > 0) {
    const names = row.refusedOn.join(', ')
    return (
      <Tooltip label={t('myProducts.refusedOn', { names })} multiline maw={280}>
        <span className={classes.titleCell}>
          <StatusBadge look={gridStateLook('error')} />
          <span className={`ellipsis ${classes.quiet}`}>{names}</span>
        </span>
      </Tooltip>
    )
  }
  if (row.listedOn.length === 0) return <span className={classes.quiet}>{t('myProducts.nowhere')}</span>
  const names = row.listedOn.join(', ')
  return (
    <span className="ellipsis" title={names}>
      {names}
    </span>
  )
}

function PriceRange({ from, to }: { from: Row['priceFrom']; to: Row['priceTo'] }) {
  if (from === null) return <MoneyText money={null} unknown={t('products.noPrice')} />
  if (to === null || (to.minor === from.minor && to.currency === from.currency)) return <MoneyText money={from} />
  return (
    <span className="figure">
      <MoneyText money={from} /> – <MoneyText money={to} />
    </span>
  )
}
