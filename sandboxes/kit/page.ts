// Console pages of all sandboxes: plain HTML, one style, nothing loaded from elsewhere.

/** Markup that is safe to put into a page. */
export type Html = { html: string }

/** Escapes every value that is not markup already. */
export function html(parts: TemplateStringsArray, ...values: unknown[]): Html {
  return { html: parts.map((part, index) => part + (index < values.length ? render(values[index]) : '')).join('') }
}

function render(value: unknown): string {
  if (value === undefined || value === null || value === false) return ''
  if (Array.isArray(value)) return value.map(render).join('')
  if (typeof value === 'object' && 'html' in value) return String(value.html)
  return escapeHtml(String(value as string | number | true))
}

export function escapeHtml(text: string): string {
  const names: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
  return text.replaceAll(/[&<>"']/g, (character) => names[character] ?? character)
}

export function page(title: string, body: Html): string {
  const head = html`<meta charset="utf-8" /><meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>${title}</title>
    <style>
      ${{ html: style }}
    </style>`
  return html`<!doctype html>
    <html lang="en">
      <head>
        ${head}
      </head>
      <body>
        ${body}
      </body>
    </html>`.html
}

/** A button that posts and comes back to the console. */
export function postButton(
  action: string,
  label: string,
  options: { fields?: Record<string, string>; tone?: string } = {},
): Html {
  const fields = Object.entries(options.fields ?? {}).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
  )
  return html`<form method="post" action="${action}">
    ${fields}<button class="${options.tone ?? ''}">${label}</button>
  </form>`
}

const style = `
:root { color-scheme: light dark; --ground: #f5f5f2; --card: #fff; --ink: #1c1d1f; --quiet: #686c73; --line: #e2e2dc;
  --accent: #b4532a; --good: #21774b; --bad: #b3261e; --soft: #f0efe9; }
@media (prefers-color-scheme: dark) { :root { --ground: #141517; --card: #1d1f22; --ink: #ecebe7; --quiet: #9a9fa8;
  --line: #303338; --accent: #f0956a; --good: #6cc795; --bad: #f2857d; --soft: #26282c; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 14px/1.5 system-ui, sans-serif; }
main { max-width: 1240px; margin: 0 auto; padding: 20px 16px 60px; }
header { display: flex; flex-wrap: wrap; gap: 12px 20px; align-items: center; margin-bottom: 18px; }
h1 { font-size: 22px; margin: 0; letter-spacing: -0.01em; } h2 { font-size: 15px; margin: 0 0 10px; }
.tag { background: var(--accent); color: var(--card); border-radius: 99px; padding: 2px 10px; font-size: 12px; font-weight: 600; }
.quiet { color: var(--quiet); } .bad { color: var(--bad); } .good { color: var(--good); }
.grid { display: grid; grid-template-columns: repeat(12, 1fr); gap: 16px; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 16px; grid-column: span 12; min-width: 0; }
@media (min-width: 900px) { .half { grid-column: span 6; } .third { grid-column: span 4; } .two-thirds { grid-column: span 8; } }
.figures { display: flex; flex-wrap: wrap; gap: 8px 28px; } .figures b { display: block; font-size: 22px; font-variant-numeric: tabular-nums; }
.scroll { overflow-x: auto; max-height: 460px; overflow-y: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th { text-align: left; font-weight: 600; color: var(--quiet); font-size: 12px; position: sticky; top: 0; background: var(--card); }
th, td { padding: 6px 10px 6px 0; border-bottom: 1px solid var(--line); vertical-align: top; white-space: nowrap; }
td.wide { white-space: normal; min-width: 180px; } td.number, th.number { text-align: right; }
code { display: inline-block; font: 12px ui-monospace, monospace; background: var(--soft); padding: 1px 5px; border-radius: 5px; white-space: pre-wrap; overflow-wrap: anywhere; }
form { display: inline-flex; gap: 6px; align-items: center; margin: 0; } .row { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; }
button { font: inherit; border: 1px solid var(--line); background: var(--soft); color: var(--ink); border-radius: 8px; padding: 5px 12px; cursor: pointer; }
button:hover { border-color: var(--accent); } button.main { background: var(--accent); border-color: var(--accent); color: var(--card); font-weight: 600; }
button.on { border-color: var(--bad); color: var(--bad); font-weight: 600; } button.small { padding: 1px 8px; font-size: 12px; }
.buttons { display: flex; gap: 4px; }
input[type=text], input[type=number] { font: inherit; color: inherit; background: var(--ground); border: 1px solid var(--line); border-radius: 8px; padding: 4px 8px; width: 90px; }
.pill { border-radius: 99px; padding: 1px 9px; background: var(--soft); font-size: 12px; } .empty { color: var(--quiet); padding: 18px 0; }
`
