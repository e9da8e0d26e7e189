// What a row of the listings grid shows (F2).
import { countLabel } from '../../format.ts'
import { t } from '../../i18n.ts'
import { IconMinus, IconPencil, IconPlus } from '../../icons.ts'
import type { Column } from '../../parts/DataTable.tsx'
import { MoneyText } from '../../parts/MoneyText.tsx'
import { Picture } from '../products/Picture.tsx'
import { PriceEdit, ShippingEdit, TitleEdit } from './figure-edits.tsx'
import type { GridRow } from './grid-state.ts'
import classes from './listings.module.css'
import { ListingState, type Again } from './ListingState.tsx'

type Makings = {
  channelId: string
  currency: string
  /** Why no shipping price is taken; undefined where one is. */
  noShipping: string | undefined
  isOpen: (row: GridRow) => boolean | undefined
  onToggle: (row: GridRow, open: boolean) => void
  onDescribe: (row: GridRow) => void
  onAgain: Again
}

export function gridColumns(makings: Makings): Column<GridRow>[] {
  return [...whatItIs(makings), ...whatItSays(makings), ...whatItCosts(makings), ...whereItStands(makings)]
}

function whatItIs({ isOpen, onToggle }: Makings): Column<GridRow>[] {
  return [
    {
      key: 'image',
      head: t('listings.columns.image'),
      width: 64,
      stays: 'start',
      card: 'none',
      render: (row) => <Picture url={row.imageUrl} size={32} />,
    },
    {
      key: 'sku',
      head: t('listings.columns.sku'),
      width: 130,
      sort: 'sku',
      stays: 'start',
      render: (row) => (
        <span className={`code ellipsis ${row.kind === 'child' ? classes.child : ''}`} title={row.sku}>
          {row.sku}
        </span>
      ),
    },
    {
      key: 'variation',
      head: t('listings.columns.variation'),
      width: 118,
      render: (row) => <Variation row={row} isOpen={isOpen(row)} onToggle={onToggle} />,
    },
  ]
}

type VariationProps = { row: GridRow; isOpen: boolean | undefined; onToggle: Makings['onToggle'] }

function Variation({ row, isOpen, onToggle }: VariationProps) {
  if (isOpen === undefined)
    return <span className={classes.quiet}>{t(row.kind === 'child' ? 'listings.child' : 'listings.single')}</span>
  const Sign = isOpen ? IconMinus : IconPlus
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
      <span className={classes.foldSign}>
        <Sign size={12} stroke={2.4} aria-hidden="true" />
      </span>
      {t('listings.variations', { count: row.variants })}
    </button>
  )
}

function whatItSays({ channelId, currency, onDescribe }: Makings): Column<GridRow>[] {
  return [
    {
      key: 'title',
      head: t('listings.columns.name'),
      width: 150,
      grow: 3,
      sort: 'title',
      card: 'title',
      render: (row) => <TitleEdit row={row} channelId={channelId} currency={currency} />,
    },
    {
      key: 'description',
      head: t('listings.columns.description'),
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
            <IconPencil size={13} aria-hidden="true" />
            {t(row.hasDescription ? 'listings.describe' : 'listings.write')}
          </button>
        ),
    },
  ]
}

function whatItCosts({ channelId, currency, noShipping }: Makings): Column<GridRow>[] {
  return [
    {
      key: 'stock',
      head: t('listings.columns.stock'),
      width: 80,
      figures: true,
      sort: 'stock',
      render: (row) => stockText(row.stock),
    },
    {
      key: 'cost',
      head: t('listings.columns.cost'),
      width: 114,
      figures: true,
      sort: 'cost',
      card: 'none',
      render: (row) => <MoneyText money={row.costExVat} />,
    },
    {
      key: 'shipping',
      head: t('listings.columns.shipping'),
      width: 122,
      figures: true,
      card: 'none',
      render: (row) =>
        noShipping === undefined ? (
          <ShippingEdit row={row} channelId={channelId} currency={currency} />
        ) : (
          <span className={classes.quiet} title={noShipping}>
            {t('wizard.shipping.notTakenHere')}
          </span>
        ),
    },
    {
      key: 'price',
      head: t('listings.columns.price'),
      width: 128,
      figures: true,
      sort: 'price',
      render: (row) => <PriceEdit row={row} channelId={channelId} currency={currency} />,
    },
  ]
}

function whereItStands({ onAgain }: Makings): Column<GridRow>[] {
  return [
    {
      key: 'category',
      head: t('listings.columns.category'),
      width: 110,
      grow: 1,
      card: 'none',
      render: (row) => quietText(row.category),
    },
    {
      key: 'productType',
      head: t('listings.columns.productType'),
      width: 120,
      grow: 1,
      card: 'none',
      render: (row) => quietText(row.productType),
    },
    {
      key: 'collection',
      head: t('listings.columns.collection'),
      width: 104,
      grow: 1,
      card: 'none',
      render: (row) => quietText(row.collection),
    },
    {
      key: 'status',
      stays: 'end',
      head: t('listings.columns.status'),
      width: 142,
      card: 'side',
      render: (row) => <ListingState row={row} onAgain={onAgain} />,
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
    <span className="figure">{countLabel(stock)}</span>
  )
}

function quietText(text: string | null) {
  return (
    <span className={`ellipsis ${classes.quiet}`} title={text ?? undefined}>
      {text ?? ''}
    </span>
  )
}

/** For the foot and for dialogs: "1 product", "10,000+ products". */
export function chosenLabel(count: { value: number; more: boolean }): string {
  return t('listings.chosenCount', { count: count.value, shown: countLabel(count) })
}
