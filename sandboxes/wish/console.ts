// The console page: what this Wish holds and what can be done to it, and the page where apps are made.
import { consolePage, section } from '../kit/console.ts'
import { html, page, postButton } from '../kit/page.ts'
import { choice, personForm, textField } from '../kit/person-page.ts'
import { optionsOf } from './choices.ts'
import { appStorePath, authorizePath } from './oauth-pages.ts'
import { base } from './reference.ts'
import type { Html } from '../kit/page.ts'
import type { Choices } from './choices.ts'
import type { WishControl } from './control.ts'
import type { App, Merchant, Order, Wish } from './state.ts'

const rowsMax = 60

export function showConsole(wish: Wish, control: WishControl): string {
  const merchant = wish.merchants.get(control.merchantId)
  return consolePage({
    title: 'Wish sandbox',
    control,
    about: html`${merchant?.name} · ${merchant?.currency} · API at <code>${wish.origin}${base}</code>`,
    links: [
      { label: 'Create app', href: '/__sandbox/apps' },
      { label: 'App store', href: appStorePath },
    ],
    sections: [
      { title: 'Stores', body: html`${[...wish.merchants.values()].map(showMerchant)}`, width: 'half' },
      { title: 'Tokens', body: showTokens(wish), width: 'half' },
      { title: 'Where nothing is published', body: showChoices(wish) },
      { title: 'Orders to release again or under way', body: showUnderWay(merchant?.orders ?? []), width: 'half' },
      { title: 'Jobs', body: showJobs(wish), width: 'half' },
    ],
  })
}

function showMerchant(merchant: Merchant): Html {
  const change = (fields: Record<string, string>, label: string) =>
    postButton('/__sandbox/merchant', label, { fields: { merchantId: merchant.id, ...fields }, tone: 'small' })
  const { revenueType, hasListingReview, isDisabled } = merchant
  const other = revenueType === 'REV_SHARE' ? 'COST_BASED' : 'REV_SHARE'
  const warehouses = merchant.warehouses.map((one) => html`<code>${one.id}</code> ${one.name} (${one.shipping_type}) `)
  return html`<p>
      <b>${merchant.name}</b> <code>${merchant.id}</code> ${merchant.currency} ${revenueType}
      ${hasListingReview ? 'with automated review' : ''} ${isDisabled ? html`<span class="bad">closed</span>` : ''}<br />${warehouses}
    </p>
    <div class="row">
      ${change({ revenueType: other }, `make it ${other}`)}
      ${change({ hasListingReview: String(!hasListingReview) }, hasListingReview ? 'review off' : 'review on')}
      ${change({ isDisabled: String(!isDisabled) }, isDisabled ? 'open it' : 'close it')}
    </div>`
}

function showTokens(wish: Wish): Html {
  const rows = [...wish.accessTokens.values()]
    .slice(-6)
    .toReversed()
    .map(
      (one) =>
        html`<p>
          <code>${one.token}</code><br />${wish.apps.get(one.clientId)?.name} at
          ${wish.merchants.get(one.merchantId)?.name},
          ${one.revokedAt ? html`<span class="bad">revoked</span>` : `until ${one.endsAt.toISOString()}`}
        </p>`,
    )
  return html`${rows}${postButton('/__sandbox/tokens/expire', 'end all access tokens now')}`
}

function showChoices(wish: Wish): Html {
  const forms = (Object.keys(wish.choices) as (keyof Choices)[]).map((name) => {
    const value = String(wish.choices[name])
    const options = optionsOf(name)
    const field = options
      ? html`<select name="${name}" aria-label="${name}">
          ${options.map((one) => html`<option ${one === value ? 'selected' : ''}>${one}</option>`)}
        </select>`
      : html`<input type="text" name="${name}" aria-label="${name}" value="${value}" />`
    return html`<form method="post" action="/__sandbox/choices">
      <span class="quiet">${name}</span> ${field}<button class="small">set</button>
    </form>`
  })
  return html`<div class="row">${forms}</div>`
}

function showUnderWay(orders: Order[]): Html {
  const rows = orders
    .filter((one) => one.processing?.status === 'IN_PROGRESS' || one.state === 'SHIPPED' || one.state === 'REFUNDED')
    .slice(-rowsMax)
    .toReversed()
    .map(
      (one) =>
        html`<p>
          <code>${one.id}</code> ${one.state}
          ${one.processing ? `${one.processing.source} ${one.processing.status}` : ''}
          ${
            one.state === 'SHIPPED' || one.state === 'REFUNDED'
              ? postButton(`/__sandbox/orders/${one.id}/re-release`, 're-release', {
                  tone: 'small',
                  fields: { ok: '1' },
                })
              : ''
          }
        </p>`,
    )
  return rows.length === 0 ? html`<p class="empty">None.</p>` : html`<div class="scroll">${rows}</div>`
}

function showJobs(wish: Wish): Html {
  const rows = [...wish.jobs.values()]
    .slice(-20)
    .toReversed()
    .map(
      (one) =>
        html`<p>
          <code>${one.id}</code> ${one.kind} ${one.status} ${one.processed}/${one.total}
          ${one.files.map((_, index) => html`<a href="/files/${one.id}/${index + 1}.json">file ${index + 1}</a> `)}
        </p>`,
    )
  return rows.length === 0 ? html`<p class="empty">None yet.</p>` : html`${rows}`
}

/** The two ways to connect: a hub's app that many sellers let in, or one the seller makes for himself here. */
export function showApps(wish: Wish): string {
  const cards = [...wish.apps.values()].map((app) => section({ title: app.name, body: showApp(app), width: 'half' }))
  const form = personForm({
    action: '/__sandbox/apps',
    inputs: [
      textField({ label: 'App name', name: 'name', value: 'My own app' }),
      textField({ label: 'Redirect URI', name: 'redirectUri' }),
      choice({
        label: 'Made by',
        name: 'kind',
        options: [
          { value: 'own', label: 'the seller, for his own store' },
          { value: 'hub', label: 'a hub, for many sellers' },
        ],
      }),
    ],
    buttons: [{ label: 'Create app', main: true }],
  })
  const body = html`<main>
    <header>
      <h1>Apps</h1>
      <span class="tag">imitation</span> <a href="/__sandbox/">back to the console</a>
    </header>
    <div class="grid">${cards} ${section({ title: 'Create app', body: form, width: 'half' })}</div>
  </main>`
  return page('Apps of the Wish sandbox', body)
}

function showApp(app: App): Html {
  const change = (label: string, name: string, value: string) =>
    html`<form method="post" action="/__sandbox/apps/${app.clientId}" class="row">
      <input type="text" name="${name}" aria-label="${label} of ${app.name}" value="${value}" style="width: 320px" />
      <button class="small">${`Change ${label}`}</button>
    </form>`
  return html`<dl>
      <dt>Client id</dt>
      <dd><code>${app.clientId}</code></dd>
      <dt>Client secret</dt>
      <dd><code>${app.clientSecret}</code></dd>
      <dt>Made by</dt>
      <dd>${app.kind === 'hub' ? 'a hub, for many sellers' : 'the seller'}</dd>
    </dl>
    ${change('redirect URI', 'redirectUri', app.redirectUri)}
    ${change('webhook address', 'webhookUrl', app.webhookUrl ?? '')}
    <p><a href="${authorizePath}?client_id=${app.clientId}">Authorise page</a></p>`
}
