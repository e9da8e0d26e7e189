// An HTTP port that holds all that passes it against a marketplace's spec.
import type { Http, HttpInput } from '../../src/platform/http.ts'
import type { SpecCheck } from './check.ts'

export function checkedHttp(http: Http, checkOf: (url: URL) => SpecCheck | undefined): Http {
  return {
    async request(input) {
      const output = await http.request(input)
      checkOf(new URL(input.url))?.see({
        method: input.method,
        url: input.url,
        headers: input.headers,
        body: textOf(input),
        status: output.status,
        answer: output.body,
      })
      return output
    },
    stream: (input) => http.stream(input),
  }
}

function textOf({ body }: HttpInput): string | undefined {
  return typeof body === 'string' ? body : undefined
}
