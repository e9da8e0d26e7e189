// The pages a seller sees: signing in, choosing the account, allowing the app or refusing it; begun at the app's side or
// in Amazon's app store.
import { createHash } from 'node:crypto'
import { hex } from '../kit/random.ts'
import { choice, pageResponse, personForm, personPage, redirectTo, textField, tickBox } from '../kit/person-page.ts'
import { html } from '../kit/page.ts'
import { splitUrl } from '../kit/routes.ts'
import { listed } from './choices.ts'
import { regionNames } from './reference.ts'
import { codeSeconds } from './tokens.ts'
import type { Html } from '../kit/page.ts'
import type { SandboxRequest, SandboxResponse } from '../kit/sandbox.ts'
import type { Region } from './reference.ts'
import type { Amazon, StoreVisit } from './state.ts'

/** One person signs in, who may act for every seller account here. */
export const person = { email: 'seller@example.test', password: 'sandbox' }

const consentPath = '/apps/authorize/consent'
const confirmPath = '/apps/authorize/confirm/'
const storePath = '/apps/store/'

type Visit = { amazon: Amazon; at: number; query: URLSearchParams; form: URLSearchParams | undefined; path: string }

export function answerPages(amazon: Amazon, request: SandboxRequest, at: number): SandboxResponse {
  const { path, query } = splitUrl(request.url)
  const form = request.method === 'POST' ? new URLSearchParams(request.body) : undefined
  const visit = { amazon, at, query, form, path }
  if (path === consentPath) return answerConsent(visit)
  if (path.startsWith(confirmPath)) return answerConfirm(visit)
  if (path.startsWith(storePath)) return answerStore(visit)
  return problemPage('There is no such page.', 404)
}

/** Begun by the app: who signs in, for which account, and whether it is allowed. */
function answerConsent(visit: Visit): SandboxResponse {
  const { amazon, query, form } = visit
  const asked = {
    applicationId: query.get('application_id') ?? '',
    redirectUri: query.get('redirect_uri') ?? '',
    version: query.get('version'),
  }
  const target = targetOf(amazon, asked)
  if ('problem' in target) return problemPage(target.problem, 400)
  const action = `${consentPath}?${query}`
  if (!form || form.get('step') === 'sign-in') {
    return isSignedIn(form) && form ? consentPage(amazon, { action, form }) : signInPage(action, form !== undefined)
  }
  const [sellerId = '', region] = (form.get('account') ?? '').split(' ')
  if (!amazon.sellers.get(sellerId)?.regions.includes(region as Region))
    return problemPage('There is no such account.', 400)
  return decide(visit, { sellerId, region: region as Region, redirectUri: target.redirectUri, action })
}

/** Begun in the app store: the app sends the seller back here with its own state. */
function answerConfirm(visit: Visit): SandboxResponse {
  const { amazon, query, form, path, at } = visit
  const store = amazon.storeVisits.get(query.get('amazon_state') ?? '')
  if (!store || store.used || store.endsAt <= at) return problemPage('The amazon_state is not valid any more.', 400)
  const asked = {
    applicationId: path.slice(confirmPath.length),
    redirectUri: query.get('redirect_uri') ?? '',
    version: query.get('version'),
  }
  const target = targetOf(amazon, asked)
  if ('problem' in target) return problemPage(target.problem, 400)
  if (!query.get('state')) return problemPage('The state is missing.', 400)
  const action = `${path}?${query}`
  const { sellerId, region } = store
  if (!form) return consentPage(amazon, { action, form: new URLSearchParams(), store })
  const answer = decide(visit, { sellerId, region, redirectUri: target.redirectUri, action, store })
  if (answer.status >= 300) store.used = true
  return answer
}

type Target = { redirectUri: string } | { problem: string }

