// The mapping tool: which listing sells what (B1–B7), and why a listing shows what it shows (E2).
import { readFile } from 'node:fs/promises'
import { channelName, goods, startE2eWorld, until, type E2eWorld } from '../support/e2e-world.ts'
import { expect, lookAt, row, tableStands, test, told, type Page } from '../support/e2e-page.ts'

let world: E2eWorld
let channelId: string
test.describe.configure({ mode: 'serial' })
test.beforeAll(async () => {
  world = await startE2eWorld()
  world.reverb.control.addListings([
    { sku: 'STRINGS-3', title: 'Tandem Nickel Strings, three sets', price: 18.5, inventory: 5 },
    { sku: 'STARTER-KIT', title: 'Tandem Starter Kit', price: 26, inventory: 5 },
    { sku: 'fl 1006', title: 'Birchvale Sticks, second listing', price: 11.2, inventory: 5 },
  ])
  await world.seedProducts()
  await world.seedSupplier()
  const { id } = await world.client.send<{ id: string }>('POST', '/api/channels', {
    marketplace: 'reverb',
    name: channelName,
    currency: 'GBP',
    account: world.reverb.account,
  })
  channelId = id
  await until(
    'Downloading the listings',
    30,
    () => world.client.get<{ counts: { listings: number } }>(`/api/channels/${channelId}`),
    ({ counts }) => counts.listings === goods.length + 3,
  )
})
test.afterAll(() => world.stop())

const openTool = (page: Page) => world.open(page, `/settings/channels/${channelId}/mapping`)
const listings = (page: Page) => page.getByRole('grid', { name: 'Sales channel SKUs' })
const variants = (page: Page) => page.getByRole('grid', { name: 'Inventory SKUs' })
const composer = (page: Page) => page.getByRole('region', { name: 'Map them' })
const mapThem = (page: Page) => composer(page).getByRole('button', { name: 'Map them' })
const save = (page: Page) => page.getByRole('button', { name: 'Save', exact: true })
const chooseListing = (page: Page, sku: string) => row(listings(page), sku).click()
const chooseVariant = (page: Page, sku: string) => row(variants(page), sku).click()

async function mappingOf(channelSku: string): Promise<string> {
  const { rows } = await world.client.get<{
    rows: { channelSku: string | null; mapping: { sku: string; quantity: number }[] | null }[]
  }>(`/api/channels/${channelId}/listings`)
  const mapping = rows.find((one) => one.channelSku === channelSku)?.mapping ?? []
  return mapping.map(({ sku, quantity }) => `${quantity} × ${sku}`).join(' + ')
}

test('B4, B5: one listing to one SKU, a pack to three of it and a kit to two SKUs are drafts until Save', async ({
  page,
}) => {
  await openTool(page)
  await expect(listings(page).getByText('Unmapped')).toHaveCount(goods.length + 3)
  await chooseListing(page, 'FL-1001')
  await expect(composer(page)).toContainText('Choose an inventory SKU on the right')
  await chooseVariant(page, 'FL-1001')
  await mapThem(page).click()
  await expect(row(listings(page), 'FL-1001')).toContainText(/Draft.*FL-1001/)

  await chooseListing(page, 'STRINGS-3')
  await chooseVariant(page, 'FL-1002')
  await composer(page).getByLabel('Quantity of FL-1002').fill('3')
  await mapThem(page).click()

  await chooseListing(page, 'STARTER-KIT')
  await variants(page).getByRole('checkbox', { name: 'Select FL-1003' }).click()
  await variants(page).getByRole('checkbox', { name: 'Select FL-1002' }).click()
  await composer(page).getByLabel('Quantity of FL-1002').fill('2')
  await mapThem(page).click()
  await expect(row(listings(page), 'STARTER-KIT')).toContainText('FL-1003 + 2 × FL-1002')
  await expect(page.getByText('3 drafts, not saved')).toBeVisible()
  expect(await mappingOf('STARTER-KIT')).toBe('')
  await lookAt(page, 'mapping-drafts')

  await save(page).click()
  await expect(told(page, 'Saved: 3 mapped, 0 unlinked. It counts for orders downloaded from now on.')).toBeVisible()
  await expect(page.getByText('No drafts')).toBeVisible()
  expect(await mappingOf('FL-1001')).toBe('1 × FL-1001')
  expect(await mappingOf('STRINGS-3')).toBe('3 × FL-1002')
  expect((await mappingOf('STARTER-KIT')).split(' + ').toSorted()).toEqual(['1 × FL-1003', '2 × FL-1002'])
})

