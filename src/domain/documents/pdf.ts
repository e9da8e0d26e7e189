// Documents as PDF: drawn from data alone, without a browser. Texts of people only ever stand as the value of `text`, so
// nothing in them can be markup, a link or a file (X7).
import { createRequire } from 'node:module'
import pdfmake from 'pdfmake'
import type { Content, TableCell, TDocumentDefinitions } from 'pdfmake/interfaces.js'

const resolvePackage = createRequire(import.meta.url).resolve
const font = (face: string) => resolvePackage(`dejavu-fonts-ttf/ttf/DejaVuSansCondensed${face}.ttf`)
const faces = { normal: font(''), bold: font('-Bold'), italics: font('-Oblique'), bolditalics: font('-BoldOblique') }

pdfmake.setFonts({ DejaVu: faces })
// It could read files and addresses named in a document; ours names none but the fonts.
pdfmake.setUrlAccessPolicy(() => false)
pdfmake.setLocalAccessPolicy((path) => Object.values(faces).includes(path))

export type PdfPage = {
  title: string
  /** Below the title, in small print. */
  marks: string[]
  /** Told in the file, in place of the clock. */
  createdAt: Date
  content: Content[]
}

export function pdfOf({ title, marks, createdAt, content }: PdfPage): Promise<Buffer> {
  const definition: TDocumentDefinitions = {
    pageSize: 'A4',
    pageMargins: [48, 48, 48, 56],
    info: { title: plain(title), creationDate: createdAt, producer: 'Fairlead', creator: 'Fairlead' },
    defaultStyle: { font: 'DejaVu', fontSize: 9, lineHeight: 1.25 },
    content: [
      { text: plain(title), fontSize: 18, bold: true },
      { text: marks.map(plain).join('  ·  '), color: '#555555', margin: [0, 2, 0, 16] },
      ...content,
    ],
    footer: (page, pages) => ({
      text: `${plain(title)} · ${page} / ${pages}`,
      alignment: 'right',
      color: '#777777',
      fontSize: 8,
      margin: [48, 16, 48, 0],
    }),
  }
  return pdfmake.createPdf(definition).getBuffer()
}

/** Several blocks beside each other: who from, who to, the facts. */
export function besideEachOther(blocks: { head: string; lines: string[] }[]): Content {
  return {
    columns: blocks.map(({ head, lines }) => ({
      width: '*',
      stack: [
        { text: head, color: '#777777', fontSize: 8, margin: [0, 0, 0, 2] },
        ...lines.filter((line) => line.trim() !== '').map(told),
      ],
    })),
    columnGap: 16,
    margin: [0, 0, 0, 18],
  }
}

export type TableColumn = { head: string; width: number | '*'; right?: boolean }

export function tableOf(columns: TableColumn[], rows: string[][]): Content {
  const cell = (text: string, index: number, more: object = {}): TableCell => ({
    ...told(text),
    alignment: columns[index]?.right ? 'right' : 'left',
    ...more,
  })
  return {
    table: {
      headerRows: 1,
      widths: columns.map((column) => column.width),
      body: [
        columns.map((column, index) => cell(column.head, index, { bold: true, color: '#333333' })),
        ...rows.map((row) => row.map((text, index) => cell(text, index))),
      ],
    },
    layout: { hLineWidth: (line) => (line === 0 ? 0 : 0.5), vLineWidth: () => 0, hLineColor: () => '#cccccc' },
    margin: [0, 0, 0, 12],
  }
}

/** Sums at the right, the last in bold. */
export function totalsOf(rows: [label: string, amount: string][]): Content {
  const body = rows.map(([label, amount], index): TableCell[] => [
    { text: '' },
    { text: plain(label), bold: index === rows.length - 1 },
    { text: plain(amount), bold: index === rows.length - 1, alignment: 'right' },
  ])
  return { table: { widths: ['*', 'auto', 110], body }, layout: 'noBorders', unbreakable: true }
}

const longWord = /\S{24}/u

/** A word that may be wider than its column is broken anywhere; everything else between words. */
function told(text: string): { text: string; wordBreak?: 'break-all' } {
  const shown = plain(text)
  return longWord.test(shown) ? { text: shown, wordBreak: 'break-all' } : { text: shown }
}

function plain(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Bidi_Control}]+/gu, ' ').trim()
}
