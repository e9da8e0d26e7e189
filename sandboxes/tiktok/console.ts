// The console page: what stands beside what all sandboxes show.
import { consolePage } from '../kit/console.ts'
import { html, postButton } from '../kit/page.ts'
import type { Html } from '../kit/page.ts'
import type { TiktokControl } from './control.ts'
import type { Tiktok } from './state.ts'

const rowsMax = 20

export function showConsole(tiktok: Tiktok, control: TiktokControl): string {
  const seller = tiktok.sellers[0]?.name ?? ''
  return consolePage({
    title: 'TikTok Shop sandbox',
    control,
    about: html`${seller} · GBP · API and tokens at <code>${tiktok.origin}</code>`,
    links: [{ label: 'Install from the app store', href: '/open/store' }],
    sections: [
      { title: 'Our app', width: 'half', body: showApp(tiktok) },
      { title: 'Shops and tokens', width: 'half', body: showShops(tiktok) },
      { title: 'Open questions', body: showChoices(tiktok) },
      { title: 'Buyers who want something', width: 'half', body: showRequests(tiktok) },
      { title: 'Orders on hold', width: 'half', body: showOnHold(tiktok) },
    ],
  })
}

function showApp({ app }: Tiktok): Html {
  const field = (name: 'redirectUri' | 'webhookUrl', label: string) =>
    html`<form method="post" action="/__sandbox/app" class="row">
      <input type="text" name="${name}" aria-label="${label}" value="${app[name]}" style="width: 260px" />
      <button>${label}</button>
    </form>`
  return html`<p>
      <code>app_key ${app.appKey}</code> <code>service_id ${app.serviceId}</code><br /><code
        >secret ${app.appSecret}</code
      >
    </p>
    ${field('redirectUri', 'set redirect')} ${field('webhookUrl', 'set address of notifications')}`
}

function showShops(tiktok: Tiktok): Html {
  const now = [...tiktok.grants.values()].filter((one) => !one.revokedAt)
  const rows = tiktok.shops.map(
    (shop) =>
      html`<p>
        <b>${shop.name}</b> <code>${shop.id}</code> ${shop.sellerType}, ${shop.warehouses.length} warehouses
        ${now.some((one) => one.shopIds.has(shop.id)) ? html`<span class="good">allowed</span>` : html`<span class="quiet">not allowed</span>`}
        ${postButton(`/__sandbox/shops/${shop.id}`, shop.isOpen ? 'close' : 'open', { fields: { isOpen: String(!shop.isOpen) }, tone: 'small' })}
      </p>`,
  )
  return html`${rows}
    <div class="row">
      ${postButton('/__sandbox/tokens/expire', 'access tokens end now')}
      ${postButton('/__sandbox/tokens/revoke', 'seller takes consent back')}
      ${postButton('/__sandbox/tokens/restore', 'and gives it again')}
    </div>`
}

function showChoices({ choices }: Tiktok): Html {
  const forms = Object.entries(choices).map(
    ([name, value]) =>
      html`<form method="post" action="/__sandbox/choices">
        <input type="text" name="${name}" aria-label="${name}" value="${String(value)}" /><button class="small">
          ${name}
        </button>
      </form>`,
  )
  return html`<div class="row">${forms}</div>`
}

function showRequests(tiktok: Tiktok): Html {
  const open = [...tiktok.cancellations.values()].filter((one) => one.status === 'PENDING').slice(-rowsMax)
  if (open.length === 0) return html`<p class="empty">Nobody waits for an answer.</p>`
  return html`${open.map((one) => html`<p>Order <code>${one.orderId}</code>: cancel, ${one.reason}</p>`)}`
}

function showOnHold(tiktok: Tiktok): Html {
  const waiting = [...tiktok.orders.values()].filter((one) => one.status === 'ON_HOLD').slice(-rowsMax)
  if (waiting.length === 0) return html`<p class="empty">None.</p>`
  return html`${waiting.map(
    (one) =>
      html`<p>
        <code>${one.id}</code>
        ${postButton(`/__sandbox/orders/${one.id}/release`, 'release', { tone: 'small', fields: { ok: '1' } })}
      </p>`,
  )}`
}
