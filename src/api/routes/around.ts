import { connectors } from '../../connectors/index.ts'
import { loadFirstSteps, searchAll, type FirstSteps } from '../../domain/home/home-views.store.ts'
import { countByStatus, figuresOfToday, type StatusCount } from '../../domain/orders/order-views.store.ts'
import type { OrderStatus } from '../../domain/orders/order.ts'
import { problemWords } from '../../domain/problems/problem-texts.ts'
import { closeProblemById, listOpenProblems, type OpenProblem } from '../../domain/problems/problems.store.ts'
import type { Handler, Handlers } from '../handler.ts'
import { notFound } from '../refusals.ts'
import { channelRows, consentAnswer, fieldAnswers } from './channel-answers.ts'
import type { RouteParts } from './route-parts.ts'

/** Home, search, problems, and lists that settings need. */
export function aroundRoutes({ parts, publicUrl }: RouteParts) {
  const { db } = parts
  const home: Handler<'home'> = ({ session }) =>
    db.read(session.tenantId, async (tx) => ({
      problems: (await listOpenProblems(tx)).map(problemAnswer),
      waiting: waitingAnswers(await countByStatus(tx)),
      channels: await channelRows(tx),
      today: await figuresOfToday(tx),
      steps: stepAnswers(await loadFirstSteps(tx)),
    }))

  const search: Handler<'search'> = ({ session, query }) =>
    db.read(session.tenantId, async (tx) =>
      (await searchAll(tx, query.q, parts.secrets)).map((hit) => ({ ...hit, href: `${pages[hit.kind]}/${hit.id}` })),
    )

  const problems: Handler<'problems'> = ({ session }) =>
    db.read(session.tenantId, async (tx) => (await listOpenProblems(tx)).map(problemAnswer))

  const closeProblem: Handler<'closeProblem'> = ({ session, params }) =>
    db.tenant(session.tenantId).transaction(async (tx) => {
      if (!(await closeProblemById(tx, params.id))) throw notFound()
      return {}
    })

  const marketplaces: Handler<'marketplaces'> = async () =>
    Object.values(connectors).map((connector) => ({
      id: connector.id,
      name: connector.name,
      summary: connector.summary ?? null,
      documentation: connector.documentation,
      accountFields: fieldAnswers(connector),
      currencies: [...currencies],
      sites: (connector.sites ?? []).map(({ id, name, currency }) => ({ id, name, currency })),
      consent: consentAnswer(connector, { appCredentials: parts.appCredentials, publicUrl }),
    }))

  return {
    home,
    search,
    problems,
    closeProblem,
    marketplaces,
  } satisfies Partial<Handlers>
}

/** Offered before an account is known; which of them it can use is found when it is tried. */
const currencies = ['GBP', 'EUR', 'USD', 'CAD', 'AUD', 'DKK', 'NOK', 'SEK', 'PLN', 'CHF', 'JPY', 'MXN', 'NZD'] as const

const pages = { order: '/orders', product: '/products', channel: '/settings/channels', supplier: '/suppliers' }

export function problemAnswer(problem: OpenProblem) {
  const { text, action } = problemWords(problem.kind, problem)
  const { id, kind, listingId } = problem
  return { id, kind, text, action, listingId, openedAt: problem.openedAt.toISOString() }
}

/** Statuses in which nothing goes on before somebody does something. */
const waitingStatuses: OrderStatus[] = [
  'error',
  'awaiting-mapping',
  'awaiting-shipping-mapping',
  'awaiting-stock',
  'queued-for-payment',
  'on-hold',
]

function waitingAnswers(counts: StatusCount[]) {
  return waitingStatuses.flatMap((status) =>
    counts
      .filter((counted) => counted.status === status)
      .map(({ count, more }) => ({ status, count, more, href: `/orders?status=${status}` })),
  )
}

function stepAnswers({ connected, imported, mapped, switchedOn, channelId }: FirstSteps) {
  const channelPage = channelId === null ? '/settings/channels' : `/settings/channels/${channelId}`
  return [
    { key: 'connect' as const, done: connected, text: 'Connect a sales channel', href: '/settings/channels/add' },
    {
      key: 'import' as const,
      done: imported,
      text: 'Import your products and your suppliers’ stock',
      href: '/suppliers',
    },
    {
      key: 'map' as const,
      done: mapped,
      text: 'Map the listings to your SKUs',
      href: channelId === null ? channelPage : `${channelPage}/mapping`,
    },
    { key: 'switch-on' as const, done: switchedOn, text: 'Switch on stock update', href: channelPage },
  ]
}
