// What the seller sees: signing in, what an app wants to do in his store, and yes or no. It works without scripts.
import { hex } from '../kit/random.ts'
import { html } from '../kit/page.ts'
import { choice, pageResponse, personForm, personPage, redirectTo, textField, tickBox } from '../kit/person-page.ts'
import { splitUrl } from '../kit/routes.ts'
import { giveCode } from './access.ts'
import { scopes, scopeTexts } from './reference.ts'
import type { Html } from '../kit/page.ts'
import type { SandboxRequest, SandboxResponse } from '../kit/sandbox.ts'
import type { Scope } from './reference.ts'
import type { App, Merchant, Wish } from './state.ts'

export const authorizePath = '/v3/oauth/authorize'
const signInPath = '/v3/sign-in'
const signOutPath = '/v3/sign-out'
export const appStorePath = '/v3/app-store'
const cookieName = 'wish_session'

/** Undefined: none of these pages is asked for. */
export function answerPerson(wish: Wish, request: SandboxRequest, at: Date): SandboxResponse | undefined {
  const { path, query } = splitUrl(request.url)
  const form = new URLSearchParams(request.method === 'POST' ? request.body : '')
  const route = `${request.method} ${path}`
  if (route === `GET ${authorizePath}`) return showAuthorize(wish, request, query)
  if (route === `POST ${authorizePath}`) return answerConsent(wish, request, form, at)
  if (route === `POST ${signInPath}`) return signIn(wish, form)
  if (route === `GET ${signOutPath}`) return signOut(wish, request, query)
  if (route === `GET ${appStorePath}`) return showAppStore(wish, request)
  return undefined
}

function showAuthorize(wish: Wish, request: SandboxRequest, query: URLSearchParams): SandboxResponse {
  const app = wish.apps.get(query.get('client_id') ?? '')
  if (!app) return show('This app is not known', html`<p>There is no app with this client id.</p>`, 400)
  const back = splitUrl(request.url)
  const backTo = `${back.path}?${withoutUser(back.query)}`
  const merchant = signedIn(wish, request)
  if (!merchant) return showSignIn(wish, { backTo, user: query.get('user') ?? undefined })
  return showConsent(wish, { app, merchant, state: query.get('state') ?? '', backTo })
}

function showSignIn(
  wish: Wish,
  { backTo, user, message }: { backTo: string; user?: string | undefined; message?: string },
): SandboxResponse {
  const sellers = [...wish.merchants.values()]
  const chosen = sellers.find((one) => one.userName === user) ?? sellers[0]
  const rows = sellers.map(
    (one) => html`<li>${one.name}: user name <code>${one.userName}</code>, password <code>${one.password}</code></li>`,
  )
  const others = sellers
    .filter((one) => one !== chosen)
    .map((one) => {
      const join = backTo.includes('?') ? '&' : '?'
      return html`<p><a href="${backTo}${join}user=${one.userName}">Use ${one.name} instead</a></p>`
    })
  const body = html`${message === undefined ? '' : html`<p role="alert" class="bad">${message}</p>`}
    ${personForm({
      action: signInPath,
      hidden: { back: backTo },
      inputs: [
        textField({ label: 'User name', name: 'username', value: chosen?.userName ?? '' }),
        textField({ label: 'Password', name: 'password', value: chosen?.password ?? '', type: 'password' }),
      ],
      buttons: [{ label: 'Sign in', main: true }],
    })}
    ${others}
    <p class="quiet">The sellers of this sandbox:</p>
    <ul class="quiet">
      ${rows}
    </ul>`
  return show('Sign in to your store', body)
}

function signIn(wish: Wish, form: URLSearchParams): SandboxResponse {
  const backTo = ownPath(form.get('back'))
  const user = form.get('username') ?? ''
  const merchant = [...wish.merchants.values()].find((one) => one.userName === user)
  if (!merchant || merchant.password !== form.get('password')) {
    return showSignIn(wish, { backTo, user, message: 'User name or password are not right.' })
  }
  const session = hex(wish.random, 32)
  wish.sessions.set(session, merchant.id)
  const back = redirectTo(backTo, 303)
  return { ...back, headers: { ...back.headers, 'set-cookie': `${cookieName}=${session}; Path=/v3; HttpOnly` } }
}

function signOut(wish: Wish, request: SandboxRequest, query: URLSearchParams): SandboxResponse {
  wish.sessions.delete(sessionOf(request))
  return redirectTo(ownPath(query.get('back')), 303)
}

type Asking = { app: App; merchant: Merchant; state: string; backTo: string; message?: string }

