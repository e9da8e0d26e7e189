// The pages on which a seller signs in and allows, or refuses, what our app asks for; and the vendor's app store, where
// the same begins without our having sent anybody. Nothing here works without a person, and nothing needs a script.
import { splitUrl } from '../kit/routes.ts'
import { html } from '../kit/page.ts'
import { pageResponse, personForm, personPage, redirectTo, textField, tickBox } from '../kit/person-page.ts'
import { issueCode } from './grants.ts'
import { scopes, scopeWords } from './reference.ts'
import type { Html } from '../kit/page.ts'
import type { SandboxRequest, SandboxResponse } from '../kit/sandbox.ts'
import type { Seller, Tiktok } from './state.ts'

const marketplace = 'TikTok Shop sandbox'
const color = '#0b7d83'

/** How the seller came here; carried from page to page in hidden fields. */
type Visit = { serviceId: string; state: string | null }

export function answerPerson(tiktok: Tiktok, request: SandboxRequest, at: Date): SandboxResponse | undefined {
  const { path, query } = splitUrl(request.url)
  if (path === '/open/store') return showStore(tiktok)
  const begins = path === '/open/authorize' || path === '/oauth/authorize'
  if (begins && request.method === 'GET') return begin(tiktok, query)
  if (request.method !== 'POST' || !path.startsWith('/open/authorize/')) return undefined
  const sent = new URLSearchParams(request.body)
  const visit = { serviceId: sent.get('service_id') ?? '', state: sent.get('state') }
  if (visit.serviceId !== tiktok.app.serviceId) return showProblem('This app does not exist.')
  if (path === '/open/authorize/sign-in') return signIn(tiktok, visit, sent)
  if (path === '/open/authorize/decide') return decide(tiktok, visit, { sent, at })
  return undefined
}

/** The newer link names the service, the older one the app. */
function begin(tiktok: Tiktok, query: URLSearchParams): SandboxResponse {
  const { app } = tiktok
  const isOurs = query.get('service_id') === app.serviceId || query.get('app_key') === app.appKey
  if (!isOurs) return showProblem('This app does not exist. Check the link you followed.')
  const visit = { serviceId: app.serviceId, state: query.get('state') }
  return showSignIn(tiktok, visit, { seller: tiktok.sellers[Number(query.get('seller') ?? 0)] ?? tiktok.sellers[0] })
}

function showSignIn(
  tiktok: Tiktok,
  visit: Visit,
  { seller, problem }: { seller?: Seller | undefined; problem?: string },
): SandboxResponse {
  const rows = tiktok.sellers.map((one, index) => {
    const query = new URLSearchParams({ service_id: visit.serviceId, seller: String(index) })
    if (visit.state !== null) query.set('state', visit.state)
    return html`<li>
      <a href="/open/authorize?${query.toString()}">Use ${one.name}</a>: user name <code>${one.userName}</code>,
      password
      <code>${one.password}</code>
    </li>`
  })
  const body = html`${problem === undefined ? '' : html`<p class="bad" role="alert">${problem}</p>`}
    <p>Sign in to your seller account to connect ${tiktok.app.name}.</p>
    ${personForm({
      action: '/open/authorize/sign-in',
      hidden: hiddenOf(visit),
      inputs: [
        textField({ label: 'User name', name: 'user_name', value: seller?.userName ?? '' }),
        textField({ label: 'Password', name: 'password', type: 'password', value: seller?.password ?? '' }),
      ],
      buttons: [{ label: 'Sign in', main: true }],
    })}
    <p class="quiet">Accounts of this sandbox:</p>
    <ul>
      ${rows}
    </ul>`
  return show('Sign in', body)
}

function signIn(tiktok: Tiktok, visit: Visit, sent: URLSearchParams): SandboxResponse {
  const seller = tiktok.sellers.find(
    (one) => one.userName === sent.get('user_name') && one.password === sent.get('password'),
  )
  if (!seller) return showSignIn(tiktok, visit, { problem: 'User name or password is wrong.' })
  return showQuestion(tiktok, visit, { seller })
}