test('B2: each side has its own search and filter', async ({ page }) => {
  await openTool(page)
  const leftFilter = page.getByRole('radiogroup', { name: 'Sales channel SKUs: Show' })
  const rightFilter = page.getByRole('radiogroup', { name: 'Inventory SKUs: Show' })
  await page.getByRole('searchbox', { name: 'Search channel SKU or title' }).fill('starter')
  await expect(row(listings(page), 'STARTER-KIT')).toBeVisible()
  await expect(row(listings(page), 'FL-1001')).toBeHidden()
  await expect(row(variants(page), 'FL-1001')).toBeVisible()
  await page.getByRole('searchbox', { name: 'Search channel SKU or title' }).fill('')
  await leftFilter.getByText('Mapped', { exact: true }).click()
  await expect(listings(page).getByRole('row')).toHaveCount(1 + 3)
  await leftFilter.getByText('Unmapped', { exact: true }).click()
  await expect(listings(page).getByRole('row')).toHaveCount(1 + goods.length)
  await rightFilter.getByText('Mapped', { exact: true }).click()
  await expect(variants(page).getByRole('row')).toHaveCount(1 + 3)
  await page.getByRole('searchbox', { name: 'Search SKU or title', exact: true }).fill('nothing like it')
  await expect(variants(page).getByText('Nothing matches')).toBeVisible()
  await variants(page).getByRole('button', { name: 'Clear search and filters' }).click()
  await expect(variants(page).getByRole('row')).toHaveCount(1 + goods.length)
})

test('B4: leaving with drafts asks, Stay keeps them, and both Cancel and the way back by the link at the top drop them', async ({
  page,
}) => {
  await openTool(page)
  const unlinkStrap = async () => {
    await chooseListing(page, 'FL-1001')
    await composer(page).getByRole('button', { name: 'Unlink' }).click()
    await expect(row(listings(page), 'FL-1001')).toContainText('Draft: unlink')
  }
  await unlinkStrap()
  await page.getByRole('link', { name: 'Orders' }).click()
  const asked = page.getByRole('dialog', { name: 'Leave without saving?' })
  await expect(asked).toContainText('1 draft is not saved and would be dropped.')
  await asked.getByRole('button', { name: 'Stay' }).click()
  await expect(asked).toBeHidden()
  await expect(page.getByText('1 draft, not saved')).toBeVisible()

  await page.getByRole('button', { name: 'Cancel' }).click()
  await expect(page.getByRole('heading', { name: channelName })).toBeVisible()
  expect(await mappingOf('FL-1001')).toBe('1 × FL-1001')

  await openTool(page)
  await expect(page.getByText('No drafts')).toBeVisible()
  await unlinkStrap()
  await page.getByRole('main').getByRole('link', { name: 'Sales channel integrations' }).click()
  await expect(row(page, channelName)).toBeVisible()
  expect(await mappingOf('FL-1001')).toBe('1 × FL-1001')

  await openTool(page)
  await unlinkStrap()
  await save(page).click()
  await expect(told(page, 'Saved: 0 mapped, 1 unlinked.')).toBeVisible()
  expect(await mappingOf('FL-1001')).toBe('')
})

test('B7: Auto-map proposes by equal SKU and by SKU without case and spaces; only what is accepted becomes a draft', async ({
  page,
}) => {
  await openTool(page)
  await page.getByRole('button', { name: 'Auto-map' }).click()
  const dialog = page.getByRole('dialog', { name: 'Auto-map' })
  const proposals = dialog.getByRole('grid', { name: 'Auto-map' })
  await expect(proposals.getByText('Equal SKU', { exact: true })).toHaveCount(goods.length)
  await expect(row(proposals, 'fl 1006')).toContainText('Same SKU but for case, spaces and hyphens')
  await lookAt(page, 'auto-map', { phone: false })
  await proposals.getByRole('checkbox', { name: 'Select FL-1004' }).click()
  await dialog.getByRole('button', { name: `Accept ${goods.length}` }).click()
  await expect(page.getByText(`${goods.length} drafts, not saved`)).toBeVisible()
  expect(await mappingOf('FL-1005')).toBe('')
  await save(page).click()
  await expect(told(page, `Saved: ${goods.length} mapped, 0 unlinked.`)).toBeVisible()
  expect(await mappingOf('fl 1006')).toBe('1 × FL-1006')
  expect(await mappingOf('FL-1004')).toBe('')
})

