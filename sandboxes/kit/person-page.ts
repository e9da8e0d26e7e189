// Pages a seller sees at the marketplace: signing in and consenting. Plain forms that work without scripts, every input
// with its label, so that a person and a browser test find them alike.
import { html, page } from './page.ts'
import type { Html } from './page.ts'
import type { SandboxResponse } from './sandbox.ts'

export type PersonPage = {
  title: string
  /** Whose page it is, such as "Amazon sandbox". */
  marketplace: string
  body: Html
  /** A CSS color for the bar on top and the main button. */
  color?: string
}

export function personPage({ title, marketplace, body, color = '#33507a' }: PersonPage): string {
  const shown = html`<style>
      ${{ html: personStyle(color) }}
    </style>
    <div class="bar"></div>
    <main class="person">
      <p class="quiet">${marketplace} <span class="tag">imitation</span></p>
      <h1>${title}</h1>
      ${body}
    </main>`
  return page(`${title} – ${marketplace}`, shown)
}

export type PersonForm = {
  action: string
  /** GET for a choice that changes nothing. */
  method?: 'get' | 'post'
  hidden?: Record<string, string>
  inputs?: Html[]
  buttons: { label: string; name?: string; value?: string; main?: boolean }[]
}

export function personForm({ action, method = 'post', hidden = {}, inputs = [], buttons }: PersonForm): Html {
  const fields = Object.entries(hidden).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
  )
  const shown = buttons.map(({ label, name, value, main }) => {
    const carried = name === undefined ? '' : html`name="${name}" value="${value ?? ''}"`
    return html`<button class="${main === true ? 'main' : ''}" ${carried}>${label}</button>`
  })
  return html`<form class="person" method="${method}" action="${action}">
    ${fields} ${inputs}
    <div class="row">${shown}</div>
  </form>`
}

export function textField(field: { label: string; name: string; value?: string; type?: string }): Html {
  const { label, name, value = '', type = 'text' } = field
  return html`<p>
    <label for="${name}">${label}</label><input id="${name}" type="${type}" name="${name}" value="${value}" />
  </p>`
}

/** An unticked box is not sent at all. */
export function tickBox(box: { label: string; name: string; isTicked?: boolean }): Html {
  const { label, name, isTicked = false } = box
  return html`<p class="tick">
    <input id="${name}" type="checkbox" name="${name}" value="yes" ${isTicked ? 'checked' : ''} /><label for="${name}"
      >${label}</label
    >
  </p>`
}

export function choice(field: {
  label: string
  name: string
  options: { value: string; label: string }[]
  chosen?: string
}): Html {
  const options = field.options.map(
    ({ value, label }) => html`<option value="${value}" ${value === field.chosen ? 'selected' : ''}>${label}</option>`,
  )
  return html`<p>
    <label for="${field.name}">${field.label}</label
    ><select id="${field.name}" name="${field.name}">
      ${options}
    </select>
  </p>`
}

export function pageResponse(text: string, status = 200): SandboxResponse {
  return { status, headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' }, body: text }
}

export function redirectTo(location: string, status: 302 | 303 = 302): SandboxResponse {
  return { status, headers: { location, 'cache-control': 'no-store' }, body: '' }
}

function personStyle(color: string): string {
  return `
:root { --accent: ${color}; } .bar { height: 6px; background: var(--accent); }
main.person { max-width: 560px; margin: 40px auto; background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 24px 28px 28px; }
main.person h1 { margin-bottom: 14px; } main.person li { margin: 4px 0; }
form.person { display: block; margin-top: 18px; } form.person label { display: block; font-weight: 600; margin-bottom: 4px; }
form.person input:not([type=checkbox]), form.person select { width: 100%; font: inherit; color: inherit; background: var(--ground);
  border: 1px solid var(--line); border-radius: 8px; padding: 8px 10px; }
form.person .tick { display: flex; gap: 8px; align-items: baseline; } form.person .tick label { font-weight: 400; margin: 0; }
form.person button { padding: 8px 18px; }
@media (prefers-color-scheme: dark) { main.person button.main { color: #fff; } }
`
}
