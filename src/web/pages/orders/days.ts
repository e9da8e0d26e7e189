// Days of the calendar where the business is, as the address and the filter carry them: 2026-03-29.

const dayMs = 86_400_000

/** The day it is there now, some days back. */
export function dayBack(now: number, back: number, timeZone: string): string {
  const today = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' }).format(new Date(now))
  // Noon in UTC: a day's shift by the clocks never changes the date.
  return new Date(new Date(`${today}T12:00:00Z`).getTime() - back * dayMs).toISOString().slice(0, 10)
}

export function dayLabel(day: string): string {
  const date = new Date(`${day}T12:00:00Z`)
  if (Number.isNaN(date.getTime())) return day
  return new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' }).format(
    date,
  )
}

export function isDay(text: string | undefined): text is string {
  return (
    text !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(new Date(`${text}T12:00:00Z`).getTime())
  )
}
