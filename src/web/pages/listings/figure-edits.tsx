// Title, selling price and shipping price of a row, changed where they stand (F2).
import { Tooltip } from '@mantine/core'
import type { Money } from '../../../domain/money.ts'
import { moneyText } from '../../../domain/money.ts'
import { t } from '../../i18n.ts'
import { EditableFigure } from '../../parts/EditableFigure.tsx'
import { MoneyText } from '../../parts/MoneyText.tsx'
import { typedMoney } from '../products/typed.ts'
import type { GridRow } from './grid-state.ts'
import classes from './listings.module.css'
import { useSay } from './use-say.ts'

type Props = { row: GridRow; channelId: string; currency: string }

const titleMax = 1000

export function TitleEdit({ row, channelId }: Props) {
  const say = useSay(channelId)
  return (
    <EditableFigure<string | null>
      label={t('listings.editTitle', { sku: row.sku })}
      value={row.title}
      toText={(title) => title ?? ''}
      fromText={(text) => text.trim() || null}
      {...(row.titleIsOwn ? {} : { undoTo: null })}
      words={{ maxLength: titleMax }}
      help={t('listings.titleHelp')}
      wrong={t('listings.titleHelp')}
      renderFigure={(title) => <span title={title ?? row.title}>{title ?? row.title}</span>}
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

/** A rule's price is its own: another typed over it is the seller's, and emptying that gives it back. */
export function PriceEdit({ row, channelId, currency }: Props) {
  const say = useSay(channelId)
  const { variantId } = row
  return (
    <>
      <PriceSigns row={row} />
      {variantId === null ? (
        <PriceRange row={row} />
      ) : (
        <EditableFigure<Money | null>
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
          renderFigure={(price) => <MoneyText money={price} unknown={t('listings.noPrice')} />}
          save={(priceIncVat) => say(row.productId, { variants: [{ variantId, priceIncVat }] })}
          saved={t('listings.priceSaved', { sku: row.sku })}
        />
      )}
    </>
  )
}

function PriceSigns({ row: { priceIs, priceHeld } }: { row: GridRow }) {
  return (
    <>
      {priceHeld !== null && <Sign text={t('listings.held')} why={priceHeld} tone="wait" />}
      {priceIs === 'rule' && <Sign text={t('listings.auto')} why={t('listings.autoWhy')} />}
      {priceIs === 'mixed' && <Sign text={t('listings.auto')} why={t('listings.mixedWhy')} tone="wait" />}
    </>
  )
}

function Sign({ text, why, tone }: { text: string; why: string; tone?: 'wait' }) {
  return (
    <Tooltip label={why} multiline maw={300}>
      <span className={classes.auto} data-tone={tone} tabIndex={0}>
        {text}
      </span>
    </Tooltip>
  )
}

function PriceRange({ row: { priceFrom, priceTo } }: { row: GridRow }) {
  if (!priceFrom || !priceTo || priceFrom.minor === priceTo.minor)
    return <MoneyText money={priceFrom} unknown={t('listings.noPrice')} />
  return (
    <span className="figure">
      <MoneyText money={priceFrom} /> – <MoneyText money={priceTo} />
    </span>
  )
}

export function ShippingEdit({ row, channelId, currency }: Props) {
  const say = useSay(channelId)
  const { variantId } = row
  if (variantId === null) return <span className={classes.quiet}>–</span>
  return (
    <EditableFigure<Money | null>
      label={t('listings.editShipping', { sku: row.sku })}
      value={row.shippingExVat}
      toText={(price) => (price ? moneyText(price) : '')}
      fromText={(text) => typedMoney(text, currency)}
      help={t('listings.shippingHelp')}
      wrong={t('listings.shippingWrong')}
      renderFigure={(price) => <MoneyText money={price} unknown={t('listings.noShipping')} />}
      save={(shippingExVat) => say(row.productId, { variants: [{ variantId, shippingExVat }] })}
      saved={t('listings.shippingSaved', { sku: row.sku })}
    />
  )
}
