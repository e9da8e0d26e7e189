// The page of the demo's suppliers: the mailbox of one, the folder of another, the stock file of the third.
import type { ReadMail } from './read-mail.ts'

export function suppliersPage(shown: { mails: ReadMail[]; files: string[]; stock: string }): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Suppliers of the demo</title>
<meta name="viewport" content="width=device-width">
<style>
  :root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif }
  body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
  article { border: 1px solid color-mix(in srgb, currentcolor 25%, transparent); border-radius: 8px; padding: .5rem 1rem; margin: .75rem 0 }
  h2 { margin-top: 2rem } h3 { margin: .25rem 0 } pre { overflow-x: auto; white-space: pre-wrap; margin: .25rem 0 }
</style></head><body>
<h1>Suppliers of the demo</h1>
<p>What the hub has sent to its suppliers. Reload the page to see what is new.</p>
<h2>Mailbox</h2>
${shown.mails.toReversed().map(mailOf).join('\n') || '<p>No mail yet.</p>'}
<h2>SFTP folder</h2>
<p>The owner of this folder sends what is ordered within a minute and puts a tracking file into /out; the hub looks there every five minutes.</p>
<ul>${shown.files.map((path) => `<li><a href="/folder/${encodeURIComponent(path)}">${plain(path)}</a></li>`).join('') || '<li>Empty.</li>'}</ul>
<h2>Stock file</h2>
<p><a href="/stock.csv">stock.csv</a>, fetched by the hub as a feed, begins with:</p>
<pre>${plain(shown.stock.split('\n').slice(0, 6).join('\n'))}</pre>
</body></html>`
}

function mailOf({ to, subject, text, attachments }: ReadMail): string {
  const links = attachments.map(({ name }) => `<a href="/mail/${encodeURIComponent(name)}">${plain(name)}</a>`)
  return `<article><h3>${plain(subject)}</h3><div>To ${plain(to)} ${links.map((link) => ` · ${link}`).join('')}</div><pre>${plain(text)}</pre></article>`
}

function plain(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
