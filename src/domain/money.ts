// Money is whole minor units and a currency. No floats: parsing and printing work on digits.

export type Money = {
  /** Whole minor units: pence, cents; whole yen for JPY. Safe integer, may be negative. */
  minor: number
  /** ISO 4217 code, upper case. */
  currency: string
}

const digitsByCurrency: Record<string, number> = {
  BHD: 3,
  BIF: 0,
  CLP: 0,
  DJF: 0,
  GNF: 0,
  IQD: 3,
  ISK: 0,
  JOD: 3,
  JPY: 0,
  KMF: 0,
  KRW: 0,
  KWD: 3,
  LYD: 3,
  OMR: 3,
  PYG: 0,
  RWF: 0,
  TND: 3,
  UGX: 0,
  UYI: 0,
  VND: 0,
  VUV: 0,
  XAF: 0,
  XOF: 0,
  XPF: 0,
} // ISO 4217: every other currency has two.

/** ISO 4217, the currencies people pay in: no precious metals, no test codes, no "no currency". */
const currencies = new Set(
  (
    'AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP ' +
    'CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HRK HTG HUF IDR ' +
    'ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP ' +
    'MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG ' +
    'SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYI UYU UZS VED VES VND VUV ' +
    'WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG'
  ).split(' '),
)

/** Of one that is not known, not even the number of its digits is. */
export function isCurrency(code: string): boolean {
  return currencies.has(code)
}

/** How many digits the minor unit of a currency has (ISO 4217). */
export function minorDigits(currency: string): number {
  return digitsByCurrency[currency] ?? 2
}

// A formatter is dear to make: one a currency, kept.
const labelFormats = new Map<string, Intl.NumberFormat>()

/** As a seller reads it: "£1,074.64". */
export function moneyLabel(money: Money): string {
  let format = labelFormats.get(money.currency)
  if (!format) {
    format = new Intl.NumberFormat('en-GB', {
      style: 'currency',
      currency: money.currency,
      currencyDisplay: 'narrowSymbol',
    })
    labelFormats.set(money.currency, format)
  }
  return format.format(moneyText(money) as Intl.StringNumericLiteral)
}

/** "12.5", "-3", "1234.50" → minor units; undefined where the text is no plain decimal or has digits beyond the minor unit. */
export function parseMoney(text: string, currency: string): Money | undefined {
  const match = /^(-?)(\d{1,13})(?:\.(\d+))?$/.exec(text.trim())
  if (!match) return undefined
  const digits = minorDigits(currency)
  const fraction = (match[3] ?? '').replace(/0+$/, '')
  if (fraction.length > digits) return undefined
  const minor = Number((match[2] ?? '0') + fraction.padEnd(digits, '0'))
  if (!Number.isSafeInteger(minor)) return undefined
  return { minor: match[1] === '-' && minor !== 0 ? -minor : minor, currency }
}

/** The plain decimal text of an amount, as marketplaces take it: "95.00". */
export function moneyText(money: Money): string {
  const digits = minorDigits(money.currency)
  const text = String(Math.abs(money.minor)).padStart(digits + 1, '0')
  const sign = money.minor < 0 ? '-' : ''
  if (digits === 0) return sign + text
  return `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`
}

/** VAT on a net amount: of each line by itself, half a minor unit rounded up (away from nothing). */
export function vatOf(netMinor: number, rateBasisPoints: number): number {
  const product = BigInt(Math.abs(netMinor)) * BigInt(rateBasisPoints)
  const rounded = Number((product + 5_000n) / 10_000n)
  return netMinor < 0 && rounded !== 0 ? -rounded : rounded
}

/** A share of an amount that is not below 0, such as a percentage on a cost: half a minor unit rounded up. */
export function shareOf(minor: number, basisPoints: number): number {
  return Number((BigInt(minor) * BigInt(basisPoints) + 5_000n) / 10_000n)
}

/** The VAT that is in a price: half a minor unit rounded up, so that the rest is the price without VAT to the penny. */
export function vatWithin(grossMinor: number, rateBasisPoints: number): number {
  const whole = 10_000n + BigInt(rateBasisPoints)
  return Number((2n * BigInt(grossMinor) * BigInt(rateBasisPoints) + whole) / (2n * whole))
}

/**
 * The lowest price inc. VAT that leaves so much after VAT, the marketplace's share of that price, and a margin as a share of
 * the price without VAT. Whatever is left of a minor unit is rounded up. Null: no price does.
 */
export function priceThatLeaves(
  minor: number,
  parts: { vatBasisPoints: number; feeBasisPoints: number; marginBasisPoints: number },
): number | null {
  const whole = 10_000n
  const withVat = whole + BigInt(parts.vatBasisPoints)
  const remains = whole * (whole - BigInt(parts.marginBasisPoints)) - BigInt(parts.feeBasisPoints) * withVat
  if (remains <= 0n) return null
  return Number((BigInt(minor) * withVat * whole + remains - 1n) / remains)
}

/** Up to the next amount that ends so, never down: with 99 every 100, 1200 becomes 1299 and 1299 stays. */
export function upToEnding(minor: number, ending: { minor: number; every: number }): number {
  const over = (minor - ending.minor) % ending.every
  return over === 0 ? minor : minor - over + (over > 0 ? ending.every : 0)
}
