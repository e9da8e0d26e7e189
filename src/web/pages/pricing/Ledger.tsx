// The arithmetic of a price, line by line, as in a ledger: what is said, where it comes from, what it adds, what it comes to;
// and below it what becomes of the price when the thing is sold.
import type { Answer } from '../../api.ts'
import { moneyLabel } from '../../format.ts'
import { t } from '../../i18n.ts'
import { IconAlertTriangle, IconClockPause } from '../../icons.ts'
import { MoneyText } from '../../parts/MoneyText.tsx'
import { StatusBadge } from '../../parts/StatusBadge.tsx'
import classes from './pricing.module.css'

export type PriceLine = Answer<'pricingExample'>['examples'][number]['lines'][number]
export type PriceSplit = NonNullable<Answer<'pricingExample'>['examples'][number]['split']>

type Props = { label: string; lines: PriceLine[]; price: PriceLine['after'] }

export function Ledger({ label, lines, price }: Props) {
  return (
    <table className={classes.ledger} aria-label={label}>
      <thead>
        <tr>
          <th scope="col">{t('pricing.ledger.line')}</th>
          <th scope="col" className={classes.from}>
            {t('pricing.ledger.from')}
          </th>
          <th scope="col">{t('pricing.ledger.adds')}</th>
          <th scope="col">{t('pricing.ledger.comesTo')}</th>
        </tr>
      </thead>
      <tbody>
        {lines.map((line, index) => (
          <Line key={`${line.step} ${index}`} line={line} />
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row" colSpan={3}>
            {t('pricing.ledger.price')}
          </th>
          <td>
            {price ? (
              <MoneyText money={price} />
            ) : (
              <StatusBadge look={{ icon: IconClockPause, tone: 'wait', label: t('pricing.ledger.noPrice') }} plain />
            )}
          </td>
        </tr>
      </tfoot>
    </table>
  )
}

function Line({ line: { step, text, amount, after } }: { line: PriceLine }) {
  const source = t(`pricing.ledger.sources.${sources[step]}`)
  if (step === 'held')
    return (
      <tr>
        <td colSpan={4} className={classes.heldLine}>
          <IconClockPause size={15} stroke={1.8} aria-hidden="true" /> {text}
        </td>
      </tr>
    )
  return (
    <tr>
      <td>
        {text}
        <span className={classes.fromBelow}>{source}</span>
      </td>
      <td className={classes.from}>{source}</td>
      <td>{amount && <MoneyText money={amount} />}</td>
      <td>{after && <MoneyText money={after} />}</td>
    </tr>
  )
}

const sources = {
  cost: 'offer',
  'supplier-vat': 'offer',
  shipping: 'services',
  converted: 'rates',
  amount: 'rule',
  percent: 'rule',
  margin: 'rule',
  'fixed-fee': 'rule',
  'fee-and-vat': 'ruleVat',
  ending: 'rule',
  floor: 'rule',
  ceiling: 'rule',
  held: 'stopped',
  'own-price': 'hand',
  'variant-price': 'hand',
  'other-currency': 'hand',
  'no-price': 'stopped',
} as const satisfies Record<PriceLine['step'], string>

/** VAT, fees, cost and shipping out of the price, and what is left. */
export function Split({ split }: { split: PriceSplit }) {
  const { price, vat, fees, cost, shipping, left, marginBasisPoints, least } = split
  const isLoss = left.minor < 0
  const parts = [
    ['vat', vat],
    ['fees', fees],
    ['cost', cost],
    ['shipping', shipping],
  ] as const
  return (
    <section className={classes.split} aria-label={t('pricing.ledger.split', { price: moneyLabel(price) })}>
      <dl>
        {parts.map(([name, money]) => (
          <div key={name}>
            <dt>{t(`pricing.ledger.${name}`)}</dt>
            <dd>
              <MoneyText money={money} />
            </dd>
          </div>
        ))}
        <div className={isLoss ? classes.lost : classes.left}>
          <dt>
            {isLoss && <IconAlertTriangle size={14} stroke={2} aria-hidden="true" />}
            {t(isLoss ? 'pricing.ledger.lost' : 'pricing.ledger.left')}
          </dt>
          <dd>
            <MoneyText money={isLoss ? { ...left, minor: -left.minor } : left} />
          </dd>
        </div>
      </dl>
      <p className={classes.quiet}>
        {!isLoss && marginBasisPoints !== null && (
          <>{t('pricing.ledger.margin', { percent: percentLabel(marginBasisPoints) })}. </>
        )}
        {least ? t('pricing.ledger.least', { price: moneyLabel(least) }) : t('pricing.ledger.leastNone')}
      </p>
    </section>
  )
}

/** "12.5%". */
export function percentLabel(basisPoints: number): string {
  return `${basisPoints / 100}%`
}
