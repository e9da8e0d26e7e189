// How pressing an order's ship-by time is.

const hour = 3_600_000
const nearHours = 24

export type Pressing = 'over' | 'near' | 'far' | 'settled'

/** What has left, and what never will, presses nobody. */
export function pressing(order: { status: string; shipBy: string | null }, now: number): Pressing {
  if (order.shipBy === null || order.status === 'dispatched' || order.status === 'cancelled') return 'settled'
  const left = new Date(order.shipBy).getTime() - now
  if (left < 0) return 'over'
  return left < nearHours * hour ? 'near' : 'far'
}

const whole = new Intl.NumberFormat('en-GB', { style: 'unit', unit: 'hour', unitDisplay: 'short' })
const days = new Intl.NumberFormat('en-GB', { style: 'unit', unit: 'day', unitDisplay: 'long' })
const minutes = new Intl.NumberFormat('en-GB', { style: 'unit', unit: 'minute', unitDisplay: 'short' })

/** How long ago it was due: "40 min", "3 hr", "2 days". */
export function lateness(shipBy: string, now: number): string {
  const late = now - new Date(shipBy).getTime()
  if (late < hour) return minutes.format(Math.max(1, Math.floor(late / 60_000)))
  return late < 48 * hour ? whole.format(Math.floor(late / hour)) : days.format(Math.floor(late / (24 * hour)))
}
