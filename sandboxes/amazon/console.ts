// The console page, and what this sandbox adds to the common control surface.
import { z } from 'zod'
import { consolePage } from '../kit/console.ts'
import { get, ok, post, refused, settled } from '../kit/control-routes.ts'
import { html } from '../kit/page.ts'
import { readChoices } from './choices.ts'
import { marketplaceOf } from './reference.ts'
import type { ConsoleSection } from '../kit/console.ts'
import type { ControlRoute } from '../kit/control-routes.ts'
import type { AmazonControl } from './control.ts'
import type { Amazon } from './state.ts'

export function controlRoutes(amazon: Amazon, control: AmazonControl): ControlRoute[] {
  return [
    get(/^\/$/, () => ({ status: 200, page: showConsole(amazon, control) })),
    get(/^\/choices$/, () => ok(control.choices())),
    post(/^\/choices$/, z.unknown(), (sent) => {
      const choices = readChoices(sent)
      if ('refusal' in choices) return refused(400, choices.refusal)
      control.choose(choices)
      return ok(control.choices())
    }),
    get(/^\/truth\/all-listings$/, () => ok(control.allListings())),
    get(/^\/truth\/jobs$/, () => ok([...amazon.jobs.values()])),
    get(/^\/grants$/, () => ok([...amazon.grants.values()])),
    post(/^\/secret\/rotate$/, z.unknown(), () => ok({ clientSecret: control.rotateSecret() })),
    post(
      /^\/orders\/([^/]+)\/request-cancel$/,
      z.object({ reason: z.string().optional() }).loose().optional(),
      (sent, { params }) => settled(control.requestCancel(params[0] ?? '', sent?.reason)),
    ),
  ]
}

function showConsole(amazon: Amazon, control: AmazonControl): string {
  const site = marketplaceOf(amazon.home.marketplaceId)
  const seller = amazon.sellers.get(amazon.home.sellerId)
  return consolePage({
    title: 'Amazon sandbox',
    control,
    about: html`${seller?.storeName} · ${site?.name} · ${site?.currency} · API at <code>${amazon.origin}</code>`,
    links: [{ label: 'Authorise from the app store', href: `/apps/store/${amazon.application.id}` }],
    sections: [choicesSection(control), appSection(amazon)],
  })
}

function choicesSection(control: AmazonControl): ConsoleSection {
  const rows = Object.entries(control.choices()).map(([name, value]) => {
    const input =
      typeof value === 'boolean'
        ? html`<input type="hidden" name="${name}" value="${String(!value)}" /><button
              class="small ${value ? 'on' : ''}"
            >
              ${value ? 'on' : 'off'}
            </button>`
        : html`<input type="text" name="${name}" aria-label="${name}" value="${String(value)}" /><button class="small">
              set
            </button>`
    return html`<tr>
      <td>${name}</td>
      <td><form method="post" action="/__sandbox/choices">${input}</form></td>
    </tr>`
  })
  const body = html`<div class="scroll">
    <table>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`
  return { title: 'How it behaves where nothing is published', body, width: 'half' }
}

function appSection(amazon: Amazon): ConsoleSection {
  const { id, clientId, clientSecret } = amazon.application
  const grants = [...amazon.grants.values()].map(
    (grant) =>
      html`<p>
        ${grant.sellerId}, ${grant.region}:
        <span class="${grant.revokedAt === undefined ? 'good' : 'bad'}"
          >${grant.revokedAt === undefined ? 'allowed' : 'taken back'}</span
        ><br />
        <code>${grant.refreshToken.slice(0, 40)}…</code>
      </p>`,
  )
  const jobs = [...amazon.jobs.values()].slice(-12).toReversed()
  const body = html`<p>Application <code>${id}</code></p>
    <p>Client <code>${clientId}</code></p>
    <p>Secret <code>${clientSecret}</code></p>
    ${grants}
    <h2>Feeds and reports</h2>
    ${jobs.length === 0 ? html`<p class="empty">Nothing yet.</p>` : ''}
    ${jobs.map((job) => html`<p>${job.id} ${job.type} <span class="pill">${job.status}</span></p>`)}`
  return { title: 'The application and who allowed it', body, width: 'half' }
}
