// The listing manager's home and grid (F1 to F3): what is listed where, found, sorted, opened and changed where it stands.
import { stringify } from 'csv-stringify/sync'
import { importFile } from '../../scripts/demo/seed.ts'
import { channelName, goods, startE2eWorld, type E2eWorld } from '../support/e2e-world.ts'
import { expect, lookAt, row, tableStands, test, told, type Page } from '../support/e2e-page.ts'

let world: E2eWorld
let channelId: string
test.describe.configure({ mode: 'serial' })
test.beforeAll(async () => {
  world = await startE2eWorld()
  await world.seedProducts()
  await importFile(world.client, { kind: 'shopify-products' }, { name: 'more.csv', content: moreProducts() })
  await world.seedSupplier()
})
test.afterAll(() => world.stop())

/** A shirt in three sizes and forty spare parts, none of them on sale at the marketplace. */
function moreProducts(): string {
  const shirt = ['S', 'M', 'L'].map((size) => ({
    Handle: 'band-shirt',
    Title: 'Band Shirt',
    'Body (HTML)': '<p>Soft cotton.</p>',
    Vendor: 'Oakline',
    Type: 'Clothing',
    'Option1 Name': 'Size',
    'Option1 Value': size,
    'Variant SKU': `SHIRT-${size}`,
    'Variant Price': size === 'L' ? '21.00' : '19.00',
  }))
  const parts = Array.from({ length: 120 }, (_, at) => ({
    Handle: `spare-part-${at}`,
    Title: `Spare Part ${String(at + 1).padStart(3, '0')}`,
    'Body (HTML)': '',
    Vendor: 'Tandem',
    Type: 'Parts',
    'Option1 Name': 'Title',
    'Option1 Value': 'Default Title',
    'Variant SKU': `PART-${String(at + 1).padStart(3, '0')}`,
    'Variant Price': '3.00',
  }))
  return stringify([...shirt, ...parts], { header: true })
}

const products = goods.length + 1 + 120
const grid = (page: Page) => page.getByRole('treegrid', { name: `Listings of ${channelName}` })
const search = (page: Page) => page.getByRole('searchbox', { name: 'Search SKU, title or brand' })
const tab = (page: Page, name: RegExp) => page.getByRole('group', { name: 'State' }).getByRole('button', { name })
const firstRow = (page: Page) => grid(page).getByRole('row').nth(1)

async function openGrid(page: Page, query = ''): Promise<void> {
  await world.open(page, `/listings/${channelId}${query}`)
  await tableStands(grid(page))
}

test('F1: without a sales channel the listing manager leads to adding one; with one it counts what is listed and links to it', async ({
  page,
}) => {
  await world.open(page, '/listings')
  await expect(page.getByText('No sales channel is connected')).toBeVisible()
  await expect(page.getByRole('link', { name: 'Add a sales channel' })).toBeVisible()
  await lookAt(page, 'listings-empty')
  channelId = await world.seedChannel()

  await world.open(page, '/')
  await page.getByRole('link', { name: 'Listings', exact: true }).first().click()
  const home = row(page, channelName)
  await expect(home.getByRole('link', { name: `${goods.length} Linked at ${channelName}` })).toBeVisible()
  await expect(
    home.getByRole('link', { name: `${products - goods.length} Not listed at ${channelName}` }),
  ).toBeVisible()
  await lookAt(page, 'listings-home')
  await home.getByRole('link', { name: /Linked at/ }).click()
  await expect(page).toHaveURL(/states=linked/)
  await tableStands(grid(page))
  await expect(grid(page).getByRole('row')).toHaveCount(goods.length + 1)
  await expect(row(grid(page), 'FL-1001')).toContainText('Linked')
  await lookAt(page, 'listings-linked')
})

test('F2: the grid is searched by /, filtered and sorted, and the address says how', async ({ page }) => {
  await openGrid(page)
  await lookAt(page, 'listings-grid')
  await page.keyboard.press('/')
  await page.keyboard.type('shirt')
  await expect(row(grid(page), 'Band Shirt')).toBeVisible()
  await expect(row(grid(page), 'FL-1001')).toBeHidden()
  await search(page).fill('nothing like it')
  await expect(page.getByText('Nothing matches')).toBeVisible()
  await grid(page).getByRole('button', { name: 'Clear search and filters' }).click()

  await tab(page, /^Linked/).click()
  await grid(page).getByRole('button', { name: 'Price inc VAT' }).click()
  await tableStands(grid(page))
  await expect(firstRow(page)).toContainText('£6.95')
  await grid(page).getByRole('button', { name: 'Price inc VAT' }).click()
  await expect(page).toHaveURL(/sort=price.*direction=down/)
  await expect(firstRow(page)).toContainText('£89.00')
  await expect(grid(page).getByRole('columnheader', { name: 'Price inc VAT' })).toHaveAttribute(
    'aria-sort',
    'descending',
  )
  await page.getByRole('combobox', { name: 'Stock' }).click()
  await page.getByRole('option', { name: 'Out of stock' }).click()
  await expect(page).toHaveURL(/inStock=no/)
  await expect(page.getByText('Nothing matches')).toBeVisible()
})

