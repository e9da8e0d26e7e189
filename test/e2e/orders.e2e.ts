// An order's way through the hub, seen by the seller: from the buyer at the marketplace to the confirmation there (D1–D7),
// and what he sees when the marketplace no longer lets the hub in.
import { channelName, goods, startE2eWorld, supplierName, type E2eWorld } from '../support/e2e-world.ts'
import { expect, flip, lookAt, phone, row, stands, test, told, type Page } from '../support/e2e-page.ts'

let world: E2eWorld
let channelId: string
test.describe.configure({ mode: 'serial' })
test.beforeAll(async () => {
  world = await startE2eWorld()
  await world.seedProducts()
  await world.seedSupplier()
  channelId = await world.seedChannel()
})
test.afterAll(() => world.stop())

/** A buyer orders at the marketplace; answers the order's number there. */
function buy(sku: string, quantity: number): string {
  const order = { lines: [{ sku, quantity }], buyerNumber: 42, countryCode: 'GB' }
  const [placed] = world.reverb.control.placeOrders([order])
  const number = placed?.orders[0]?.number
  if (number === undefined) throw new Error(`The sandbox refused: ${JSON.stringify(placed?.refused)}`)
  return number
}

const shownThere = (sku: string) => world.reverb.control.books().listings.find((one) => one.sku === sku)?.inventory
const stockOf = (sku: string) => goods.find((one) => one.sku === sku)?.stock ?? 0
const confirmationsOf = (number: string) =>
  world.reverb.control.books().confirmations.filter((one) => one.orderNumber === number)
const downloadNow = (page: Page) => page.getByRole('button', { name: 'Download orders now' }).click()

let first: string

test('D1, D4, D5: what a buyer orders appears in the open list without a reload, with its purchase order, and stock falls on the listing', async ({
  page,
}) => {
  await world.open(page, '/orders')
  await expect(page.getByText('No orders yet')).toBeVisible()
  await lookAt(page, 'orders-empty')
  await expect.poll(() => shownThere('FL-1004')).toBe(stockOf('FL-1004'))

  first = buy('FL-1004', 2)
  await page.getByRole('main').getByRole('button', { name: 'Download orders now' }).first().click()
  await expect(row(page, first)).toContainText('With supplier')
  await expect(row(page, first)).toContainText('Warm Overdrive')
  await page.getByRole('link', { name: first }).click()
  const purchaseOrder = page.getByRole('article', { name: /^PO-/ })
  await expect(purchaseOrder).toContainText(supplierName)
  await expect(purchaseOrder).toContainText(/2 ×.*FL-1004/)
  await expect(purchaseOrder).toContainText('Sent')
  await expect.poll(() => shownThere('FL-1004')).toBe(stockOf('FL-1004') - 2)
  await lookAt(page, 'order')
})

test('D7: a dispatch entered on screen reaches the marketplace exactly once, and the story tells the whole way', async ({
  page,
}) => {
  await world.open(page, '/orders')
  await page.getByRole('link', { name: first }).click()
  const form = page.getByRole('form', { name: /^Dispatch PO-/ })
  await form.getByRole('button', { name: 'Dispatch' }).click()
  await expect(form.getByRole('combobox', { name: 'Carrier' })).toHaveAccessibleDescription(/Fill this in/)
  await form.getByRole('combobox', { name: 'Carrier' }).fill('Royal Mail')
  await form.getByLabel('Tracking number').fill('RM123456785GB')
  await form.getByLabel('Tracking number').press('Enter')
  await expect(told(page, 'Parcel recorded. The marketplace is told.')).toBeVisible()
  const parcels = page.getByRole('region', { name: 'Parcels' })
  await expect(parcels).toContainText('Marketplace told')
  await expect(form).toBeHidden()
  const confirmations = confirmationsOf(first)
  expect(confirmations).toMatchObject([{ trackingNumber: 'RM123456785GB', provider: 'Royal Mail' }])

  const story = page.getByRole('region', { name: 'Story' }).getByRole('listitem')
  for (const part of [
    'Downloaded with 1 line, 2 units.',
    `was sent to ${supplierName}`,
    'Parcel 1 left with 2 units: Royal Mail, RM123456785GB.',
    'The marketplace knows of parcel 1 (RM123456785GB).',
  ])
    await expect(story.filter({ hasText: part }).first()).toBeVisible()
  await lookAt(page, 'order-dispatched')
})

