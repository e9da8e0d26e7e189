import type { FastifyReply, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import type { routes } from './contract.ts'
import type { Session } from './sign-in/session.ts'
import type { Form } from './forms.ts'

export type RouteName = keyof typeof routes
type RouteOf<Name extends RouteName> = (typeof routes)[Name]
type Part<Name extends RouteName, Key extends string> =
  RouteOf<Name> extends { [K in Key]: infer Schema extends z.ZodType } ? z.output<Schema> : undefined

/** What a handler is given: all of it read and checked already. */
export type Asked<Name extends RouteName> = {
  params: Part<Name, 'params'>
  query: Part<Name, 'query'>
  body: Part<Name, 'body'>
  session: Session
  /** Reads the file and the fields of a multipart request; the file is removed when the answer is out. */
  form: RouteOf<Name> extends { kind: 'multipart' } ? () => Promise<Form> : undefined
  request: FastifyRequest
  reply: FastifyReply
}

/** Texts as they come; sent as they come. */
export type CsvFile = { fileName: string; content: Iterable<string> | AsyncIterable<string> }

/** Of any type, whole. */
export type WholeFile = { fileName: string; type: string; content: Buffer }

type Answer<Name extends RouteName> =
  RouteOf<Name> extends { kind: 'csv' }
    ? CsvFile
    : RouteOf<Name> extends { kind: 'file' }
      ? WholeFile
      : RouteOf<Name> extends { kind: 'events' }
        ? void
        : z.output<RouteOf<Name>['response']>

export type Handler<Name extends RouteName> = (asked: Asked<Name>) => Promise<Answer<Name>>
export type Handlers = { [Name in RouteName]: Handler<Name> }