test('F2: variations open below their product by + and by the arrow keys', async ({ page }) => {
  await openGrid(page, '?search=shirt')
  await page.getByRole('button', { name: '3 variations of Band Shirt: show' }).click()
  await expect(row(grid(page), 'SHIRT-M')).toBeVisible()
  await expect(row(grid(page), 'SHIRT-L')).toContainText('£21.00')
  await lookAt(page, 'listings-variations')
  await page.getByRole('button', { name: '3 variations of Band Shirt: hide' }).click()
  await expect(row(grid(page), 'SHIRT-M')).toBeHidden()
  await grid(page).focus()
  await page.keyboard.press('Home')
  await page.keyboard.press('ArrowRight')
  await expect(row(grid(page), 'SHIRT-M')).toBeVisible()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('ArrowLeft')
  await expect(row(grid(page), 'SHIRT-M')).toBeHidden()
})

test('F2: scrolled far, every row is there in its order, and a row that left takes no focus along', async ({
  page,
}) => {
  await openGrid(page)
  await grid(page)
    .getByRole('button', { name: /^Title of FL-1001/ })
    .focus()
  await grid(page).hover()
  await page.mouse.wheel(0, 3000)
  await expect(row(grid(page), 'PART-070')).toBeVisible()
  await expect(grid(page)).toBeFocused()
  await expect(async () => {
    const seen = await grid(page)
      .locator('[data-index]')
      .evaluateAll((rows) => rows.map((each) => Number(each.getAttribute('data-index'))))
    expect(seen).toEqual(Array.from(seen, (_, at) => (seen[0] ?? 0) + at))
  }).toPass()
  await page.keyboard.press('Home')
  await expect(firstRow(page)).toContainText('FL-1001')
})

test('F7: beside a price stands how it is made', async ({ page }) => {
  await openGrid(page, '?search=FL-1001')
  const name = 'How is the price of Alder Bass Strap made?'
  await row(grid(page), 'FL-1001').getByRole('button', { name }).click()
  const why = page.getByRole('dialog', { name })
  await expect(why).toContainText('The marketplace shows')
  await lookAt(page, 'listings-price-why', { phone: false })
  await page.keyboard.press('Escape')
  await expect(why).toBeHidden()
  await expect(grid(page).getByRole('button', { name })).toBeFocused()
})

test('F2: price, shipping and title are changed where they stand, for this sales channel only, and can be given back', async ({
  page,
}) => {
  await openGrid(page, '?search=FL-1001')
  const line = row(grid(page), 'FL-1001')
  await line.getByRole('button', { name: /Selling price of FL-1001/ }).click()
  await page.getByRole('textbox', { name: 'Selling price of FL-1001' }).fill('27.90')
  await page.keyboard.press('Enter')
  await expect(told(page, 'The selling price of FL-1001 is saved.')).toBeVisible()
  await expect(line).toContainText('£27.90')
  await told(page, 'The selling price of FL-1001 is saved.').getByRole('button', { name: 'Undo' }).click()
  await expect(line).toContainText('£24.50')

  await line.getByRole('button', { name: /Shipping price of FL-1001/ }).click()
  await page.getByRole('textbox', { name: 'Shipping price of FL-1001' }).fill('nonsense')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('tooltip', { name: /An amount such as 3.95/ })).toBeVisible()
  await page.getByRole('textbox', { name: 'Shipping price of FL-1001' }).fill('3.95')
  await page.keyboard.press('Enter')
  await expect(line).toContainText('£3.95')

  await line.getByRole('button', { name: /Title of FL-1001/ }).click()
  await page.getByRole('textbox', { name: 'Title of FL-1001' }).fill('Alder Bass Strap, long')
  await page.keyboard.press('Enter')
  await expect(line).toContainText('Alder Bass Strap, long')
  await page.reload()
  await expect(line).toContainText('Alder Bass Strap, long')
})

test('E4: a price typed here that is a large step waits for a person, and its row says so', async ({ page }) => {
  await openGrid(page, '?search=FL-1002')
  const line = row(grid(page), 'FL-1002')
  await line.getByRole('button', { name: /Selling price of FL-1002/ }).click()
  await page.getByRole('textbox', { name: 'Selling price of FL-1002' }).fill('69.50')
  await page.keyboard.press('Enter')
  await line.getByRole('button', { name: /^waits:/ }).click()
  await expect(page.getByText('This price waits for your approval.')).toBeVisible()
  await expect(page.getByText('This is a larger step than may go by itself, so it waits for you.')).toBeVisible()
  await expect(page.getByRole('link', { name: 'All prices that wait for you' })).toBeVisible()
  await lookAt(page, 'listings-price-waits', { phone: false })
  await page.keyboard.press('Escape')
  await line.getByRole('button', { name: /Selling price of FL-1002/ }).click()
  await page.getByRole('textbox', { name: 'Selling price of FL-1002' }).fill('')
  await page.keyboard.press('Enter')
  await expect(line).toContainText('£6.95')
  await expect(line.getByRole('button', { name: /^waits:/ })).toHaveCount(0)
})

