// The typed client: routes, parameters and answers all come from the contract's table.
// call('channels'), call('order', { params: { id } }), call('orders', { query: { search } }).
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import type { z } from 'zod'
import type { refusal } from '../api/contract.ts'
import { routes } from '../api/contract.ts'
import { request } from './browser.ts'
import { t } from './i18n.ts'

/** What a call may leave out altogether is assignable from this. */
type Nothing = { [key in never]: unknown }

export type RouteName = keyof typeof routes
type RouteOf<Name extends RouteName> = (typeof routes)[Name]
export type Answer<Name extends RouteName> = z.output<RouteOf<Name>['response']>

type ParamsPart<R> = R extends { params: infer S extends z.ZodType } ? { params: z.input<S> } : unknown
type QueryPart<R> = R extends { query: infer S extends z.ZodType }
  ? Nothing extends z.input<S>
    ? { query?: z.input<S> | undefined }
    : { query: z.input<S> }
  : unknown
type BodyPart<R> = R extends { kind: 'multipart' }
  ? { body: FormData }
  : R extends { body: infer S extends z.ZodType }
    ? { body: z.input<S> }
    : unknown
export type Args<Name extends RouteName> = ParamsPart<RouteOf<Name>> &
  QueryPart<RouteOf<Name>> &
  BodyPart<RouteOf<Name>>
export type Rest<Name extends RouteName> = Nothing extends Args<Name> ? [args?: Args<Name>] : [args: Args<Name>]

/** Asks the hub. A refusal is thrown as `ApiRefusal`, with the fields it is about and the button that solves it. */
export function call<Name extends RouteName>(name: Name, ...rest: Rest<Name>): Promise<Answer<Name>> {
  return send(routes[name].method, href(name, ...rest), (rest[0] as Loose | undefined)?.body) as Promise<Answer<Name>>
}

/** The address of a route, for links to files. */
export function href<Name extends RouteName>(name: Name, ...rest: Rest<Name>): string {
  const { params, query } = (rest[0] ?? {}) as Loose
  const path = routes[name].path.replaceAll(/:(\w+)/g, (_, key: string) => encodeURIComponent(String(params?.[key])))
  const search = new URLSearchParams()
  for (const [key, value] of Object.entries(query ?? {}))
    if (value !== undefined && value !== null && value !== '') search.set(key, String(value))
  const text = search.toString()
  return text ? `${path}?${text}` : path
}

/** A query on a route: `useQuery(ask('channels'))`. The live stream finds it by the route's name. */
export function ask<Name extends RouteName>(name: Name, ...rest: Rest<Name>) {
  return queryOptions({ queryKey: [name, rest[0] ?? null], queryFn: () => call(name, ...rest) })
}

/** Routes that answer with pages, and what a row of them is. */
export type PagedName = {
  [Name in RouteName]: Answer<Name> extends { rows: unknown[]; next: string | null } ? Name : never
}[RouteName]
export type RowOf<Name extends PagedName> = Answer<Name>['rows'][number]

/** How many rows one request brings. */
export const pageSize = 100
/** A list this long is not loaded anew by itself; the reader is offered to. */
export const pagesKeptFresh = 3

export function askPages<Name extends PagedName>(name: Name, ...rest: Rest<Name>) {
  return infiniteQueryOptions({
    queryKey: [name, 'pages', rest[0] ?? null],
    queryFn: ({ pageParam }) => {
      const args = (rest[0] ?? {}) as Loose
      const query = { ...args.query, limit: pageSize, ...(pageParam ? { cursor: pageParam } : {}) }
      return call(name, ...([{ ...args, query }] as unknown as Rest<Name>))
    },
    initialPageParam: '',
    getNextPageParam: (last: Answer<Name>) => last.next ?? undefined,
    staleTime: Infinity,
    refetchOnMount: (query) => ((query.state.data?.pages.length ?? 0) <= pagesKeptFresh ? 'always' : false),
  })
}

/** What the server refused, in words for the person who asked. */
export class ApiRefusal extends Error {
  readonly status: number
  readonly code: string
  readonly fields: Record<string, string>
  readonly action: { label: string; href: string } | undefined
  constructor(status: number, body: z.infer<typeof refusal>['error']) {
    super(body.message)
    this.status = status
    this.code = body.code
    this.fields = body.fields ?? {}
    this.action = body.action
  }
}

let signedOut = () => {}
/** What to do when the hub no longer knows who is asking. */
export function whenSignedOut(run: () => void) {
  signedOut = run
}

export async function send(method: string, path: string, body?: unknown): Promise<unknown> {
  const isFile = body instanceof FormData
  const response = await request(path, {
    method,
    headers: {
      accept: 'application/json',
      ...(body !== undefined && !isFile ? { 'content-type': 'application/json' } : {}),
    },
    ...(body === undefined ? {} : { body: isFile ? body : JSON.stringify(body) }),
  }).catch(() => {
    throw new ApiRefusal(0, { code: 'unreachable', message: t('errors.unreachable') })
  })
  if (response.ok) return response.status === 204 ? {} : await response.json().catch(() => ({}))
  const refused = new ApiRefusal(response.status, await readRefusal(response))
  if (response.status === 401 && path.startsWith('/api/')) signedOut()
  throw refused
}

async function readRefusal(response: Response): Promise<z.infer<typeof refusal>['error']> {
  const body = (await response.json().catch(() => undefined)) as
    | { error?: Partial<z.infer<typeof refusal>['error']>; message?: string; code?: string }
    | undefined
  // Our own refusals carry `error`; the sign-in library's carry `message` and `code`.
  const error = typeof body?.error === 'object' ? body.error : body
  const message = error?.message ?? t('errors.answered', { status: response.status })
  return {
    ...(typeof body?.error === 'object' ? body.error : {}),
    code: error?.code ?? `http-${response.status}`,
    message,
  }
}

type Plain = string | number | boolean | null | undefined
type Loose = { params?: Record<string, Plain>; query?: Record<string, Plain>; body?: unknown }
