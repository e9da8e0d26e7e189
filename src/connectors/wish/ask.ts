// Every request goes out through here. Wish wraps its answers as {code, message, data}, and a refusal may come with HTTP
// 200 as well: then it is read like any other, so that nothing is taken for a success that is none.
import { RefusedError } from '../connector.ts'
import type { Call, HttpRequest } from '../connector.ts'
import { asArray, asObject } from '../reading.ts'
import type { JsonObject } from '../reading.ts'
import type { WishAccount } from './account.ts'
import { codeIn, explain } from './errors.ts'

/** Wish limits a merchant and an app as a whole, so all requests share one plan. */
export const everyRequest = 'every-request'

/** The `data` of the answer; undefined where it was "204 No Content". */
export async function ask(call: Call<WishAccount>, request: HttpRequest): Promise<unknown> {
  const response = await call.send({ plan: everyRequest, ...request })
  if (response.status === 204 && response.json === undefined) return undefined
  const code = codeIn(response)
  if (code === 0) return asObject(response.json)?.['data']
  if (code !== undefined) throw new RefusedError(explain(response, request))
  throw new RefusedError(senseless(request, 'Wish’s answer does not say whether it succeeded'))
}

export async function askForObject(call: Call<WishAccount>, request: HttpRequest, what: string): Promise<JsonObject> {
  const data = asObject(await ask(call, request))
  if (data) return data
  throw new RefusedError(senseless(request, `Wish did not answer with ${what}`))
}

export async function askForList(call: Call<WishAccount>, request: HttpRequest, what: string): Promise<unknown[]> {
  const data = asArray(await ask(call, request))
  if (data) return data
  throw new RefusedError(senseless(request, `Wish did not answer with ${what}`))
}

function senseless(request: HttpRequest, reason: string): RefusedError['refusal'] {
  const isSafe = request.safe ?? request.method === 'GET'
  return isSafe ? { kind: 'wait', seconds: 60, reason } : { kind: 'unclear', reason }
}
