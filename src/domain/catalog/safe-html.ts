// Descriptions come from outside and are shown to people: paragraphs, lists, headings and emphasis stay, everything else
// becomes plain text. Nothing is trusted that is not in the table, and no attribute survives.

const kept = new Set([
  'p',
  'br',
  'ul',
  'ol',
  'li',
  'b',
  'strong',
  'i',
  'em',
  'u',
  'h2',
  'h3',
  'h4',
  'blockquote',
  'table',
  'thead',
  'tbody',
  'tr',
  'th',
  'td',
])
const renamed: Record<string, string> = { h1: 'h2', h5: 'h4', h6: 'h4', div: 'p' }
/** Gone with all that is inside. */
const dropped = 'script|style|iframe|object|embed|svg|math|noscript|template|textarea|title|head'
const charactersMax = 50_000

export function safeHtml(html: string): string {
  const cleared = html
    .replace(/\0/g, '')
    .replace(/<!--[\s\S]*?(-->|$)/g, '')
    .replace(new RegExp(`<(${dropped})\\b[\\s\\S]*?(</\\1\\s*>|$)`, 'gi'), '')
  const open: string[] = []
  let out = ''
  for (const piece of cleared.split(/(<\/?[a-zA-Z][^<>]*>)/)) {
    const tag = /^<(\/?)([a-zA-Z][a-zA-Z0-9]*)\b[^<>]*>$/.exec(piece)
    if (!tag) out += escaped(piece)
    else out += tagText(tag[1] === '/', (tag[2] ?? '').toLowerCase(), open)
    if (out.length > charactersMax) break
  }
  return (
    out +
    open
      .toReversed()
      .map((name) => `</${name}>`)
      .join('')
  ).trim()
}

function tagText(closing: boolean, written: string, open: string[]): string {
  const name = renamed[written] ?? written
  if (!kept.has(name)) return ' '
  if (name === 'br') return '<br>'
  if (!closing) {
    open.push(name)
    return `<${name}>`
  }
  const at = open.lastIndexOf(name)
  if (at < 0) return ''
  return open
    .splice(at)
    .toReversed()
    .map((inner) => `</${inner}>`)
    .join('')
}

/** Well-formed entities stay as they are; every other sign that HTML knows becomes text. */
function escaped(text: string): string {
  return text
    .replace(/&(?!(?:[a-zA-Z][a-zA-Z0-9]{1,30}|#\d{1,7}|#x[0-9a-fA-F]{1,6});)/g, '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
