// What is around it all: who is signed in, home, search, problems.
import { z } from 'zod'
import { channelRow } from './channels.ts'
import { orderStatus } from './orders.ts'
import { byId, id, money, nothing, problem, type Route } from './shapes.ts'

export const home = z.object({
  problems: z.array(problem),
  waiting: z.array(z.object({ status: orderStatus, count: z.int(), more: z.boolean(), href: z.string() })),
  channels: z.array(channelRow),
  today: z.object({ orders: z.int(), units: z.int(), sales: z.array(money), dispatched: z.int() }),
  /** First run: connect → import → map → switch on, each with its state. */
  steps: z.array(
    z.object({
      key: z.enum(['connect', 'import', 'map', 'switch-on']),
      done: z.boolean(),
      text: z.string(),
      href: z.string(),
    }),
  ),
})

export const me = z.object({
  user: z.object({ id: z.string(), name: z.string(), email: z.string() }),
  business: z.object({ id, name: z.string(), timeZone: z.string(), currency: z.string() }),
  role: z.string(),
  /** Whom he signs in for; null: for the business itself. */
  supplier: z.object({ id, name: z.string() }).nullable(),
})

export const searchHit = z.object({
  kind: z.enum(['order', 'product', 'channel', 'supplier']),
  id,
  title: z.string(),
  detail: z.string(),
  href: z.string(),
})

export const aroundRoutes = {
  me: { method: 'GET', path: '/api/me', summary: 'Who is signed in', response: me },
  home: { method: 'GET', path: '/api/home', summary: 'What needs a person now', response: home },
  search: {
    method: 'GET',
    path: '/api/search',
    summary: 'Find anything',
    query: z.object({ q: z.string().min(1).max(200) }),
    response: z.array(searchHit),
  },
  live: { method: 'GET', path: '/api/live', summary: 'Changes as they happen', kind: 'events', response: nothing },

  problems: { method: 'GET', path: '/api/problems', summary: 'Open problems', response: z.array(problem) },
  closeProblem: {
    method: 'POST',
    path: '/api/problems/:id/close',
    summary: 'Mark a problem as settled',
    params: byId,
    response: nothing,
  },
} satisfies Record<string, Route>
