// The demo uses the hub as a seller's browser does: through its API, signed in, so that nothing works only in the demo.

export type HubClient = {
  get<Answer>(path: string): Promise<Answer>
  text(path: string): Promise<string>
  send<Answer>(method: 'POST' | 'PATCH', path: string, body: unknown): Promise<Answer>
  upload<Answer>(path: string, fields: Record<string, string>, file: { name: string; content: string }): Promise<Answer>
}

export type Owner = { name: string; email: string; password: string }

export async function signIn(origin: string, owner: Owner): Promise<HubClient> {
  const cookie = await cookieFrom(origin, '/auth/sign-in/email', { email: owner.email, password: owner.password })
  return clientWith(origin, cookie)
}

export async function setUp(
  origin: string,
  setupToken: string,
  business: { name: string; currency: string },
  owner: Owner,
): Promise<HubClient> {
  const cookie = await cookieFrom(origin, '/auth/setup', {
    token: setupToken,
    businessName: business.name,
    currency: business.currency,
    ...owner,
  })
  return clientWith(origin, cookie)
}

async function cookieFrom(origin: string, path: string, body: unknown): Promise<string> {
  const answer = await fetch(origin + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`)
  return answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ')
}

function clientWith(origin: string, cookie: string): HubClient {
  const ask = async (path: string, init: RequestInit, contentType: Record<string, string> = {}): Promise<string> => {
    const answer = await fetch(origin + path, { ...init, headers: { ...contentType, cookie, origin } })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${init.method ?? 'GET'} ${path} answered ${answer.status}: ${text}`)
    return text
  }
  const json = { 'content-type': 'application/json' }
  return {
    get: async <Answer>(path: string) => JSON.parse(await ask(path, {})) as Answer,
    text: (path) => ask(path, {}),
    send: async <Answer>(method: string, path: string, body: unknown) =>
      JSON.parse(await ask(path, { method, body: JSON.stringify(body) }, json)) as Answer,
    upload: async <Answer>(path: string, fields: Record<string, string>, file: { name: string; content: string }) => {
      const form = new FormData()
      for (const [name, value] of Object.entries(fields)) form.append(name, value)
      form.append('file', new Blob([file.content], { type: 'text/csv' }), file.name)
      return JSON.parse(await ask(path, { method: 'POST', body: form })) as Answer
    },
  }
}

/** Asks again until the answer satisfies, for at most some seconds. */
export async function until<Answer>(
  what: string,
  seconds: number,
  ask: () => Promise<Answer>,
  isEnough: (answer: Answer) => boolean,
): Promise<Answer> {
  const end = Date.now() + seconds * 1000
  for (;;) {
    const answer = await ask()
    if (isEnough(answer)) return answer
    if (Date.now() > end) throw new Error(`${what} took longer than ${seconds} s.`)
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
}