/** What Amazon checks before it shows anything. */
function targetOf(
  amazon: Amazon,
  asked: { applicationId: string; redirectUri: string; version: string | null },
): Target {
  if (asked.applicationId !== amazon.application.id) return { problem: 'The application was not found.' }
  if (amazon.choices.appIsDraft && asked.version !== 'beta') {
    return { problem: 'MD1000: The application is a draft and can only be authorised with version=beta.' }
  }
  const registered = listed(amazon.choices.redirectUris)
  const redirectUri = asked.redirectUri === '' ? registered[0] : asked.redirectUri
  if (redirectUri === undefined) return { problem: 'MD5101: No redirect URI is registered for this application.' }
  if (redirectUri.includes('#')) return { problem: 'MD5110: The redirect URI must not have a fragment.' }
  const isKnown = registered.length > 0 ? registered.includes(redirectUri) : isLoopback(redirectUri)
  return isKnown ? { redirectUri } : { problem: 'MD5101: The redirect URI is not registered for this application.' }
}

function isLoopback(address: string): boolean {
  const url = URL.canParse(address) ? new URL(address) : undefined
  return url?.protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)
}

function signInPage(action: string, isWrong: boolean): SandboxResponse {
  const body = html`${isWrong ? html`<p class="bad" role="alert">The e-mail address or the password is wrong.</p>` : ''}
    <p>In this imitation you are <code>${person.email}</code> with the password <code>${person.password}</code>.</p>
    ${personForm({
      action,
      hidden: { step: 'sign-in' },
      inputs: [
        textField({ label: 'E-mail', name: 'email', value: person.email }),
        textField({ label: 'Password', name: 'password', value: person.password, type: 'password' }),
      ],
      buttons: [{ label: 'Sign in', main: true }],
    })}`
  return show('Sign in', body)
}

function consentPage(
  amazon: Amazon,
  {
    action,
    form,
    store,
    isUnticked,
  }: { action: string; form: URLSearchParams; store?: StoreVisit; isUnticked?: boolean },
): SandboxResponse {
  const accounts = accountsOf(amazon)
  const own = store && accounts.find((one) => one.value === `${store.sellerId} ${store.region}`)
  const chooser = own
    ? html`<p>Seller account: <b>${own.label}</b></p>`
    : choice({ label: 'Seller account', name: 'account', options: accounts, chosen: form.get('account') ?? '' })
  const body = html`<p>The application <b>Fairlead</b> asks for access to your selling account, in order to:</p>
    <ul>
      <li>read your orders, with buyers and addresses,</li>
      <li>confirm shipments and cancel orders,</li>
      <li>read and change your listings, stock and prices.</li>
    </ul>
    <p class="quiet">It is valid for one region and can be taken back at any time.</p>
    ${isUnticked === true ? html`<p class="bad" role="alert">Tick the box to go on.</p>` : ''}
    ${personForm({
      action,
      hidden: { step: 'decide', session: session() },
      inputs: [
        chooser,
        tickBox({ label: 'I direct Amazon to give this application access to my account', name: 'agreed' }),
      ],
      buttons: [
        { label: 'Confirm', name: 'decision', value: 'confirm', main: true },
        { label: 'Refuse', name: 'decision', value: 'refuse' },
      ],
    })}`
  return show('Authorise an application', body)
}

type Decision = { sellerId: string; region: Region; redirectUri: string; action: string; store?: StoreVisit }

