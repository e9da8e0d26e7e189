// One request to the Selling Partner API: to the region of the site, under the operation's own plan.
import type { Call, HttpRequest } from '../connector.ts'
import type { AmazonAccount } from './account.ts'
import { siteOf } from './marketplaces.ts'
import type { Operation } from './plans.ts'

export type Asked = Pick<HttpRequest, 'method' | 'url' | 'query' | 'body' | 'safe'>

export function requestOf(call: Call<AmazonAccount>, operation: Operation, asked: Asked): HttpRequest {
  return { ...asked, host: siteOf(call.site.id).region, plan: operation }
}

export function ask(call: Call<AmazonAccount>, operation: Operation, asked: Asked) {
  return call.send(requestOf(call, operation, asked))
}
