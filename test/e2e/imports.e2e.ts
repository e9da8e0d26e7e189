// Bringing files in: products as Shopify exports them, a supplier's stock as suppliers really write it, and files that
// are better looked at first (E1, G1).
import { readFile } from 'node:fs/promises'
import { stringify } from 'csv-stringify/sync'
import { startE2eWorld, supplierName, type E2eWorld } from '../support/e2e-world.ts'
import { expect, lookAt, row, test, type Locator, type Page } from '../support/e2e-page.ts'

let world: E2eWorld
test.describe.configure({ mode: 'serial' })
test.beforeAll(async () => {
  world = await startE2eWorld({ listed: false })
})
test.afterAll(() => world.stop())

type File = { name: string; mimeType: string; buffer: Buffer }
const csv = (name: string, content: string | Buffer): File => ({
  name,
  mimeType: 'text/csv',
  buffer: Buffer.from(content as string),
})

async function give(page: Page, dialog: Locator, file: File): Promise<void> {
  const choosing = page.waitForEvent('filechooser')
  await dialog.getByRole('button', { name: 'Choose a file' }).click()
  await (await choosing).setFiles(file)
}

async function stockDialog(page: Page): Promise<Locator> {
  await page.getByRole('button', { name: 'Import stock file' }).first().click()
  return page.getByRole('dialog', { name: `Import stock of ${supplierName}` })
}

async function openSupplier(page: Page): Promise<void> {
  await world.open(page, '/suppliers')
  await row(page, supplierName).getByText(supplierName).click()
  await expect(page.getByRole('heading', { name: supplierName })).toBeVisible()
}

const figure = (dialog: Locator, name: string) =>
  dialog.getByRole('term').filter({ hasText: name }).locator('xpath=following-sibling::dd[1]')
const onHandOf = async (sku: string) => {
  const { rows } = await world.client.get<{ rows: { sku: string; available: number | null }[] }>('/api/variants')
  return rows.find((one) => one.sku === sku)?.available
}

const strapColors = ['Black', 'Brown']
const productFile = stringify(
  [
    ...strapColors.map((color, index) => ({
      Handle: 'alder-strap',
      Title: index === 0 ? 'Alder Strap' : '',
      'Body (HTML)': index === 0 ? '<p>A strap.</p><script>alert(1)</script>' : '',
      Vendor: index === 0 ? 'Oakline' : '',
      'Option1 Name': 'Colour',
      'Option1 Value': color,
      'Variant SKU': `STRAP-${color.toUpperCase()}`,
      'Variant Price': '24.50',
    })),
    ...Array.from({ length: 8 }, (_, index) => ({
      Handle: `pick-${index}`,
      Title: `Pick No. ${index}`,
      'Option1 Name': 'Title',
      'Option1 Value': 'Default Title',
      'Variant SKU': `PICK-${index}`,
      'Variant Price': '0.90',
    })),
  ],
  {
    header: true,
    columns: [
      'Handle',
      'Title',
      'Body (HTML)',
      'Vendor',
      'Option1 Name',
      'Option1 Value',
      'Variant SKU',
      'Variant Price',
    ],
  },
)

test('G1: a product file of Shopify becomes products and variants, after a look at what was found in it', async ({
  page,
}) => {
  await world.open(page, '/products')
  await expect(page.getByText('No products yet')).toBeVisible()
  await lookAt(page, 'products-empty')
  await page.getByRole('button', { name: 'Import products' }).first().click()
  const dialog = page.getByRole('dialog', { name: 'Import products' })
  await give(page, dialog, csv('shopify.csv', productFile))
  await expect(dialog.getByRole('combobox', { name: 'Encoding' })).toHaveValue('UTF-8')
  await expect(dialog.getByRole('combobox', { name: 'Cells separated by' })).toHaveValue('Comma ,')
  await expect(dialog.getByText('STRAP-BLACK').filter({ visible: true })).toHaveCount(1)
  await lookAt(page, 'import-found')
  await dialog.getByRole('button', { name: 'Import', exact: true }).click()
  await expect(dialog.getByText('The file is applied.')).toBeVisible()
  await expect(figure(dialog, 'Rows read')).toHaveText('10')
  await expect(figure(dialog, 'Refused')).toHaveText('0')
  await dialog.getByRole('button', { name: 'Close' }).last().click()

  await expect(row(page, 'Alder Strap')).toContainText('24.50')
  await lookAt(page, 'products')
  await row(page, 'Alder Strap').getByText('Alder Strap').click()
  await expect(page.getByRole('heading', { name: 'Alder Strap', level: 1 })).toBeVisible()
  for (const color of strapColors) await expect(page.getByLabel(`SKU of STRAP-${color.toUpperCase()}`)).toBeVisible()
  await lookAt(page, 'product')
})

test('G2: a supplier is added on screen, and a preference that is no number is refused at its field', async ({
  page,
}) => {
  await world.open(page, '/suppliers')
  await page.getByRole('button', { name: 'Add supplier' }).first().click()
  const dialog = page.getByRole('dialog', { name: 'Add a supplier' })
  await dialog.getByRole('textbox', { name: 'Name' }).fill(supplierName)
  await dialog.getByRole('textbox', { name: 'Preference' }).fill('5000')
  await dialog.getByRole('button', { name: 'Add' }).click()
  await expect(dialog.getByText('A whole number from 0 to 1,000.')).toBeVisible()
  await lookAt(page, 'supplier-add', { phone: false })
  await dialog.getByRole('textbox', { name: 'Preference' }).fill('10')
  await dialog.getByRole('button', { name: 'Add' }).click()
  await expect(page.getByRole('heading', { name: supplierName })).toBeVisible()
  await expect(page.getByText('No offers yet')).toBeVisible()
})