function decide({ amazon, at, query, form }: Visit, decision: Decision): SandboxResponse {
  const sent = form ?? new URLSearchParams()
  if (decision.store === undefined && sent.get('session') !== session()) return signInPage(decision.action, false)
  const target = new URL(decision.redirectUri)
  const state = query.get('state')
  if (state !== null) target.searchParams.set('state', state)
  if (sent.get('decision') !== 'confirm') {
    if (!amazon.choices.refusalRedirects)
      return show('Nothing was allowed', html`<p>The application has no access. You can close this page.</p>`)
    target.searchParams.set('error', 'access_denied')
    target.searchParams.set('error_description', 'The seller did not authorise the application')
    return redirectTo(target.href)
  }
  if (sent.get('agreed') === null) {
    const { action, store } = decision
    return consentPage(amazon, { action, form: sent, isUnticked: true, ...(store ? { store } : {}) })
  }
  const { sellerId, region, redirectUri } = decision
  const code = `RH${hex(amazon.random, 18)}`
  amazon.codes.set(code, { code, sellerId, region, redirectUri, endsAt: at + codeSeconds * 1000, used: false })
  target.searchParams.set('selling_partner_id', sellerId)
  target.searchParams.set('spapi_oauth_code', code)
  return redirectTo(target.href)
}

/** The app's page in the store: from here Amazon opens the app's own sign-in. */
function answerStore({ amazon, at, form, path, query }: Visit): SandboxResponse {
  if (path.slice(storePath.length) !== amazon.application.id) return problemPage('The application was not found.', 404)
  if (!form) return isStoreOpen(amazon)
  const [sellerId = '', region] = (form.get('account') ?? '').split(' ')
  const loginUri = form.get('login_uri') ?? ''
  if (!amazon.sellers.get(sellerId)?.regions.includes(region as Region))
    return problemPage('There is no such account.', 400)
  if (!URL.canParse(loginUri)) return problemPage('The login URI is not an address.', 400)
  amazon.choices.loginUri = loginUri
  const amazonState = hex(amazon.random, 32)
  amazon.storeVisits.set(amazonState, {
    amazonState,
    sellerId,
    region: region as Region,
    endsAt: at + 900_000,
    used: false,
  })
  const target = new URL(loginUri)
  target.searchParams.set('amazon_callback_uri', `${amazon.origin}${confirmPath}${amazon.application.id}`)
  target.searchParams.set('amazon_state', amazonState)
  target.searchParams.set('selling_partner_id', sellerId)
  if (amazon.choices.appIsDraft || query.get('version') === 'beta') target.searchParams.set('version', 'beta')
  return redirectTo(target.href)
}

function isStoreOpen(amazon: Amazon): SandboxResponse {
  const body = html`<p>
      Fairlead keeps stock, prices and orders in step. You are signed in as <code>${person.email}</code>.
    </p>
    ${personForm({
      action: `${storePath}${amazon.application.id}`,
      inputs: [
        choice({ label: 'Seller account', name: 'account', options: accountsOf(amazon) }),
        textField({ label: "The application's login URI", name: 'login_uri', value: amazon.choices.loginUri }),
      ],
      buttons: [{ label: 'Authorise now', main: true }],
    })}`
  return show('Fairlead in the app store', body)
}

function accountsOf(amazon: Amazon): { value: string; label: string }[] {
  return [...amazon.sellers.values()].flatMap(({ id, storeName, regions }) =>
    regions.map((region) => ({ value: `${id} ${region}`, label: `${storeName} (${regionNames[region]})` })),
  )
}

function isSignedIn(form: URLSearchParams | undefined): boolean {
  return form?.get('email') === person.email && form.get('password') === person.password
}

/** Says that the page before was answered; there is nothing to protect here. */
function session(): string {
  return createHash('sha256').update(`${person.email} ${person.password}`).digest('hex').slice(0, 16)
}

function problemPage(problem: string, status: number): SandboxResponse {
  const [code, ...rest] = problem.split(': ')
  const isCoded = code !== undefined && /^MD\d+$/.test(code)
  const body = isCoded
    ? html`<p role="alert">${rest.join(': ')}</p>
        <p>Error code: <code>${code}</code></p>`
    : html`<p role="alert">${problem}</p>`
  return show('We could not go on', body, status)
}

function show(title: string, body: Html, status = 200): SandboxResponse {
  return pageResponse(personPage({ title, marketplace: 'Amazon sandbox', body, color: '#c77c11' }), status)
}
