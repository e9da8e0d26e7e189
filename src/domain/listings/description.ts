// A description is HTML in the catalogue, and each marketplace takes some of its elements or none.

/** What ends a line where its element goes. */
const lineEnds = /<\s*(?:br|\/p|\/li|\/div|\/h\d|\/tr|\/ul|\/ol|\/blockquote)\b[^>]*>/gi
const element = /<\s*\/?\s*([a-zA-Z][a-zA-Z0-9]*)\b[^>]*>/g

/** Names of the elements in it, each once. */
export function elementsIn(html: string): string[] {
  return [...new Set([...html.matchAll(element)].map((match) => (match[1] ?? '').toLowerCase()))]
}

/** What a reader sees: no elements, one line per paragraph. */
export function plainText(html: string): string {
  const entities: Record<string, string> = {
    '&nbsp;': ' ',
    '&lt;': '<',
    '&gt;': '>',
    '&quot;': '"',
    '&#39;': "'",
    '&amp;': '&',
  }
  return html
    .replace(lineEnds, '\n')
    .replace(/<\/?[a-zA-Z][^>]*>/g, '')
    .replace(/&(?:nbsp|lt|gt|quot|#39|amp);/g, (entity) => entities[entity] ?? entity)
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}

/** The same with only the elements that are taken; what others held stays as text, a line of its own where they ended one. */
export function fitDescription(html: string, tags: string[]): string {
  if (tags.length === 0) return plainText(html)
  const isTaken = (piece: string) => elementsIn(piece).every((name) => tags.includes(name))
  const lineEnd = tags.includes('br') ? '<br>' : '\n'
  return html
    .replace(lineEnds, (end) => (isTaken(end) ? end : lineEnd))
    .replace(element, (piece) => (isTaken(piece) ? piece : ''))
    .trim()
}
