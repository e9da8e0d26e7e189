// Title, selling price and shipping price of a row, changed where they stand (F2). A field is there only from the moment
// its cell was touched; all others are plain buttons, so that rows can be used again.
import { useCallback, useMemo, useState, type ReactNode } from 'react'
import type { Money } from '../../../domain/money.ts'
import { moneyText } from '../../../domain/money.ts'
import { moneyLabel } from '../../format.ts'
import { t } from '../../i18n.ts'
import { FigureButton, TouchedFigure } from '../../parts/EditableFigure.tsx'
import { typedMoney } from '../products/typed.ts'
import type { GridRow } from './grid-state.ts'
import { useSay } from './use-say.ts'
import { keyOfRow } from './use-variations.ts'

type Part = 'title' | 'price' | 'shipping'
/** Which cells were touched, and how one becomes so. */
export type Touching = { isTouched: (row: GridRow, part: Part) => boolean; touch: (row: GridRow, part: Part) => void }

export function useTouching(): Touching {
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set())
  const isTouched = useCallback((row: GridRow, part: Part) => touched.has(cellOf(row, part)), [touched])
  const touch = useCallback(
    (row: GridRow, part: Part) => setTouched((before) => new Set([...before, cellOf(row, part)])),
    [],
  )
  return useMemo(() => ({ isTouched, touch }), [isTouched, touch])
}

const cellOf = (row: GridRow, part: Part) => `${part} ${keyOfRow(row)}`

type Props = { row: GridRow; channelId: string; touching: Touching }
type MoneyProps = Props & { variantId: string; currency: string }

const titleMax = 1000
const words = { maxLength: titleMax }

export function titleEdit(props: Props): ReactNode {
  const { row, touching } = props
  if (touching.isTouched(row, 'title')) return <TitleField key={keyOfRow(row)} {...props} />
  return (
    <FigureButton
      label={t('listings.editTitle', { sku: row.sku })}
      figure={row.title}
      hint=""
      words={words}
      onBegin={() => touching.touch(row, 'title')}
    />
  )
}

function TitleField({ row, channelId }: Props) {
  const say = useSay(channelId)
  return (
    <TouchedFigure<string | null>
      label={t('listings.editTitle', { sku: row.sku })}
      value={row.title}
      toText={(title) => title ?? ''}
      fromText={(text) => text.trim() || null}
      {...(row.titleIsOwn ? {} : { undoTo: null })}
      words={words}
      help={t('listings.titleHelp')}
      wrong={t('listings.titleHelp')}
      renderFigure={(title) => title ?? row.title}
      save={(title) =>
        say(
          row.productId,
          row.kind === 'child' && row.variantId
            ? { variants: [{ variantId: row.variantId, title }] }
            : { product: { title } },
        )
      }
      saved={t('listings.titleSaved', { sku: row.sku })}
    />
  )
}

const priceText = (price: Money | null) => (price ? moneyLabel(price) : t('listings.noPrice'))

export function priceEdit(props: MoneyProps): ReactNode {
  const { row, touching } = props
  if (touching.isTouched(row, 'price')) return <PriceField key={keyOfRow(row)} {...props} />
  return (
    <FigureButton
      label={t('listings.editPrice', { sku: row.sku })}
      figure={priceText(row.priceFrom)}
      hint={row.priceFrom?.currency}
      onBegin={() => touching.touch(row, 'price')}
    />
  )
}

/** A rule's price is its own: another typed over it is the seller's, and emptying that gives it back. */
function PriceField({ row, channelId, currency, variantId }: MoneyProps) {
  const say = useSay(channelId)
  return (
    <TouchedFigure<Money | null>
      label={t('listings.editPrice', { sku: row.sku })}
      value={row.priceFrom}
      toText={(price) => (price ? moneyText(price) : '')}
      fromText={(text) => {
        const price = typedMoney(text, currency)
        return price && price.minor <= 0 ? undefined : price
      }}
      {...(row.priceIs === 'own' ? {} : { undoTo: null })}
      help={t('listings.priceHelp')}
      wrong={t('listings.priceWrong')}
      renderFigure={priceText}
      save={(priceIncVat) => say(row.productId, { variants: [{ variantId, priceIncVat }] })}
      saved={t('listings.priceSaved', { sku: row.sku })}
    />
  )
}

const shippingText = (price: Money | null) => (price ? moneyLabel(price) : t('listings.noShipping'))

export function shippingEdit(props: MoneyProps): ReactNode {
  const { row, touching } = props
  if (touching.isTouched(row, 'shipping')) return <ShippingField key={keyOfRow(row)} {...props} />
  return (
    <FigureButton
      label={t('listings.editShipping', { sku: row.sku })}
      figure={shippingText(row.shippingExVat)}
      hint={row.shippingExVat?.currency}
      onBegin={() => touching.touch(row, 'shipping')}
    />
  )
}

function ShippingField({ row, channelId, currency, variantId }: MoneyProps) {
  const say = useSay(channelId)
  return (
    <TouchedFigure<Money | null>
      label={t('listings.editShipping', { sku: row.sku })}
      value={row.shippingExVat}
      toText={(price) => (price ? moneyText(price) : '')}
      fromText={(text) => typedMoney(text, currency)}
      help={t('listings.shippingHelp')}
      wrong={t('listings.shippingWrong')}
      renderFigure={shippingText}
      save={(shippingExVat) => say(row.productId, { variants: [{ variantId, shippingExVat }] })}
      saved={t('listings.shippingSaved', { sku: row.sku })}
    />
  )
}
