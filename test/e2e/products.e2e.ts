// My products (G1): the editor with its pictures and variants, the list with changes of many, and files out and in.
import { readFile } from 'node:fs/promises'
import sharp from 'sharp'
import { goods, startE2eWorld, type E2eWorld } from '../support/e2e-world.ts'
import { expect, lookAt, row, test, told, type Page } from '../support/e2e-page.ts'

let world: E2eWorld
test.describe.configure({ mode: 'serial' })
test.beforeAll(async () => {
  world = await startE2eWorld()
  await world.seedProducts()
  await world.seedSupplier()
  await world.seedChannel()
})
test.afterAll(() => world.stop())

const list = (page: Page) => page.getByRole('grid', { name: 'My products' })
const save = (page: Page) => page.getByRole('button', { name: 'Save', exact: true })
const picture = async (name: string, color: string) => ({
  name,
  mimeType: 'image/jpeg',
  buffer: await sharp({ create: { width: 600, height: 600, channels: 3, background: color } })
    .jpeg()
    .toBuffer(),
})

test('G1: a product is added with pictures in order and two variants; wrong fields are said where they are', async ({
  page,
}) => {
  await world.open(page, '/products')
  await page.getByRole('button', { name: 'Add product' }).click()
  await expect(page.getByRole('heading', { name: 'New product' })).toBeVisible()
  const pictures = page.getByRole('region', { name: 'Pictures' })
  const choosing = page.waitForEvent('filechooser')
  await pictures.getByRole('button', { name: 'Add pictures' }).click()
  await (
    await choosing
  ).setFiles([
    await picture('red.jpg', '#b03030'),
    { name: 'words.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('no picture at all') },
    await picture('blue.jpg', '#3050b0'),
  ])
  await expect(pictures.getByRole('list', { name: 'Not added' })).toContainText(
    'words.jpg: This is no picture that can be used.',
  )
  await expect(pictures.locator('img')).toHaveCount(2)
  await pictures.getByLabel('Text of picture 2').fill('Blue one')
  const earlier = pictures.getByRole('button', { name: 'Move picture 2 earlier' })
  await earlier.focus()
  await page.keyboard.press('Enter')
  await expect(pictures.getByLabel('Text of picture 1')).toHaveValue('Blue one')

  const variants = page.getByRole('region', { name: 'Variants' })
  await variants.getByLabel('Barcode of new variant').fill('4006381333932')
  await variants.getByLabel('SKU of new variant').fill('FL-1001')
  await page.getByRole('button', { name: 'Add product' }).click()
  await expect(page.getByText('Enter a title.')).toBeVisible()
  await expect(variants.getByText(/“4006381333932” is not a valid barcode/)).toBeVisible()
  await lookAt(page, 'product-new-faults')

  await page.getByLabel('Title', { exact: true }).fill('Cedar Drum Practice Pad')
  await variants.getByLabel('Barcode of FL-1001').fill('4006381333931')
  await page.getByRole('button', { name: 'Add product' }).click()
  await expect(variants.getByText(/The SKU “FL-1001” is in use by/)).toBeVisible()
  await variants.getByLabel('SKU of FL-1001').fill('PAD-S')
  await variants.getByLabel('Price inc. VAT of PAD-S').fill('24.90')
  await variants.getByLabel('Weight in g of PAD-S').fill('850')
  await variants.getByRole('button', { name: 'Add variant' }).click()
  await variants.getByLabel('SKU of new variant').fill('PAD-L')
  await variants.getByRole('button', { name: 'Add option' }).click()
  await variants.getByLabel('Option 1', { exact: true }).fill('Size')
  await variants.getByLabel('Size of PAD-S').fill('Small')
  await variants.getByLabel('Size of PAD-L').fill('Large')
  await page.getByRole('textbox', { name: 'Description' }).fill('Quiet, and even.')
  await page.getByRole('button', { name: 'Add product' }).click()
  await expect(told(page, 'Cedar Drum Practice Pad added.')).toBeVisible()
  await expect(page.getByRole('heading', { name: 'Cedar Drum Practice Pad' })).toBeVisible()
  await expect(page.getByRole('region', { name: 'Where listed' })).toContainText(/Reverb shop.*Not listed/)
  await expect(pictures.getByLabel('Text of picture 1')).toHaveValue('Blue one')
  const served = await pictures.locator('img').first().getAttribute('src')
  const answer = await fetch(world.origin + served)
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/jpeg'])
  await lookAt(page, 'product-editor')
})

test('G1: leaving with unsaved changes asks; a variant that a listing sells is archived and not removed', async ({
  page,
}) => {
  await world.open(page, '/products')
  await list(page).getByRole('link', { name: 'Alder Bass Strap' }).click()
  const variants = page.getByRole('region', { name: 'Variants' })
  const title = page.getByLabel('Title', { exact: true })
  await expect(page.getByRole('region', { name: 'Where listed' })).toContainText('Reverb shop')
  const before = await title.inputValue()
  await title.fill('Changed')
  await page.getByRole('link', { name: 'Orders' }).click()
  const asked = page.getByRole('dialog', { name: 'Leave without saving?' })
  await asked.getByRole('button', { name: 'Stay' }).click()
  await expect(title).toHaveValue('Changed')
  await page.getByRole('button', { name: 'Discard changes' }).click()
  await expect(title).toHaveValue(before)
  await expect(save(page)).toBeDisabled()

  await variants.getByRole('button', { name: 'Add variant' }).click()
  await expect(variants.getByText('1 listing sells it: it can only be archived.')).toBeVisible()
  await expect(variants.getByRole('button', { name: /^Remove FL-/ })).toBeDisabled()
  await variants.getByRole('button', { name: 'Remove new variant' }).scrollIntoViewIfNeeded()
  await lookAt(page, 'product-variants')
  await variants.getByRole('button', { name: 'Remove new variant' }).click()
  await variants.getByRole('button', { name: /^Archive FL-/ }).click()
  await save(page).click()
  await expect(told(page, `${before} saved.`)).toBeVisible()
  await expect(variants.getByText('Archived')).toBeVisible()
})

test('G1: filters stand in the address, and a change of all that match is previewed, made and taken back', async ({
  page,
}) => {
  await world.open(page, '/products?search=drum')
  await expect(row(list(page), 'Cedar Drum Practice Pad')).toBeVisible()
  await expect(list(page).getByText('Beeswax Polish')).toHaveCount(0)
  await world.open(page, '/products')
  await expect(row(list(page), 'Cedar Drum Practice Pad')).toBeVisible()
  await lookAt(page, 'products')
  await page.getByRole('checkbox', { name: 'Select all' }).first().click()
  await page.getByRole('button', { name: 'Change…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Change many products' })
  await dialog.getByLabel('Percent, such as 5 or −10').fill('10')
  await dialog.getByRole('button', { name: 'Preview' }).click()
  await expect(dialog.getByText(`${goods.length + 1} changes in ${goods.length + 1} products`)).toBeVisible()
  await expect(dialog.getByText('1 variant cannot be changed so:')).toBeVisible()
  await expect(dialog.getByRole('row').filter({ hasText: 'PAD-S' })).toContainText(/£24\.90.*£27\.39/)
  await lookAt(page, 'products-bulk')
  await dialog.getByRole('button', { name: /^Make/ }).click()
  await expect(told(page, `${goods.length + 1} changes made.`)).toBeVisible()
  await expect(row(list(page), 'Cedar Drum Practice Pad')).toContainText('27.39')

  await page.getByRole('button', { name: 'Files' }).click()
  await page.getByRole('menuitem', { name: 'Latest changes of many' }).click()
  const latest = page.getByRole('dialog', { name: 'Latest changes of many' })
  await latest.getByRole('button', { name: 'Take back' }).click()
  await expect(told(page, `Taken back: ${goods.length + 1}.`)).toBeVisible()
  await expect(latest.getByText(/Taken back by/)).toBeVisible()
  await lookAt(page, 'products-edits')
  await latest.getByRole('button', { name: 'Close' }).click()
  await expect(row(list(page), 'Cedar Drum Practice Pad')).toContainText('24.90')
})

test('G1: our file goes out and comes in, and what is wrong in it is said by line', async ({ page }) => {
  await world.open(page, '/products')
  await page.getByRole('button', { name: 'Files' }).click()
  const downloading = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: 'Export as CSV' }).click()
  const download = await downloading
  expect(download.suggestedFilename()).toBe('products.csv')
  const content = await readFile(await download.path(), 'utf8')
  expect(content).toContain('PAD-S')
  const edited = content.replace(',24.90,', ',25.90,').replace(',850,', ',heavy,')
  await page.getByRole('button', { name: 'Files' }).click()
  await page.getByRole('menuitem', { name: 'Import products' }).click()
  const dialog = page.getByRole('dialog', { name: 'Import products' })
  const choosing = page.waitForEvent('filechooser')
  await dialog.getByRole('button', { name: 'Choose a file' }).click()
  await (await choosing).setFiles({ name: 'products.csv', mimeType: 'text/csv', buffer: Buffer.from(edited) })
  await dialog.getByRole('button', { name: /^Import/ }).click()
  await expect(dialog.getByText(/“heavy” is not an amount/)).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(row(list(page), 'Cedar Drum Practice Pad')).toContainText('25.90')
})