function showConsent(wish: Wish, { app, merchant, state, backTo, message }: Asking): SandboxResponse {
  const isPartial = wish.choices.partialConsent
  const asked = scopes.map((scope) =>
    isPartial
      ? tickBox({ label: scopeTexts[scope], name: `scope ${scope}`, isTicked: true })
      : html`<li>${scopeTexts[scope]} <span class="quiet">${scope}</span></li>`,
  )
  const body = html`${message === undefined ? '' : html`<p role="alert" class="bad">${message}</p>`}
    <p>
      Signed in as <b>${merchant.name}</b> <span class="quiet">merchant ${merchant.id}</span><br />
      <a href="${signOutPath}?back=${encodeURIComponent(backTo)}">Sign in as somebody else</a>
    </p>
    <p><b>${app.name}</b> asks to do this in your store:</p>
    ${
      isPartial
        ? ''
        : html`<ul>
            ${asked}
          </ul>`
    }
    ${personForm({
      action: authorizePath,
      hidden: { client_id: app.clientId, state, back: backTo },
      inputs: [
        ...(isPartial ? asked : []),
        tickBox({ label: `I allow ${app.name} to do this in my store`, name: 'allow' }),
      ],
      buttons: [
        { label: 'Confirm', name: 'answer', value: 'confirm', main: true },
        { label: 'Refuse', name: 'answer', value: 'refuse' },
      ],
    })}`
  return show(`Allow ${app.name}?`, body)
}

function answerConsent(wish: Wish, request: SandboxRequest, form: URLSearchParams, at: Date): SandboxResponse {
  const app = wish.apps.get(form.get('client_id') ?? '')
  if (!app) return show('This app is not known', html`<p>There is no app with this client id.</p>`, 400)
  const backTo = ownPath(form.get('back'))
  const merchant = signedIn(wish, request)
  if (!merchant) return showSignIn(wish, { backTo })
  const state = form.get('state') ?? ''
  const returned = wish.choices.returnsState && state !== '' ? { state } : {}
  if (form.get('answer') !== 'confirm') {
    if (wish.choices.refusal === 'redirect') return goBack(app, { error: 'access_denied', ...returned })
    return show('Refused', html`<p>${app.name} has no access to your store. You can close this page.</p>`)
  }
  if (form.get('allow') !== 'yes') {
    const message = 'Tick the box to allow it, or press Refuse.'
    return showConsent(wish, { app, merchant, state, backTo, message })
  }
  const granted = scopes.filter((scope) => isGranted(wish, form, scope))
  const code = giveCode(wish, { clientId: app.clientId, merchantId: merchant.id, scopes: granted }, at)
  return goBack(app, { code: code.token, ...returned })
}

function isGranted(wish: Wish, form: URLSearchParams, scope: Scope): boolean {
  return !wish.choices.partialConsent || form.get(`scope ${scope}`) === 'yes'
}

/** The other way in: the seller begins here, and arrives at the app without having been there. */
function showAppStore(wish: Wish, request: SandboxRequest): SandboxResponse {
  const merchant = signedIn(wish, request)
  const body = html`<p class="quiet">
      ${merchant ? `Signed in as ${merchant.name}.` : 'You will be asked to sign in.'}
    </p>
    ${personForm({
      action: authorizePath,
      method: 'get',
      inputs: [
        choice({
          label: 'App',
          name: 'client_id',
          options: [...wish.apps.values()].map((app) => ({ value: app.clientId, label: app.name })),
        }),
      ],
      buttons: [{ label: 'Add app', main: true }],
    })}`
  return show('App store', body)
}

function goBack(app: App, answer: Record<string, string>): SandboxResponse {
  const target = new URL(app.redirectUri)
  for (const [name, value] of Object.entries(answer)) target.searchParams.set(name, value)
  return redirectTo(target.toString())
}

function signedIn(wish: Wish, request: SandboxRequest): Merchant | undefined {
  return wish.merchants.get(wish.sessions.get(sessionOf(request)) ?? '')
}

function sessionOf(request: SandboxRequest): string {
  return new RegExp(`(?:^|;\\s*)${cookieName}=([0-9a-f]+)`).exec(request.headers['cookie'] ?? '')?.[1] ?? ''
}

/** Only ever back to a page of this sandbox. */
function ownPath(text: string | null): string {
  return text?.startsWith('/v3/') === true ? text : appStorePath
}

function withoutUser(query: URLSearchParams): string {
  const kept = new URLSearchParams(query)
  kept.delete('user')
  return kept.toString()
}

function show(title: string, body: Html, status = 200): SandboxResponse {
  return pageResponse(personPage({ title, marketplace: 'Wish sandbox', body, color: '#1f7a8c' }), status)
}
