// What a person decides about an order by hand, and what becomes of it at suppliers, in the books and at the marketplace:
// moved to another supplier, cancelled, entered by hand, declined by a supplier (D4, D8–D10, G3).
import { seedSupplierOf, startMarketWorld, type Market, type MarketWorld } from '../support/e2e-marketplaces.ts'
import { nameDefaultService } from '../../scripts/demo/seed.ts'
import { goods } from '../support/e2e-world.ts'
import { expect, lookAt, row, stands, test, told, type Locator, type Page } from '../support/e2e-page.ts'

const preferred = 'Northgate Instruments'
const other = 'Harbour Music Supply'
const person = { email: 'warehouse@northgate.example', password: 'a bench beside the dock' }

let world: MarketWorld
let market: Market
let supplierIds: Record<typeof preferred | typeof other, string>
test.describe.configure({ mode: 'serial' })
test.beforeAll(async () => {
  test.setTimeout(120_000)
  world = await startMarketWorld(['reverb', 'tiktok'])
  const [shop] = world.markets.filter(({ id }) => id === 'tiktok')
  if (!shop) throw new Error('There is no such marketplace.')
  market = shop
  await nameDefaultService(world.client, market.channelId)
  const skus = goods.map(({ sku }) => sku)
  supplierIds = {
    [preferred]: await seedSupplierOf(world.client, {
      name: preferred,
      skus,
      terms: { preference: 10, terms: 'on-account', paymentDays: 30, chargesVat: true, vatRateBasisPoints: 2000 },
    }),
    [other]: await seedSupplierOf(world.client, {
      name: other,
      skus,
      terms: { preference: 20, terms: 'on-account', paymentDays: 30 },
    }),
  }
  await addService(preferred, { carrier: 'Royal Mail', costMinor: 250, vatRateBasisPoints: 2000 })
  await addService(other, { carrier: 'DPD', costMinor: 410, vatRateBasisPoints: 0 })
})
test.afterAll(() => world?.stop())

async function addService(supplier: keyof typeof supplierIds, terms: object): Promise<void> {
  const [service] = await world.client.get<{ id: string }[]>('/api/shipping-services')
  await world.client.send('POST', `/api/suppliers/${supplierIds[supplier]}/services`, {
    shippingServiceId: service?.id,
    deliveryDays: 2,
    tracked: true,
    active: true,
    ...terms,
  })
}

type Invoice = { kind: string; supplierId: string; total: { minor: number }; purchaseOrders?: { number: string }[] }

/** Of one supplier since the last look, as they were issued: what is owed above 0, what is credited below. */
const seenInvoices: Record<string, number> = {}
async function newInvoices(supplier: keyof typeof supplierIds): Promise<number[]> {
  const { rows } = await world.client.get<{ rows: Invoice[] }>(
    `/api/invoices?limit=200&supplierId=${supplierIds[supplier]}`,
  )
  const figures = rows.map(({ kind, total }) => (kind === 'invoice' ? total.minor : -total.minor)).toReversed()
  return figures.slice(seenInvoices[supplier] ?? 0)
}
async function markInvoices(): Promise<void> {
  for (const supplier of [preferred, other] as const)
    seenInvoices[supplier] = (seenInvoices[supplier] ?? 0) + (await newInvoices(supplier)).length
}

/** A buyer orders; answers the number of the order there once it is with a supplier here, opened on its page. */
async function orderOf(page: Page, sku: string, quantity: number): Promise<string> {
  await markInvoices()
  const [number = ''] = await market.buy([{ sku, quantity }])
  await world.open(page, '/orders')
  await page.getByRole('main').getByRole('button', { name: 'Download orders now' }).first().click()
  await expect(row(page, number)).toContainText('With supplier')
  await page.getByRole('link', { name: number }).click()
  await expect(page.getByRole('heading', { name: number })).toBeVisible()
  return number
}

