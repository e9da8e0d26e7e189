// What a row of the products list shows.
import type { RowOf } from '../../api.ts'
import { countLabel } from '../../format.ts'
import { t } from '../../i18n.ts'
import type { Column } from '../../parts/DataTable.tsx'
import { AnchorLink } from '../../parts/LinkTo.tsx'
import { MoneyText } from '../../parts/MoneyText.tsx'
import { Available } from './Available.tsx'
import { Picture } from './Picture.tsx'
import classes from './products.module.css'

type Row = RowOf<'products'>

export function productColumns(): Column<Row>[] {
  const text = (value: string | null) => <span className={`ellipsis ${classes.quiet}`}>{value ?? ''}</span>
  return [
    {
      key: 'product',
      head: t('products.columns.product'),
      width: 260,
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
        </span>
      ),
    },
    { key: 'brand', head: t('products.columns.brand'), width: 130, grow: 1, render: (row) => text(row.brand) },
    { key: 'type', head: t('products.columns.type'), width: 130, grow: 1, render: (row) => text(row.productType) },
    {
      key: 'variants',
      head: t('products.columns.variants'),
      width: 90,
      figures: true,
      render: (row) => countLabel(row.variants),
    },
    {
      key: 'available',
      head: t('products.columns.available'),
      width: 110,
      figures: true,
      render: (row) => <Available count={row.available} />,
    },
    {
      key: 'price',
      head: t('products.columns.price'),
      width: 170,
      figures: true,
      render: (row) => <PriceRange from={row.priceFrom} to={row.priceTo} />,
    },
    {
      key: 'listings',
      head: t('products.columns.listings'),
      width: 90,
      figures: true,
      render: (row) => countLabel(row.listings),
    },
  ]
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
