// Dates, money and counts as the seller reads them.
export { moneyLabel } from '../domain/money.ts'

const locale = 'en-GB'
const day = 86_400_000

const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' })
const dayFormat = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric' })
const whole = new Intl.NumberFormat(locale)

export function relativeTime(iso: string, now: number): string {
  const passed = new Date(iso).getTime() - now
  const size = Math.abs(passed)
  if (size < 45_000) return relative.format(0, 'second')
  if (size < 3_600_000) return relative.format(Math.round(passed / 60_000), 'minute')
  if (size < day) return relative.format(Math.round(passed / 3_600_000), 'hour')
  if (size < 14 * day) return relative.format(Math.round(passed / day), 'day')
  return dayFormat.format(new Date(iso))
}

// A formatter is dear to make: one a zone, kept.
const exactFormats = new Map<string, Intl.DateTimeFormat>()

/** Exact, in the business' zone, with the zone said. */
export function exactTime(iso: string, timeZone: string): string {
  let format = exactFormats.get(timeZone)
  if (!format) {
    format = new Intl.DateTimeFormat(locale, {
      day: 'numeric',
      month: 'short',
      year: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      timeZoneName: 'short',
      timeZone,
    })
    exactFormats.set(timeZone, format)
  }
  return format.format(new Date(iso))
}

export function countLabel(count: number | { value: number; more: boolean }): string {
  if (typeof count === 'number') return whole.format(count)
  return whole.format(count.value) + (count.more ? '+' : '')
}
