// What reads show: the truth, or for a while what was there before the last write.
import type { Order, Product, Wish } from './state.ts'

export function shownNow<One extends Product | Order>(wish: Wish, one: One, at: Date): One {
  const stale = wish.stale.get(one.id)
  if (!stale) return one
  if (stale.until > at) return stale.shown as One
  wish.stale.delete(one.id)
  return one
}
