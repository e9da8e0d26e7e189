// Asks the hub over HTTP as a person's browser or a supplier's program does: again and again while it is away, because
// that is what people do.

export type Answer<Body = unknown> = { status: number; body: Body }

export type Asker = {
  ask<Body>(method: string, path: string, body?: unknown): Promise<Answer<Body>>
  upload<Body>(
    path: string,
    fields: Record<string, string>,
    file: { name: string; content: string },
  ): Promise<Answer<Body>>
  /** The body of an answer that must be a yes. */
  get<Body>(path: string): Promise<Body>
  send<Body>(method: 'POST' | 'PATCH', path: string, body: unknown): Promise<Body>
}

type Sent = string | FormData | undefined

const patienceSeconds = 60
const timeoutSeconds = 20

/** `identity`: a cookie or a key. */
export function askerFor(origin: string, identity: Record<string, string>): Asker {
  const once = async <Body>(method: string, path: string, body: Sent): Promise<Answer<Body>> => {
    const json = typeof body === 'string' ? { 'content-type': 'application/json' } : {}
    const headers = { ...json, ...identity, origin }
    const signal = AbortSignal.timeout(timeoutSeconds * 1000)
    const answer = await fetch(origin + path, { method, headers, signal, body: body ?? null })
    const text = await answer.text()
    return { status: answer.status, body: (text === '' ? null : parsed(text)) as Body }
  }
  const patiently = async <Body>(method: string, path: string, body: () => Sent): Promise<Answer<Body>> => {
    for (const end = Date.now() + patienceSeconds * 1000; ;) {
      const answer = await once<Body>(method, path, body()).catch((error: unknown) => error)
      const isAway = answer instanceof Error || (answer as Answer).status >= 500 || (answer as Answer).status === 429
      if (!isAway) return answer as Answer<Body>
      if (Date.now() > end)
        throw new Error(`${method} ${path} had no answer: ${JSON.stringify(answer)} ${String(answer)}`)
      await new Promise((resolve) => setTimeout(resolve, 300))
    }
  }
  const ask: Asker['ask'] = (method, path, body) =>
    patiently(method, path, () => (body === undefined ? undefined : JSON.stringify(body)))
  const yes = <Body>(what: string, { status, body }: Answer<Body>): Body => {
    if (status >= 300) throw new Error(`${what} answered ${status}: ${JSON.stringify(body)}`)
    return body
  }
  return {
    ask,
    upload: (path, fields, file) =>
      patiently('POST', path, () => {
        const form = new FormData()
        for (const [name, value] of Object.entries(fields)) form.append(name, value)
        form.append('file', new Blob([file.content], { type: 'text/csv' }), file.name)
        return form
      }),
    get: async <Body>(path: string) => yes(`GET ${path}`, await ask<Body>('GET', path)),
    send: async <Body>(method: 'POST' | 'PATCH', path: string, body: unknown) =>
      yes(`${method} ${path}`, await ask<Body>(method, path, body)),
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
