import { expect, test } from 'vitest'
import { elementsIn, fitDescription, plainText } from './description.ts'

const html = '<h2>Tea &amp; more</h2><p>For <b>two</b>.<br>Or one.</p><ul><li>Red</li><li>Blue</li></ul>'

test('plain text has a line for each paragraph, heading and entry', () => {
  expect(plainText(html)).toBe('Tea & more\nFor two.\nOr one.\nRed\nBlue')
  expect(plainText('5 < 6 and 7 > 3')).toBe('5 < 6 and 7 > 3')
  expect(plainText('&amp;lt;')).toBe('&lt;')
})

test('the elements in it are named once each', () => {
  expect(elementsIn(`${html}<P class="x">`)).toEqual(['h2', 'p', 'b', 'br', 'ul', 'li'])
  expect(elementsIn('2 < 3')).toEqual([])
})

test('what a marketplace does not take goes, and its text stays', () => {
  expect(fitDescription(html, [])).toBe(plainText(html))
  expect(fitDescription(html, ['p', 'br'])).toBe('Tea &amp; more<br><p>For two.<br>Or one.</p>Red<br>Blue<br><br>')
  expect(elementsIn(fitDescription(html, ['p', 'ul', 'li']))).toEqual(['p', 'ul', 'li'])
})