test('E1: semicolons, Windows-1252 and comma decimals are recognised, columns can be chosen, and refused rows come back as a file', async ({
  page,
}) => {
  await openSupplier(page)
  const dialog = await stockDialog(page)
  const lines = [
    'Réf;Stk;Prix d’achat',
    ...Array.from({ length: 8 }, (_, index) => `PICK-${index};${10 + index};0,45`),
    'STRAP-BLACK;12;9,80',
    'STRAP-BROWN;a few;9,80',
    ';7;1,00',
  ]
  await give(page, dialog, csv('stock-très-ancien.csv', windows1252(lines.join('\r\n'))))
  await expect(dialog.getByRole('combobox', { name: 'Encoding' })).toHaveValue('Windows-1252')
  await expect(dialog.getByRole('combobox', { name: 'Cells separated by' })).toHaveValue('Semicolon ;')
  await expect(dialog.getByRole('combobox', { name: 'Decimal mark' })).toHaveValue('Comma: 12,50')
  await choose(page, dialog, /^SKU/, 'Réf')
  await choose(page, dialog, /^Stock/i, 'Stk')
  await choose(page, dialog, /^Cost/i, 'Prix d’achat')
  await lookAt(page, 'import-columns')
  await dialog.getByRole('button', { name: 'Import', exact: true }).click()
  await expect(dialog.getByText('The file is applied.')).toBeVisible()
  await expect(figure(dialog, 'Applied')).toHaveText('9')
  await expect(figure(dialog, 'Refused')).toHaveText('2')
  await expect(dialog.getByRole('row').filter({ hasText: '11' })).toContainText('Stk')
  await expect(dialog.getByText('The row has no SKU.')).toBeVisible()
  await lookAt(page, 'import-refused')
  const downloading = page.waitForEvent('download')
  await dialog.getByRole('link', { name: 'Download refused rows' }).click()
  const refused = await readFile(await (await downloading).path(), 'utf8')
  expect(refused).toContain('a few')
  expect(refused).toContain('The row has no SKU.')
  expect(await onHandOf('STRAP-BLACK')).toBe(12)
  expect(await onHandOf('STRAP-BROWN')).toBeNull()
})

test('E1, E2: a file with 50 % fewer rows is held back with its reason; the last good figures stay until a person accepts it', async ({
  page,
}) => {
  await openSupplier(page)
  const dialog = await stockDialog(page)
  const half = ['sku,stock', ...Array.from({ length: 4 }, (_, index) => `PICK-${index},99`)]
  await give(page, dialog, csv('half.csv', half.join('\n')))
  await dialog.getByRole('button', { name: 'Import', exact: true }).click()
  const held = dialog.getByRole('group', { name: 'half.csv: Held back' })
  await expect(held).toContainText('The file has 4 rows, the last one had 11')
  await expect(held).toContainText('The last good figures stay until you decide.')
  expect(await onHandOf('PICK-0')).toBe(10)
  await lookAt(page, 'import-held')
  await dialog.getByRole('button', { name: 'Close' }).last().click()

  await page.getByRole('tab', { name: 'Files' }).click()
  await page.getByRole('grid', { name: 'Files' }).getByRole('link', { name: 'half.csv' }).click()
  await page.getByRole('button', { name: 'Accept and apply' }).click()
  const asked = page.getByRole('dialog', { name: 'Apply this file as it is?' })
  await asked.getByRole('button', { name: 'Accept and apply' }).click()
  await expect(page.getByText('The file is applied.')).toBeVisible()
  expect(await onHandOf('PICK-0')).toBe(99)
})

test('bad input: a picture named .csv is refused with what it is, and nothing is imported', async ({ page }) => {
  await openSupplier(page)
  const before = await world.client.get<unknown[]>('/api/imports')
  const dialog = await stockDialog(page)
  const png = Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), Buffer.alloc(64, 1)])
  await give(page, dialog, csv('stock.csv', png))
  await expect(dialog.getByRole('alert')).toContainText(/a PNG picture/)
  await lookAt(page, 'import-picture', { phone: false })
  expect(await world.client.get<unknown[]>('/api/imports')).toHaveLength(before.length)
})

async function choose(page: Page, dialog: Locator, ours: RegExp, theirs: string): Promise<void> {
  const column = dialog
    .getByRole('row')
    .filter({ has: page.getByRole('cell', { name: ours }) })
    .getByRole('combobox')
  if ((await column.inputValue()) === theirs) return
  await column.click()
  await page.getByRole('option', { name: theirs, exact: true }).click()
}

/** Latin letters as old programs write them: one byte each, the curly apostrophe among them. */
function windows1252(text: string): Buffer {
  return Buffer.from(Array.from(text, (letter) => (letter === '’' ? 0x92 : (letter.codePointAt(0) ?? 0))))
}
