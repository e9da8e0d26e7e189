// The first rows of a file as another encoding or delimiter would read them, so that the mapping can be adjusted before
// anything is uploaded. The hub reads the file itself; this is only what the person sees while choosing.

export type Preview = { headers: string[]; rows: string[][] }

const rowsMax = 5

/** `whole` says that nothing comes after these bytes; otherwise the last line is cut and left out. */
export function previewOf(
  bytes: Uint8Array,
  { encoding, delimiter }: { encoding: string; delimiter: string },
  whole: boolean,
): Preview {
  const text = new TextDecoder(encoding).decode(bytes)
  const table = recordsOf(text, delimiter, whole, rowsMax + 1)
  return { headers: (table[0] ?? []).map((cell) => cell.trim()), rows: table.slice(1) }
}

/** Quotes count only at the start of a cell, as in `14" drum`; blank lines are no rows. */
function recordsOf(text: string, delimiter: string, whole: boolean, max: number): string[][] {
  const records: string[][] = []
  let cells: string[] = []
  let cell = ''
  let quoted = false
  const endRecord = () => {
    cells.push(cell)
    if (cells.length > 1 || cells[0]?.trim()) records.push(cells)
    cells = []
    cell = ''
  }
  for (let at = 0; at < text.length && records.length < max; at++) {
    const sign = text[at] ?? ''
    if (quoted) {
      if (sign !== '"') cell += sign
      else if (text[at + 1] === '"') cell += text[at++]
      else quoted = false
    } else if (sign === '"' && cell === '') quoted = true
    else if (sign === delimiter) {
      cells.push(cell)
      cell = ''
    } else if (sign === '\n' || sign === '\r') {
      if (sign === '\r' && text[at + 1] === '\n') at++
      endRecord()
    } else cell += sign
  }
  if (whole && records.length < max && (cell !== '' || cells.length > 0)) endRecord()
  return records
}