function showQuestion(
  tiktok: Tiktok,
  visit: Visit,
  { seller, problem }: { seller: Seller; problem?: string },
): SandboxResponse {
  const { app } = tiktok
  const shops = tiktok.shops.filter((one) => one.sellerId === seller.id)
  const body = html`${problem === undefined ? '' : html`<p class="bad" role="alert">${problem}</p>`}
    <p>Signed in as <b>${seller.name}</b>. <b>${app.name}</b> wants access to these shops:</p>
    <ul>
      ${shops.map((one) => html`<li>${one.name} (${one.region})</li>`)}
    </ul>
    <p>It asks to:</p>
    <ul>
      ${scopes.map((scope) => html`<li>${scopeWords[scope]}</li>`)}
    </ul>
    ${personForm({
      action: '/open/authorize/decide',
      // A page of one's own machine: the signed-in seller is carried by his password, as a session would be.
      hidden: { ...hiddenOf(visit), user_name: seller.userName, password: seller.password },
      inputs: [tickBox({ label: `I have read what ${app.name} may do and agree`, name: 'agree' })],
      buttons: [
        { label: 'Confirm', name: 'decision', value: 'confirm', main: true },
        { label: 'Refuse', name: 'decision', value: 'refuse' },
      ],
    })}`
  return show('Authorise this app', body)
}

function decide(tiktok: Tiktok, visit: Visit, { sent, at }: { sent: URLSearchParams; at: Date }): SandboxResponse {
  const seller = tiktok.sellers.find(
    (one) => one.userName === sent.get('user_name') && one.password === sent.get('password'),
  )
  if (!seller) return showSignIn(tiktok, visit, { problem: 'Please sign in again.' })
  const isRefused = sent.get('decision') !== 'confirm'
  if (!isRefused && sent.get('agree') === null) {
    return showQuestion(tiktok, visit, { seller, problem: 'Tick the box to confirm.' })
  }
  if (!URL.canParse(tiktok.app.redirectUri)) {
    return showProblem("There is no redirect address in this app's settings, so nobody can be told what you decided.")
  }
  return redirectTo(isRefused ? refusalUrl(tiktok, visit) : callbackUrl(tiktok, visit, { seller, at }))
}

function callbackUrl(tiktok: Tiktok, { state }: Visit, { seller, at }: { seller: Seller; at: Date }): string {
  const url = new URL(tiktok.app.redirectUri)
  const region = tiktok.shops.find((one) => one.sellerId === seller.id)?.region ?? ''
  if (tiktok.choices.extraCallbackParameters) url.searchParams.set('app_key', tiktok.app.appKey)
  url.searchParams.set('code', issueCode(tiktok, seller.id, at).code)
  if (tiktok.choices.extraCallbackParameters) {
    url.searchParams.set('locale', 'en-GB')
    url.searchParams.set('shop_region', region)
  }
  if (state !== null) url.searchParams.set('state', state)
  return url.toString()
}

/** The text `null`, really. */
function refusalUrl(tiktok: Tiktok, { state }: Visit): string {
  const url = new URL(tiktok.app.redirectUri)
  url.searchParams.set('code', 'null')
  url.searchParams.set('error', 'auth_denied')
  if (state !== null && tiktok.choices.refusalCarriesState) url.searchParams.set('state', state)
  return url.toString()
}

/** Whoever begins here arrives at us without a state. */
function showStore(tiktok: Tiktok): SandboxResponse {
  const { app } = tiktok
  const body = html`<p>
      <b>${app.name}</b> connects your TikTok Shop with your own stock, suppliers and other channels.
    </p>
    ${personForm({
      action: '/open/authorize',
      method: 'get',
      hidden: { service_id: app.serviceId },
      buttons: [{ label: 'Install app', main: true }],
    })}`
  return show('App store', body)
}

function hiddenOf({ serviceId, state }: Visit): Record<string, string> {
  return { service_id: serviceId, ...(state === null ? {} : { state }) }
}

function showProblem(message: string): SandboxResponse {
  const text = personPage({
    title: 'This does not work',
    marketplace,
    color,
    body: html`<p role="alert">${message}</p>`,
  })
  return pageResponse(text, 400)
}

function show(title: string, body: Html): SandboxResponse {
  return pageResponse(personPage({ title, marketplace, color, body }))
}
