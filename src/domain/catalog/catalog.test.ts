import { describe, expect, test } from 'vitest'
import { readGtin } from './gtin.ts'
import { safeHtml } from './safe-html.ts'
import { searchWords, skuFromHandle, skuNormalized } from './sku.ts'

describe('G1: barcodes', () => {
  test('GTIN-8, UPC-A, EAN-13 and GTIN-14 are taken where the last digit proves the others', () => {
    expect(['96385074', '036000291452', '4006381333931', '10012345678902'].map(readGtin)).toEqual([
      '96385074',
      '036000291452',
      '4006381333931',
      '10012345678902',
    ])
    expect(readGtin(" '4006-381 333931 ")).toBe('4006381333931')
    expect(['4006381333932', '400638133393', '4.00638E+12', '', 'ABCDEFGH'].map(readGtin)).toEqual(
      Array(5).fill(undefined),
    )
  })
})

describe('descriptions from outside', () => {
  test('paragraphs, lists and emphasis stay, attributes and everything else go', () => {
    expect(safeHtml('<p class="x" onclick="evil()">A <b>b</b></p><ul><li>c</ul>')).toBe(
      '<p>A <b>b</b></p><ul><li>c</li></ul>',
    )
    expect(safeHtml('<h1>T</h1><div>x<br/>y</div>')).toBe('<h2>T</h2><p>x<br>y</p>')
  })

  test('scripts and their kin leave nothing that a browser would run', () => {
    const nasty = [
      '<script>alert(1)</script>',
      '<img src=x onerror=alert(1)>',
      '<svg><script>alert(1)</script></svg>',
      '<a href="javascript:alert(1)">x</a>',
      '<scr<script>ipt>alert(1)</script>',
      '<iframe src="//evil">',
      '<p<script>alert(1)</script>>',
      '<!--<p onclick=x>-->',
      '<style>*{}</style>',
      '<p title="a>b" onclick=x>',
    ]
    for (const html of nasty)
      expect(safeHtml(`${html} ok`), html).not.toMatch(
        /<(?!\/?(p|br|ul|ol|li|b|strong|i|em|u|h[234]|blockquote|table|thead|tbody|tr|th|td)>)/,
      )
    expect(safeHtml('2 < 3 & "x" &amp; &copy;')).toBe('2 &lt; 3 &amp; &quot;x&quot; &amp; &copy;')
  })
})

describe('SKUs', () => {
  test('a SKU made from handle and options is the same whenever it is made, and keeps case', () => {
    expect(skuFromHandle('varsity-top', ['Extra large', 'S/M'])).toBe('varsity-top/Extra-large/S-M')
    expect(skuFromHandle('cup', [])).toBe('cup')
  })

  test('loose comparison is by letters and digits, search by words', () => {
    expect(skuNormalized('ab-12 / c')).toBe('AB12C')
    expect(searchWords('  Blue  DRUM ')).toEqual(['blue', 'drum'])
  })
})
