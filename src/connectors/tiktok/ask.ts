// One question to TikTok Shop and the data of its answer. Refusals come with HTTP 200 as well: the code in the envelope
// decides, and only 0 is a success.
import { RefusedError } from '../connector.ts'
import type { HttpRequest, HttpResponse } from '../connector.ts'
import { asObject, pathPart } from '../reading.ts'
import type { JsonObject } from '../reading.ts'
import type { TikTokCall } from './account.ts'
import { endpoints } from './endpoints.ts'
import type { EndpointName } from './endpoints.ts'
import { explain } from './errors.ts'

export type Asked = Pick<HttpRequest, 'query' | 'body' | 'bytes' | 'headers'> & {
  /** What stands for {id} in the path. */
  id?: string
}

export async function ask(call: TikTokCall, name: EndpointName, { id, ...asked }: Asked = {}): Promise<JsonObject> {
  const { method, path, safe } = endpoints[name]
  const url = path.replace('{id}', () => pathPart(id ?? ''))
  const request: HttpRequest = { ...asked, method, url, plan: name, ...(safe === undefined ? {} : { safe }) }
  return dataOf(await call.send(request), request)
}

export function dataOf(response: HttpResponse, request: HttpRequest): JsonObject {
  const envelope = asObject(response.json)
  if (Number(envelope?.['code'] ?? NaN) !== 0) throw new RefusedError(explain(response, request))
  return asObject(envelope?.['data']) ?? {}
}