test('D10: orders are found by number and SKU, filtered by status in the address, and exported as they are filtered', async ({
  page,
}) => {
  const second = buy('FL-1002', 1)
  await world.open(page, '/orders')
  await downloadNow(page)
  await expect(row(page, second)).toContainText('With supplier')
  await expect(row(page, first)).toContainText('Dispatched')
  await lookAt(page, 'orders')

  await page
    .getByRole('group', { name: 'Status' })
    .getByRole('button', { name: /^With supplier/ })
    .click()
  await expect(row(page, first)).toBeHidden()
  await expect(page).toHaveURL(/status=with-supplier/)
  const downloading = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Export CSV' }).click()
  const chunks: Buffer[] = []
  for await (const chunk of await (await downloading).createReadStream()) chunks.push(Buffer.from(chunk as Uint8Array))
  const exported = Buffer.concat(chunks).toString('utf8')
  expect(exported).toContain(second)
  expect(exported).not.toContain(first)

  await page.getByRole('button', { name: 'Clear filters' }).click()
  await page.getByRole('searchbox', { name: 'Search order, SKU, title, buyer or tracking' }).fill('RM123456785GB')
  await expect(row(page, second)).toBeHidden()
  await expect(row(page, first)).toBeVisible()

  await page.getByRole('button', { name: 'More filters' }).click()
  const country = page.getByRole('combobox', { name: 'Country of delivery' })
  await country.fill('ie')
  await page.getByRole('option', { name: 'Ireland (IE)' }).click()
  await expect(page).toHaveURL(/country=IE/)
  await expect(row(page, first)).toBeHidden()
  await lookAt(page, 'orders-by-country')
  await country.fill('uk')
  await page.getByRole('option', { name: 'United Kingdom (GB)' }).click()
  await expect(country).toHaveValue('United Kingdom (GB)')
  await expect(row(page, first)).toBeVisible()
})

test('D10: a filter is kept under a name, and an action on several orders says what was not possible', async ({
  page,
}) => {
  await world.open(page, '/orders?status=with-supplier')
  await page.getByRole('button', { name: 'Saved filters' }).click()
  await page.getByRole('menuitem', { name: 'Save this filter' }).click()
  await page.getByLabel('Name').fill('At suppliers')
  await page.getByLabel('Name').press('Enter')
  await expect(told(page, 'At suppliers is saved.')).toBeVisible()
  await world.open(page, '/orders')
  await page.getByRole('button', { name: 'Saved filters' }).click()
  await page.getByRole('menuitem', { name: 'At suppliers' }).click()
  await expect(page).toHaveURL(/status=with-supplier/)
  await page.getByRole('button', { name: 'Clear filters' }).click()

  await page.getByRole('checkbox', { name: `Select ${first}` }).check()
  await page.getByRole('button', { name: 'Actions' }).click()
  await page.getByRole('menuitem', { name: 'Pin', exact: true }).click()
  const outcome = page.getByRole('dialog', { name: 'Pin' })
  await expect(outcome.getByRole('status')).toHaveText('0 done, 1 not possible')
  await expect(outcome).toContainText('Only orders without a mapped line are removed')
  await lookAt(page, 'orders-bulk')
})

test('A1, A9: a token revoked mid-run is shown as needing attention; a new one is accepted and the work goes on', async ({
  page,
}) => {
  world.reverb.control.revokeToken()
  const waiting = buy('FL-1003', 1)
  await world.open(page, '/settings/channels')
  await row(page, channelName).getByRole('link', { name: channelName }).click()
  await page.getByRole('button', { name: 'Actions' }).click()
  await page.getByRole('menuitem', { name: 'Download orders' }).click()
  const alert = page.getByRole('alert').filter({ hasText: 'Needs attention' })
  await expect(alert).toBeVisible()
  await lookAt(page, 'integration-needs-attention')

  await page.getByRole('link', { name: 'Home', exact: true }).click()
  const needed = page.getByRole('region', { name: 'Needs you now' })
  await expect(needed.getByRole('listitem').filter({ hasText: channelName })).toBeVisible()
  await lookAt(page, 'home-needs-you')
  await needed.getByRole('link', { name: 'Reauthorise' }).click()
  const token = page.getByLabel('Access token', { exact: true })
  await expect(token).toBeInViewport()
  await token.fill(world.reverb.control.addToken())
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(told(page, 'The new access works and is saved.')).toBeVisible()
  await expect(row(page, channelName)).toContainText('Connected')

  await page.getByRole('link', { name: 'Orders' }).click()
  await expect(row(page, waiting)).toContainText('With supplier')
  await page.getByRole('link', { name: 'Home', exact: true }).click()
  await expect(needed.getByRole('listitem').filter({ hasText: channelName })).toBeHidden()
})