test('B7: the mapping file goes out, and coming in shows its difference before anything is applied', async ({
  page,
}) => {
  await openTool(page)
  await page.getByRole('button', { name: 'Actions' }).click()
  const downloading = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: 'Mappings as CSV' }).click()
  const download = await downloading
  expect(download.suggestedFilename()).toBe('mappings.csv')
  const lines = (await readFile(await download.path(), 'utf8')).trim().split(/\r?\n/)
  expect(lines).toHaveLength(1 + goods.length + 3 + 1)

  const edited = lines.flatMap((line) => {
    if (line.includes(',FL-1004,')) return [line.replace(/,[^,]*,[^,]*$/, ',FL-1004,1')]
    if (line.includes(',FL-1005,')) return [line.replace(/,[^,]*,[^,]*$/, ',,')]
    if (line.includes('STRINGS-3')) return [line.replace(/,3$/, ',6')]
    return line.includes(',FL-1003,') ? [line, line.replace(/^[^,]*/, 'no-such-listing')] : [line]
  })
  await page.getByRole('button', { name: 'Actions' }).click()
  await page.getByRole('menuitem', { name: 'Mappings from CSV…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Mappings from CSV' })
  const choosing = page.waitForEvent('filechooser')
  await dialog.getByRole('button', { name: 'Choose a file' }).click()
  const file = { name: 'mappings.csv', mimeType: 'text/csv', buffer: Buffer.from(edited.join('\r\n')) }
  await (await choosing).setFiles(file)
  await expect(dialog.getByText(/There is no listing “no-such-listing” here\./).first()).toBeVisible()
  await expect(dialog.getByRole('row').filter({ hasText: 'STRINGS-3' })).toContainText(/3 × FL-1002.*6 × FL-1002/)
  await lookAt(page, 'mapping-csv', { phone: false })
  expect(await mappingOf('STRINGS-3')).toBe('3 × FL-1002')

  await dialog.getByRole('button', { name: 'Apply 3 changes' }).click()
  await expect(told(page, 'Saved: 2 mapped, 1 unlinked.')).toBeVisible()
  expect(await mappingOf('FL-1004')).toBe('1 × FL-1004')
  expect(await mappingOf('FL-1005')).toBe('')
  expect(await mappingOf('STRINGS-3')).toBe('6 × FL-1002')
})

test('E2: "Why does it show 50?" tells the supplier’s figure, what is reserved, the pack and what would be shown', async ({
  page,
}) => {
  await openTool(page)
  await tableStands(listings(page))
  await row(listings(page), 'FL-1004').getByRole('button', { name: 'Why does it show 50?' }).click()
  const why = page.getByRole('dialog', { name: 'Why does it show 50?' })
  await expect(why).toContainText('It would show 9, but stock update is off for this integration.')
  await expect(why).toContainText('Northgate Instruments has 9 of FL-1004, 0 reserved for orders, so 9 available.')
  await expect(why).toContainText('The marketplace last told us it shows 50.')
  await lookAt(page, 'why', { phone: false })
  await page.keyboard.press('Escape')
  await expect(why).toBeHidden()
  await row(listings(page), 'STRINGS-3').getByRole('button', { name: 'Why does it show 5?' }).click()
  await expect(page.getByRole('dialog', { name: 'Why does it show 5?' })).toContainText(
    'Each takes 6 of FL-1002, all from one supplier: 6 can be made up.',
  )
})

test('B3: Download fetches listings that are new on the marketplace and says how many came', async ({ page }) => {
  await openTool(page)
  world.reverb.control.addListings([{ sku: 'NEW-ARRIVAL', title: 'Harrow Capo', price: 8, inventory: 4 }])
  await page.getByRole('button', { name: 'Actions' }).click()
  await page.getByRole('menuitem', { name: /^Download/ }).click()
  await expect(told(page, `${goods.length + 4} listings downloaded.`)).toBeVisible()
  await expect(row(listings(page), 'NEW-ARRIVAL')).toContainText('Unmapped')
})
