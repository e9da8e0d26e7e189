// Text in pieces → whole physical lines, and physical lines → where a table row ends. The CSV library reads the cells;
// this decides where rows begin, so that one bad quote costs one line and not the rest of the file.

/** Whole lines of the text so far; a line longer than the limit comes out cut, as `tooLong`, and its rest is skipped. */
export function lineSplitter(lineCharactersMax: number): {
  push(text: string, last?: boolean): { text: string; tooLong: boolean }[]
} {
  let rest = ''
  let skipping = false
  return {
    push(text, last = false) {
      let buffer = rest + text
      rest = ''
      // A carriage return at the end may be half of a line break.
      if (!last && buffer.endsWith('\r')) {
        rest = '\r'
        buffer = buffer.slice(0, -1)
      }
      const pieces = buffer.split(/\r\n|\n|\r/)
      const tail = pieces.pop() ?? ''
      const lines: { text: string; tooLong: boolean }[] = []
      for (const piece of pieces) {
        if (skipping) skipping = false
        else lines.push(cut(piece, lineCharactersMax))
      }
      if (last) {
        if (tail !== '' && !skipping) lines.push(cut(tail, lineCharactersMax))
        return lines
      }
      if (skipping) return lines
      if (tail.length > lineCharactersMax) {
        lines.push(cut(tail, lineCharactersMax))
        skipping = true
      } else rest = tail + rest
      return lines
    },
  }
}

function cut(text: string, max: number): { text: string; tooLong: boolean } {
  return text.length > max ? { text: text.slice(0, 200), tooLong: true } : { text, tooLong: false }
}

export type Quoting = { kind: 'closed' } | { kind: 'open' } | { kind: 'broken'; cell: number }

/**
 * How a line leaves the quotes: closed, inside a quoted cell, or broken (text after a closing quote). A quote counts only
 * at the start of a cell: the inch mark in `Drum 14" deep` is an ordinary character.
 */
export function quotingAfter(line: string, delimiter: string, startsInside: boolean): Quoting {
  if (!line.includes('"')) return { kind: startsInside ? 'open' : 'closed' }
  let at = 0
  let cell = 1
  let inside = startsInside
  for (;;) {
    if (!inside) {
      if (line[at] !== '"') {
        const next = line.indexOf(delimiter, at)
        if (next < 0) return { kind: 'closed' }
        at = next + 1
        cell += 1
        continue
      }
      at += 1
    }
    const end = closingQuote(line, at)
    if (end < 0) return { kind: 'open' }
    inside = false
    at = end + 1
    if (at >= line.length) return { kind: 'closed' }
    if (line[at] !== delimiter) return { kind: 'broken', cell }
    at += 1
    cell += 1
  }
}

/** The next quote that is not doubled, or -1. */
function closingQuote(line: string, from: number): number {
  let at = from
  for (;;) {
    const quote = line.indexOf('"', at)
    if (quote < 0) return -1
    if (line[quote + 1] !== '"') return quote
    at = quote + 2
  }
}