test('keyboard: Ctrl+K finds an order, / goes to the search of the page, ? lists the keys, arrows and Enter open an order', async ({
  page,
}) => {
  await world.open(page, '/')
  await expect(page.getByRole('heading', { name: 'Home' })).toBeVisible()
  await page.keyboard.press('Control+k')
  const search = page.getByPlaceholder('Orders, products, suppliers, or a command')
  await expect(search).toBeFocused()
  await page.keyboard.type(first)
  await expect(page.getByRole('button', { name: new RegExp(first) })).toBeVisible()
  await lookAt(page, 'search', { phone: false })
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: first })).toBeVisible()

  await page.keyboard.press('g')
  await page.keyboard.press('o')
  await expect(page.getByRole('heading', { name: 'Orders', level: 1 })).toBeVisible()
  await expect(row(page, first)).toBeVisible()
  await page.keyboard.press('/')
  await expect(page.getByRole('searchbox', { name: 'Search order, SKU, title, buyer or tracking' })).toBeFocused()
  await page.keyboard.press('Escape')
  await page.keyboard.press('?')
  const keys = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
  await expect(keys).toContainText('Search and commands')
  await lookAt(page, 'keys', { phone: false })
  await page.keyboard.press('Escape')
  await expect(keys).toBeHidden()

  await page.getByRole('grid', { name: 'Orders' }).focus()
  await page.keyboard.press('End')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: first })).toBeVisible()
})

test.describe('on a phone', () => {
  test.use({ viewport: phone, hasTouch: true })

  test('a phone: the bar at the bottom leads everywhere, an order is dispatched and an integration switched off', async ({
    page,
  }) => {
    await world.open(page, '/')
    const bar = page.getByRole('navigation', { name: 'Main' })
    for (const [place, heading] of [
      ['Products', 'My products'],
      ['Suppliers', 'Suppliers'],
      ['Orders', 'Orders'],
    ] as const) {
      await bar.getByRole('link', { name: place }).tap()
      await expect(page.getByRole('heading', { name: heading, level: 1 })).toBeVisible()
    }
    const number = buy('FL-1006', 1)
    await page.getByRole('button', { name: 'Download orders now' }).tap()
    await row(page, number).getByRole('link', { name: number }).tap()
    const form = page.getByRole('form', { name: /^Dispatch PO-/ })
    await form.getByRole('combobox', { name: 'Carrier' }).fill('DPD')
    await form.getByLabel('Tracking number').fill('DPD0015501')
    await form.getByRole('button', { name: 'Dispatch' }).tap()
    await expect(told(page, 'Parcel recorded.')).toBeVisible()
    await stands(page)
    // What is told in passing leaves the bar within reach.
    const toldAt = await told(page, 'Parcel recorded.').boundingBox()
    const barAt = await bar.boundingBox()
    expect(toldAt && toldAt.y + toldAt.height).toBeLessThanOrEqual(barAt?.y ?? 0)
    await expect(page.getByRole('region', { name: 'Parcels' })).toContainText('Marketplace told')
    expect(confirmationsOf(number)).toMatchObject([{ trackingNumber: 'DPD0015501' }])

    await bar.getByRole('link', { name: 'Channels' }).tap()
    await flip(page.getByRole('switch', { name: `Switch ${channelName} on or off` }))
    await expect(told(page, `${channelName} is off.`)).toBeVisible()
    const { enabled } = await world.client.get<{ enabled: boolean }>(`/api/channels/${channelId}`)
    expect(enabled).toBe(false)
  })
})
