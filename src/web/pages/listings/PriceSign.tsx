// Where a price is from, beside it: a rule's, held back, or one's own. Pressed, it tells how the price is made (F7).
import { Stack } from '@mantine/core'
import { moneyLabel } from '../../format.ts'
import { t } from '../../i18n.ts'
import { AnchorLink } from '../../parts/LinkTo.tsx'
import { MoneyText } from '../../parts/MoneyText.tsx'
import { PriceArithmetic } from '../pricing/PriceWhy.tsx'
import type { GridRow } from './grid-state.ts'
import classes from './listings.module.css'
import { Words, type AskRow } from './RowWhy.tsx'

type Props = { row: GridRow; askRow: AskRow }

export function PriceSign({ row, askRow }: Props) {
  const { word, why, tone } = signOf(row)
  const listingId = row.variantId === null ? undefined : row.listing?.id
  const label = t('pricing.why.of', { title: row.title })
  return (
    <button
      type="button"
      // A price that nobody made, of a product that is not listed, has nothing to tell.
      hidden={word === undefined && listingId === undefined}
      className={word === undefined ? classes.askPrice : classes.auto}
      data-tone={tone}
      aria-label={word === undefined ? label : `${word}: ${label}`}
      data-hint={why ?? label}
      onClick={(event) =>
        askRow(event, label, (close) => (
          <Stack gap="sm">
            {why !== undefined && <Words>{why}</Words>}
            {listingId !== undefined && <PriceArithmetic listingId={listingId} onAsk={close} />}
            {row.priceWaits && (
              <AnchorLink to="/pricing" size="sm">
                {t('listings.waitsAll')}
              </AnchorLink>
            )}
          </Stack>
        ))
      }
    >
      {word}
    </button>
  )
}

function signOf({ priceIs, priceHeld, priceWaits }: GridRow): { word?: string; why?: string; tone?: 'wait' } {
  if (priceWaits) return { word: t('listings.waits'), why: t('listings.waitsWhy'), tone: 'wait' }
  if (priceHeld !== null) return { word: t('listings.held'), why: priceHeld, tone: 'wait' }
  if (priceIs === 'rule') return { word: t('listings.auto'), why: t('listings.autoWhy') }
  if (priceIs === 'mixed') return { word: t('listings.auto'), why: t('listings.mixedWhy'), tone: 'wait' }
  return {}
}

/** Of a product with variations, from the lowest to the highest. */
export function PriceRange({ row: { priceFrom, priceTo } }: { row: GridRow }) {
  if (!priceFrom || !priceTo || priceFrom.minor === priceTo.minor)
    return <MoneyText money={priceFrom} unknown={t('listings.noPrice')} />
  return (
    <span className="figure" data-hint={priceFrom.currency}>
      {moneyLabel(priceFrom)} – {moneyLabel(priceTo)}
    </span>
  )
}
