// What a row of the listings grid shows (F2).
import { countLabel } from '../../format.ts'
import { t } from '../../i18n.ts'
import type { Column } from '../../parts/DataTable.tsx'
import { Glyph } from '../../parts/Glyph.tsx'
import { MoneyText } from '../../parts/MoneyText.tsx'
import { priceEdit, shippingEdit, titleEdit, type Touching } from './figure-edits.tsx'
import type { GridRow } from './grid-state.ts'
import classes from './listings.module.css'
import { ListingState, type Again } from './ListingState.tsx'
import { PriceRange, PriceSign } from './PriceSign.tsx'
import { RowPicture } from './RowPicture.tsx'
import type { AskRow } from './RowWhy.tsx'

type Makings = {
  channelId: string
  currency: string
  /** Why no shipping price is taken; undefined where one is. */
  noShipping: string | undefined
  isOpen: (row: GridRow) => boolean | undefined
  onToggle: (row: GridRow, open: boolean) => void
  onDescribe: (row: GridRow) => void
  onAgain: Again
  touching: Touching
  askRow: AskRow
}

export const gridColumnKeys = [
  'image',
  'sku',
  'variation',
  'title',
  'description',
  'stock',
  'cost',
  'shipping',
  'price',
  'category',
  'productType',
  'collection',
  'status',
] as const
type Key = (typeof gridColumnKeys)[number]

export function columnHead(key: Key): string {
  return t(`listings.columns.${key === 'title' ? 'name' : key}`)
}

export function gridColumns(makings: Makings): Column<GridRow>[] {
  return [...whatItIs(makings), ...whatItSays(makings), ...whatItCosts(makings), ...whereItStands(makings)]
}

function whatItIs({ isOpen, onToggle }: Makings): Column<GridRow>[] {
  return [
    {
      key: 'image',
      head: columnHead('image'),
      width: 64,
      stays: 'start',
      card: 'none',
      render: (row) => <RowPicture url={row.imageUrl} />,
    },
    {
      key: 'sku',
      head: columnHead('sku'),
      width: 130,
      sort: 'sku',
      stays: 'start',
      words: 'code',
      render: (row) => (row.kind === 'child' ? <span className={classes.child}>{row.sku}</span> : row.sku),
    },
    {
      key: 'variation',
      head: columnHead('variation'),
      width: 118,
      render: (row) => <Variation row={row} isOpen={isOpen(row)} onToggle={onToggle} />,
    },
  ]
}

type VariationProps = { row: GridRow; isOpen: boolean | undefined; onToggle: Makings['onToggle'] }

function Variation({ row, isOpen, onToggle }: VariationProps) {
  if (isOpen === undefined)
    return <span className={classes.quiet}>{row.kind === 'child' ? t('listings.child') : t('listings.single')}</span>
  return (
    <button
      type="button"
      className={classes.fold}
      aria-label={t(isOpen ? 'listings.hideVariations' : 'listings.showVariations', {
        title: row.title,
        count: row.variants,
      })}
      tabIndex={-1}
      onClick={() => onToggle(row, !isOpen)}
    >
      <Glyph name={isOpen ? 'minus' : 'plus'} />
      {t('listings.variations', { count: row.variants })}
    </button>
  )
}

function whatItSays({ channelId, touching, onDescribe }: Makings): Column<GridRow>[] {
  return [
    {
      key: 'title',
      head: columnHead('title'),
      width: 140,
      grow: 3,
      sort: 'title',
      card: 'title',
      render: (row) => titleEdit({ row, channelId, touching }),
    },
    {
      key: 'description',
      head: columnHead('description'),
      width: 98,
      card: 'none',
      render: (row) =>
        row.kind === 'child' ? null : (
          <button
            type="button"
            className={classes.describe}
            data-missing={row.hasDescription ? undefined : true}
            aria-label={t(row.hasDescription ? 'listings.describeOf' : 'listings.writeOf', { title: row.title })}
            onClick={() => onDescribe(row)}
          >
            <Glyph name="pencil" />
            {t(row.hasDescription ? 'listings.describe' : 'listings.write')}
          </button>
        ),
    },
  ]
}

function whatItCosts({ channelId, currency, noShipping, touching, askRow }: Makings): Column<GridRow>[] {
  return [
    {
      key: 'stock',
      head: columnHead('stock'),
      width: 90,
      figures: true,
      sort: 'stock',
      words: 'plain',
      render: (row) => stockText(row.stock),
    },
    {
      key: 'cost',
      head: columnHead('cost'),
      width: 114,
      figures: true,
      sort: 'cost',
      card: 'none',
      words: 'plain',
      render: (row) => <MoneyText money={row.costExVat} />,
    },
    {
      key: 'shipping',
      head: columnHead('shipping'),
      width: 122,
      figures: true,
      card: 'none',
      render: (row) =>
        noShipping !== undefined ? (
          <span className={classes.quiet} title={noShipping}>
            {t('wizard.shipping.notTakenHere')}
          </span>
        ) : row.variantId === null ? (
          <span className={classes.quiet}>–</span>
        ) : (
          shippingEdit({ row, channelId, touching, currency, variantId: row.variantId })
        ),
    },
    {
      key: 'price',
      head: columnHead('price'),
      width: 128,
      figures: true,
      sort: 'price',
      render: (row) => (
        <>
          <PriceSign row={row} askRow={askRow} />
          {row.variantId === null ? (
            <PriceRange row={row} />
          ) : (
            priceEdit({ row, channelId, touching, currency, variantId: row.variantId })
          )}
        </>
      ),
    },
  ]
}

function whereItStands({ onAgain, askRow }: Makings): Column<GridRow>[] {
  return [
    {
      key: 'category',
      head: columnHead('category'),
      width: 110,
      grow: 1,
      card: 'none',
      words: 'quiet',
      render: (row) => row.category,
    },
    {
      key: 'productType',
      head: columnHead('productType'),
      width: 120,
      grow: 1,
      card: 'none',
      words: 'quiet',
      render: (row) => row.productType,
    },
    {
      key: 'collection',
      head: columnHead('collection'),
      width: 104,
      grow: 1,
      card: 'none',
      words: 'quiet',
      render: (row) => row.collection,
    },
    {
      key: 'status',
      stays: 'end',
      head: columnHead('status'),
      width: 142,
      card: 'side',
      render: (row) => <ListingState row={row} onAgain={onAgain} askRow={askRow} />,
    },
  ]
}

/** Unknown is not 0. */
function stockText(stock: number | null) {
  return stock === null ? (
    <span className={classes.quiet} title={t('listings.stockUnknown')}>
      {t('common.unknown')}
    </span>
  ) : (
    countLabel(stock)
  )
}

/** For the foot and for dialogs: "1 product", "10,000+ products". */
export function chosenLabel(count: { value: number; more: boolean }): string {
  return t('listings.chosenCount', { count: count.value, shown: countLabel(count) })
}