/** Reached by Tab alone, as by a person without a mouse. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let presses = 0; presses < 20; presses++) {
    if (await target.evaluate((element) => element === document.activeElement)) return
    await page.keyboard.press('Tab')
  }
  await expect(target).toBeFocused()
}

const purchaseOrders = (page: Page) => page.getByRole('article', { name: /^PO-/ })
const purchaseOrderTo = (page: Page, supplier: string) => purchaseOrders(page).filter({ hasText: supplier })
const storyOf = (page: Page) => page.getByRole('region', { name: 'Story' })

test('D4: by keyboard an order is moved to the other supplier, at the landed cost that was shown before', async ({
  page,
}) => {
  await orderOf(page, 'FL-1002', 3)
  await expect(purchaseOrderTo(page, preferred)).toContainText('Sent')
  const opener = page.getByRole('button', { name: 'Choose suppliers' })
  await opener.focus()
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Who sends what' })
  const now = dialog.getByRole('radio', { name: new RegExp(preferred) })
  const wanted = dialog.getByRole('radio', { name: new RegExp(other) })
  await expect(now).toBeChecked()
  // Three at 4.17, and one shipping each: VAT comes back to this business, so it is no cost.
  await expect(dialog.getByText('£15.01')).toBeVisible()
  await expect(dialog.getByText('£16.61')).toBeVisible()
  const move = dialog.getByRole('button', { name: /^Move/ })
  await expect(move).toBeDisabled()
  await tabTo(page, now)
  await page.keyboard.press('ArrowDown')
  await expect(wanted).toBeChecked()
  const outcome = dialog.getByRole('region', { name: 'What it comes to' })
  await expect(outcome).toContainText(`PO-000001 to ${preferred} is cancelled`)
  await expect(outcome).toContainText(`New purchase order to ${other}: 3 × FL-1002`)
  await expect(outcome).toContainText('Goods £12.51 · Shipping £4.10 · VAT £0.00')
  await lookAt(page, 'reroute')

  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
  await expect(opener).toBeFocused()
  expect(await newInvoices(other)).toEqual([])

  await page.keyboard.press('Enter')
  await tabTo(page, now)
  await page.keyboard.press('ArrowDown')
  await expect(move).toBeEnabled()
  await tabTo(page, move)
  await page.keyboard.press('Enter')
  await expect(told(page, 'Moved.')).toBeVisible()
  await expect(purchaseOrderTo(page, preferred)).toContainText('Cancelled')
  await expect(purchaseOrderTo(page, preferred)).toContainText('Moved to another supplier.')
  await expect(purchaseOrderTo(page, other)).toContainText('Sent')
  await expect(storyOf(page)).toContainText(`Purchase order PO-000002 was sent to ${other}`)
  // Goods 12.51 and shipping 2.50 with a fifth of VAT, taken back to the penny.
  expect(await newInvoices(preferred)).toEqual([1801, -1801])
  expect(await newInvoices(other)).toEqual([1661])
})

test('D9, D8: by keyboard an order is cancelled as a whole; the marketplace shows it, and the invoice is credited', async ({
  page,
}) => {
  const number = await orderOf(page, 'FL-1003', 2)
  await page.getByRole('button', { name: 'Cancel order' }).focus()
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: `Cancel order ${number}` })
  const reason = dialog.getByRole('combobox', { name: 'Reason' })
  await expect(reason).toBeFocused()
  const confirm = dialog.getByRole('button', { name: 'Cancel order' })
  await tabTo(page, confirm)
  await page.keyboard.press('Enter')
  await expect(reason).toHaveAccessibleDescription(/Choose a reason/)
  await lookAt(page, 'cancel-reason-missing')
  await reason.focus()
  await page.keyboard.press('Enter')
  const outOfStock = page.getByRole('option', { name: 'Out of stock' })
  await expect(outOfStock).toBeVisible()
  await page.keyboard.press('ArrowDown')
  await expect(outOfStock).toHaveAttribute('data-combobox-selected', 'true')
  await page.keyboard.press('Enter')
  await expect(reason).toHaveValue('Out of stock')
  await tabTo(page, confirm)
  await page.keyboard.press('Enter')
  await expect(told(page, `Order ${number} is cancelled.`)).toBeVisible()
  await expect(purchaseOrderTo(page, preferred)).toContainText('Cancelled')
  const there = async () => (await market.orders()).find((one) => one.number === number)?.isCanceled
  await expect.poll(there, { message: 'the marketplace shows it as cancelled' }).toBe(true)
  await expect(storyOf(page)).toContainText(`Credit note`)
  await expect(page.getByRole('button', { name: 'Route again' })).toBeHidden()
  // Focus is back on the button, which tells why it cannot be pressed again.
  await expect(page.getByRole('button', { name: 'Cancel order' })).toHaveAttribute('aria-disabled', 'true')
  await page.getByRole('main').focus()
  await expect(page.getByRole('tooltip')).toBeHidden()
  await lookAt(page, 'cancelled')
  // Two at 8.40 and shipping 2.50, with a fifth of VAT.
  expect(await newInvoices(preferred)).toEqual([2316, -2316])

  await page.goto(`${world.origin}/suppliers/${supplierIds[preferred]}?tab=invoices`)
  await expect(row(page, 'Credit note')).toHaveCount(2)
  await expect(row(page, '£23.16')).toHaveCount(2)
  await lookAt(page, 'supplier-invoices')
})

let link: string

test('G3, D4: a supplier declines a purchase order at his desk by keyboard; the seller reads why, and it goes to the next one', async ({
  page,
}) => {
  await test.step('a person of his is invited', async () => {
    const invited = await world.client.send<{ link: string }>(
      'POST',
      `/api/suppliers/${supplierIds[preferred]}/people`,
      { email: person.email },
    )
    const { pathname, hash } = new URL(invited.link)
    link = world.origin + pathname + hash
    await page.goto(link)
    await page.getByLabel('Your name').fill('Dock desk')
    await page.getByLabel('Password', { exact: true }).fill(person.password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await expect(page.getByRole('heading', { name: 'Purchase orders', level: 1 })).toBeVisible()
    await page.context().clearCookies()
  })
  const number = await orderOf(page, 'FL-1005', 2)
  const declined = (await purchaseOrderTo(page, preferred).getAttribute('aria-label')) ?? ''
  await test.step('he declines it', async () => {
    await openDesk(page, declined)
    await page.getByRole('button', { name: 'Cancel', exact: true }).focus()
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog', { name: `Cancel ${declined}` })
    await expect(dialog.getByRole('combobox', { name: 'Why' })).toBeFocused()
    await expect(dialog.getByRole('combobox', { name: 'Why' })).toHaveValue('Out of stock')
    await page.keyboard.press('Tab')
    await page.keyboard.type('The next tins come in March')
    await lookAt(page, 'desk-decline')
    await tabTo(page, dialog.getByRole('button', { name: 'Cancel what has not left' }))
    await page.keyboard.press('Enter')
    await expect(told(page, `What had not left of ${declined} is cancelled.`)).toBeVisible()
    await expect(page.getByRole('note')).toContainText('You cancelled what had not left.')
  })
  await test.step('the seller sees it, and whom it went to', async () => {
    await openOrder(page, number)
    await expect(purchaseOrderTo(page, preferred)).toContainText('The next tins come in March')
    await expect(purchaseOrderTo(page, other)).toContainText('Sent')
    await expect(storyOf(page)).toContainText(`was sent to ${other}`)
    await lookAt(page, 'declined-order')
  })
  // Two at 5.70 and shipping 2.50, with a fifth of VAT; the other's shipping is 4.10.
  expect(await newInvoices(preferred)).toEqual([1668, -1668])
  expect(await newInvoices(other)).toEqual([1550])
})

test('D9, D8: of an order of which a unit left the rest is cancelled by its supplier and credited; the seller cannot cancel it as a whole', async ({
  page,
}) => {
  const number = await orderOf(page, 'FL-1001', 3)
  const purchaseOrder = (await purchaseOrderTo(page, preferred).getAttribute('aria-label')) ?? ''
  await test.step('one unit leaves', async () => {
    await openDesk(page, purchaseOrder)
    const form = page.getByRole('form', { name: `Dispatch ${purchaseOrder}` })
    await form.getByRole('combobox', { name: 'Carrier' }).fill('Royal Mail')
    await form.getByLabel('Tracking number').fill('RM900000017GB')
    await form.getByRole('button', { name: 'Only part of it left' }).click()
    await form.getByLabel('Quantity of FL-1001').fill('1')
    await form.getByRole('button', { name: 'Dispatch' }).click()
    await expect(told(page, 'Parcel recorded.')).toBeVisible()
  })
  await test.step('the whole of it cannot be cancelled any more, and the button says why', async () => {
    await openOrder(page, number)
    const button = page.getByRole('button', { name: 'Cancel order' })
    await expect(button).toHaveAttribute('aria-disabled', 'true')
    await page.getByRole('main').focus()
    await tabTo(page, button)
    await expect(page.getByRole('tooltip')).toContainText('A part of it has left already')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('dialog')).toBeHidden()
  })
  await test.step('the supplier cancels the rest', async () => {
    await openDesk(page, purchaseOrder)
    await page.getByRole('button', { name: 'Cancel', exact: true }).click()
    await page.getByRole('button', { name: 'Cancel what has not left' }).click()
    await expect(told(page, `What had not left of ${purchaseOrder} is cancelled.`)).toBeVisible()
  })
  await openOrder(page, number)
  await expect(purchaseOrderTo(page, preferred)).toContainText('Dispatched')
  await expect(purchaseOrderTo(page, preferred)).toContainText('2 cancelled')
  await expect(purchaseOrderTo(page, other)).toContainText(/2 ×.*FL-1001/)
  await lookAt(page, 'order-part-cancelled')
  // Three at 14.70 and shipping 2.50, with a fifth of VAT; two of them are credited, the shipping is not: one left.
  expect(await newInvoices(preferred)).toEqual([5592, -3528])
  expect(await newInvoices(other)).toEqual([2940 + 410])
})

test('G3: he changes his password at his desk; what is wrong stands at its field', async ({ page }) => {
  const { origin } = world
  const next = 'a quieter bench upstairs'
  await page.request.post(`${origin}/auth/sign-in/email`, { data: person, headers: { origin } })
  await page.goto(`${origin}/desk/account`)
  const [present, wanted] = [page.getByLabel('Present password'), page.getByLabel('New password')]
  await present.fill('a bench beside the door')
  await wanted.fill('short')
  await wanted.press('Enter')
  await expect(wanted).toHaveAccessibleDescription(/^At least 12 characters\./)
  await expect(wanted).toBeFocused()
  await wanted.fill(next)
  await wanted.press('Enter')
  await expect(present).toHaveAccessibleDescription(/not your present password/)
  await expect(present).toBeFocused()
  await lookAt(page, 'desk-account-password')
  await present.fill(person.password)
  await present.press('Enter')
  await expect(told(page, 'Your password is changed.')).toBeVisible()
  await expect(present).toHaveValue('')
  await page.getByRole('link', { name: 'Offers' }).click()
  await expect(page.getByRole('heading', { name: 'Offers', level: 1 })).toBeVisible()
  await page.context().clearCookies()
  const signIn = async (password: string) =>
    (
      await page.request.post(`${origin}/auth/sign-in/email`, {
        data: { ...person, password },
        headers: { origin },
      })
    ).status()
  expect([await signIn(person.password), await signIn(next)]).toEqual([401, 200])
})

async function openOrder(page: Page, number: string): Promise<void> {
  await page.context().clearCookies()
  await world.open(page, '/orders')
  await page.getByRole('link', { name: number }).click()
  await expect(page.getByRole('heading', { name: number })).toBeVisible()
}

async function openDesk(page: Page, purchaseOrder: string): Promise<void> {
  const { origin } = world
  await page.context().clearCookies()
  await page.request.post(`${origin}/auth/sign-in/email`, { data: person, headers: { origin } })
  await page.goto(`${origin}/desk`)
  await page.getByRole('link', { name: purchaseOrder }).click()
  await expect(page.getByRole('heading', { name: purchaseOrder })).toBeVisible()
  await stands(page)
}

test('D10: an order is entered by hand: what is wrong stands at its field, and then it goes to its supplier', async ({
  page,
}) => {
  await markInvoices()
  await world.open(page, '/orders')
  await page.getByRole('link', { name: 'Enter an order' }).click()
  const enter = page.getByRole('button', { name: 'Enter order' })
  await enter.click()
  const line = page.getByRole('group', { name: 'Line 1' })
  const sku = line.getByLabel('Inventory SKU')
  const price = line.getByLabel('Price of one, inc. VAT')
  const service = page.getByRole('combobox', { name: 'Shipping service', exact: true })
  await expect(sku).toHaveAccessibleDescription(/Fill this in/)
  await expect(sku).toBeFocused()
  await expect(price).toHaveAccessibleDescription(/Enter an amount such as 12.50/)
  await expect(service).toHaveAccessibleDescription(/Fill this in/)
  for (const label of ['Name', 'Street and number', 'Town or city', 'Country'])
    await expect(
      page.getByRole(label === 'Country' ? 'combobox' : 'textbox', { name: label, exact: true }),
    ).toHaveAccessibleDescription(/Fill this in/)
  await lookAt(page, 'enter-order-empty')

  await sku.fill('FL-9999')
  await price.fill('twelve')
  await enter.click()
  await expect(price).toHaveAccessibleDescription(/Enter an amount such as 12.50/)
  await price.fill('24,50')
  await line.getByLabel('Quantity').fill('2')
  await page.getByLabel('Shipping, inc. VAT').fill('3.95')
  await service.click()
  await page.getByRole('option', { name: 'Standard delivery' }).click()
  await page.getByLabel('Name', { exact: true }).fill('Quay Street Studio')
  await page.getByLabel('Street and number').fill('4 Quay Street')
  await page.getByLabel('Town or city').fill('Whitby')
  await page.getByLabel('Postcode').fill('YO22 4AA')
  const country = page.getByRole('combobox', { name: 'Country', exact: true })
  await country.fill('Atlantis')
  await expect(page.getByText('No country is called that.')).toBeVisible()
  await country.fill('uk')
  await page.getByRole('option', { name: 'United Kingdom (GB)' }).click()
  await expect(country).toHaveValue('United Kingdom (GB)')
  await enter.click()
  await expect(sku).toHaveAccessibleDescription('There is no “FL-9999” in the inventory.')
  await lookAt(page, 'enter-order-wrong')

  await sku.fill('FL-1006')
  await expect(page.getByText('£52.95')).toBeVisible()
  await page.getByLabel('Postcode').press('Enter')
  await expect(told(page, /^Order M-\d+ is entered\.$/)).toBeVisible()
  await expect(page.getByRole('heading', { name: /^M-\d+$/ })).toBeVisible()
  await expect(purchaseOrders(page)).toContainText('Sent')
  await expect(purchaseOrders(page)).toContainText(/2 ×.*FL-1006/)
  await expect(storyOf(page)).toContainText('Entered by hand with 1 line, 2 units.')
  await lookAt(page, 'entered-order')
  // Two at 6.72 and shipping 2.50, with a fifth of VAT.
  expect(await newInvoices(preferred)).toEqual([1913])
})

test('D4: a country is chosen by its name; what then waits only for a cost keeps its stock, and goes on once it is entered', async ({
  page,
}) => {
  await world.open(page, `/suppliers/${supplierIds[preferred]}`)
  const change = page.getByRole('button', { name: 'Change', exact: true })
  await change.click()
  const dialog = page.getByRole('dialog', { name: `Change ${preferred}` })
  const sendsTo = dialog.getByRole('combobox', { name: 'Sends to' })
  await sendsTo.fill('ire')
  await page.getByRole('option', { name: 'Ireland (IE)' }).click()
  await sendsTo.press('Tab')
  await expect(dialog.getByText('Ireland (IE)')).toBeVisible()
  await lookAt(page, 'sends-to')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(dialog).toBeHidden()

  const { rows } = await world.client.get<{ rows: { id: string; sku: string; available: number }[] }>(
    `/api/suppliers/${supplierIds[other]}/offers?search=FL-1003`,
  )
  const [offer] = rows
  await world.client.send('PATCH', `/api/offers/${offer?.id}`, { costExVat: null })
  const [number = ''] = await market.buy([{ sku: 'FL-1003', quantity: 2 }])
  await world.open(page, '/orders')
  await page.getByRole('main').getByRole('button', { name: 'Download orders now' }).first().click()
  await expect(row(page, number)).toContainText('Awaiting stock')
  await page.getByRole('link', { name: number }).click()
  const lines = page.getByRole('region', { name: 'Lines' })
  await expect(lines).toContainText('Reserved')
  await expect(lines).toContainText(`from ${other}`)
  await expect(storyOf(page)).toContainText(
    'Stock is reserved; nothing is sent while the cost at its supplier is not known.',
  )
  await lookAt(page, 'awaiting-cost')

  await page.getByRole('link', { name: 'Enter the cost' }).click()
  const available = row(page, 'FL-1003')
  await expect(available).toContainText(String((offer?.available ?? 0) - 2))
  await page.getByRole('button', { name: `Cost of FL-1003 at ${other}` }).click()
  const cost = page.getByRole('textbox', { name: `Cost of FL-1003 at ${other}` })
  await cost.fill('7.10')
  await cost.press('Enter')
  await world.open(page, '/orders')
  await expect(row(page, number)).toContainText('With supplier')
  await page.getByRole('link', { name: number }).click()
  await expect(purchaseOrderTo(page, other)).toContainText(/2 ×.*FL-1003/)
})