test('F2: a description is written with what the marketplace takes, counted while one writes', async ({ page }) => {
  await openGrid(page, '?search=FL-1002')
  await page.getByRole('button', { name: 'Edit the description of Nickel Strings 10-46' }).click()
  const drawer = page.getByRole('dialog', { name: 'Title and description' })
  const text = drawer.getByRole('textbox', { name: 'Description' })
  await text.click()
  await page.keyboard.press('End')
  await page.keyboard.type(' Bright and even.')
  await expect(drawer.getByRole('status').last()).toContainText('characters')
  await expect(drawer.getByRole('button', { name: 'Bold' })).toBeVisible()
  await lookAt(page, 'listings-description')
  await drawer.getByRole('button', { name: 'Save' }).click()
  await expect(told(page, /are saved\.$/)).toBeVisible()
  await page.getByRole('button', { name: 'Edit the description of Nickel Strings 10-46' }).click()
  await expect(text).toContainText('Bright and even.')
})

test('F2: columns are chosen and made wider, and stay so; all that match can be selected and handed on', async ({
  page,
}) => {
  await openGrid(page)
  await page.getByRole('button', { name: 'Columns' }).click()
  await page.getByRole('checkbox', { name: 'Collection' }).uncheck()
  await page.keyboard.press('Escape')
  const grip = grid(page).getByRole('separator', { name: 'Width of Inventory SKU' })
  await grip.press('ArrowRight')
  await expect(grip).toHaveAttribute('aria-valuenow', '146')
  await page.reload()
  await tableStands(grid(page))
  await expect(grid(page).getByRole('columnheader', { name: 'Collection' })).toHaveCount(0)
  await expect(grip).toHaveAttribute('aria-valuenow', '146')

  await grid(page).getByRole('checkbox', { name: 'Select all loaded rows' }).check()
  await expect(page.getByText('100 selected')).toBeVisible()
  await page.getByRole('button', { name: `Select all ${products} matching` }).click()
  await expect(page.getByText(`All ${products} matching are selected`)).toBeVisible()
  await lookAt(page, 'listings-selected')
  await page.getByRole('button', { name: 'List', exact: true }).click()
  await expect(page).toHaveURL(new RegExp(`/listings/${channelId}/list\\?action=list`))
  const kept = await page.evaluate((key) => sessionStorage.getItem(key), `fairlead.chosen.${channelId}`)
  expect(JSON.parse(kept ?? '')).toEqual({ action: 'list', chosen: { filter: {} }, count: String(products) })
})

test('F3: an error says in plain words what stands against it, and leads to editing it', async ({ page }) => {
  const path = `/api/listing-manager/channels/${channelId}`
  const { rows } = await world.client.get<{ rows: { productId: string }[] }>(`${path}/products?search=PART-002`)
  const chosen = { productIds: rows.map(({ productId }) => productId) }
  await world.client.send('POST', `${path}/changes`, { chosen, action: 'list' })
  await world.open(page, '/listings')
  await page.getByRole('link', { name: `1 Error at ${channelName}` }).click()
  await expect(page).toHaveURL(/states=error/)
  await row(grid(page), 'PART-002')
    .getByRole('button', { name: /^Error at Spare Part 002/ })
    .click()
  const why = page.getByRole('dialog', { name: /^Error at Spare Part 002/ })
  await expect(why).toContainText('Listing was refused')
  await expect(why).toContainText('The description is empty. Write one.')
  // Another width draws the rows anew, and what hung at one is gone.
  await lookAt(page, 'listings-error', { phone: false })
  await why.getByRole('button', { name: 'Edit and list again' }).click()
  await expect(page).toHaveURL(new RegExp(`/listings/${channelId}/list`))
})

test('F6: deleting says beforehand what can be removed and what cannot', async ({ page }) => {
  await openGrid(page, '?search=PART-001')
  await grid(page).getByRole('checkbox', { name: 'Select PART-001' }).check()
  await page.getByRole('button', { name: 'More actions' }).click()
  await page.getByRole('menuitem', { name: 'Delete…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Delete listings' })
  await expect(dialog.getByRole('status')).toHaveText('0 of 1 can be removed.')
  await expect(dialog.getByRole('button', { name: `Delete from ${channelName}` })).toBeDisabled()
  await lookAt(page, 'listings-delete')
})
