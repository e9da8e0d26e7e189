// A supplier's way: invited by the seller, he sees what is ordered from him and nothing else, accepts it, and dispatches
// by CSV, until the marketplace shows his tracking (G3, D7).
import { business, goods, startE2eWorld, supplierName, type E2eWorld } from '../support/e2e-world.ts'
import { expect, lookAt, phone, row, stands, test, told, type Page } from '../support/e2e-page.ts'

let world: E2eWorld
let link: string
let first: string
let second: string
test.describe.configure({ mode: 'serial' })
test.beforeAll(async () => {
  world = await startE2eWorld()
  await world.seedProducts()
  await world.seedSupplier()
  await world.seedChannel()
})
test.afterAll(() => world.stop())

const email = 'warehouse@northgate.example'
const password = 'a bench beside the dock'

function buy(sku: string, quantity: number): string {
  const [placed] = world.reverb.control.placeOrders([{ lines: [{ sku, quantity }], buyerNumber: 42 }])
  const number = placed?.orders[0]?.number
  if (number === undefined) throw new Error('The sandbox refused the order.')
  return number
}

const confirmationsOf = (number: string) =>
  world.reverb.control.books().confirmations.filter((one) => one.orderNumber === number)

async function enter(page: Page): Promise<void> {
  await page.request.post(`${world.origin}/auth/sign-in/email`, {
    data: { email, password },
    headers: { origin: world.origin },
  })
  await page.goto(`${world.origin}/desk`)
}

test('G3: the seller invites a person of his supplier and gets the link, once', async ({ page }) => {
  ;[first, second] = [buy('FL-1004', 2), buy('FL-1002', 1)]
  await world.open(page, '/orders')
  await page.getByRole('main').getByRole('button', { name: 'Download orders now' }).first().click()
  await expect(row(page, first)).toContainText('With supplier')
  await expect(row(page, second)).toContainText('With supplier')

  await page.getByRole('link', { name: 'Suppliers' }).click()
  await page.getByRole('link', { name: supplierName }).or(page.getByText(supplierName)).first().click()
  await page.getByRole('tab', { name: 'People and keys' }).click()
  await expect(page.getByText('Nobody signs in for this supplier yet.')).toBeVisible()
  await page.getByRole('button', { name: 'Invite' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('E-mail').fill(email)
  await dialog.getByLabel('E-mail').press('Enter')
  // The hub of these tests does not know its own port.
  const { pathname, hash } = new URL(await dialog.getByLabel('Link').inputValue())
  expect([pathname, hash.length]).toEqual(['/invitation', 44])
  link = world.origin + pathname + hash
  await dialog.getByRole('button', { name: 'Done' }).click()
  await expect(page.getByRole('listitem').filter({ hasText: email })).toContainText('Invited')

  await page.getByRole('button', { name: 'Make a key' }).click()
  await dialog.getByLabel('What it is for').fill('Warehouse system')
  await dialog.getByRole('button', { name: 'Make a key' }).click()
  await expect(dialog.getByLabel('Key', { exact: true })).toHaveValue(/^fl_/)
  await dialog.getByRole('button', { name: 'Done' }).click()
  await expect(page.getByRole('listitem').filter({ hasText: 'Warehouse system' })).toContainText('Active')
  await lookAt(page, 'supplier-people')
})

test('G3: the supplier chooses a password and sees his purchase orders, and no price or page of the seller', async ({
  page,
}) => {
  await page.goto(link)
  await expect(page.getByText(`${business} invites you to sign in for ${supplierName}.`)).toBeVisible()
  await lookAt(page, 'invitation')
  await page.getByLabel('Your name').fill('Dock desk')
  await page.getByLabel('Password', { exact: true }).fill('short')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByLabel('Password', { exact: true })).toHaveAccessibleDescription(/At least 12/)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('heading', { name: 'Purchase orders', level: 1 })).toBeVisible()
  await expect(row(page, 'PO-')).toHaveCount(2)
  await lookAt(page, 'desk')
  for (const number of [first, second]) await expect(page.getByText(number)).toHaveCount(0)

  await page.getByRole('link', { name: 'PO-000001' }).click()
  await expect(page.getByRole('heading', { name: 'PO-000001' })).toBeVisible()
  await expect(page.getByRole('region', { name: 'Send to' })).toContainText(/[A-Z]/)
  const selling = goods.find((one) => one.sku === 'FL-1004')?.price ?? ''
  await expect(page.getByText(selling)).toHaveCount(0)
  await lookAt(page, 'desk-order')
  for (const place of ['/', '/orders', '/settings/channels']) {
    await page.goto(world.origin + place)
    await expect(page).toHaveURL(/\/desk$/)
  }
  await page.goto(link)
  await expect(page.getByRole('alert')).toContainText('was used already')
})

test('G3: he accepts both at once, and gives one his own reference', async ({ page }) => {
  await enter(page)
  await row(page, 'PO-000001').getByRole('checkbox').check({ force: true })
  await row(page, 'PO-000002').getByRole('checkbox').check({ force: true })
  await page.getByRole('button', { name: 'Accept 2' }).click()
  await expect(told(page, '2 purchase orders accepted.')).toBeVisible()
  await expect(row(page, 'PO-000001')).toContainText('Accepted')
  await page.getByRole('link', { name: 'Offers' }).click()
  await expect(page.getByRole('grid', { name: 'Offers' })).toContainText('Warm Overdrive')
  await lookAt(page, 'desk-offers')
  await page.getByRole('link', { name: 'Invoices' }).click()
  await expect(page.getByRole('heading', { name: 'Invoices', level: 1 })).toBeVisible()
  await lookAt(page, 'desk-invoices')
})

test('G3, D7: he dispatches by CSV; the marketplace shows his tracking, a refused row says why, and he signs out', async ({
  page,
}) => {
  await enter(page)
  await page.getByRole('link', { name: 'Upload tracking' }).click()
  await page.locator('input[type="file"]').setInputFiles({
    name: 'tracking.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(
      'Purchase order,Carrier,Tracking number\nPO-000001,Royal Mail,RM123456785GB\nPO-009999,DPD,DPD1\n',
    ),
  })
  const report = page.getByRole('region', { name: 'What became of the file' })
  await expect(report).toContainText('There is no purchase order “PO-009999”')
  await lookAt(page, 'desk-tracking')
  await page.getByRole('main').getByRole('link', { name: 'Purchase orders' }).click()
  await expect(row(page, 'PO-000001')).toContainText('Dispatched')
  await expect
    .poll(() => [...confirmationsOf(first), ...confirmationsOf(second)])
    .toMatchObject([{ trackingNumber: 'RM123456785GB', provider: 'Royal Mail' }])
  await page.getByRole('link', { name: 'Account' }).click()
  await lookAt(page, 'desk-account')
  await page.getByRole('button', { name: 'Sign out' }).click()
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
  await page.goto(`${world.origin}/desk`)
  await expect(page).toHaveURL(/sign-in/)
})

test.describe('on a phone', () => {
  test.use({ viewport: phone, hasTouch: true })

  test('G3: he dispatches the other one from his phone', async ({ page }) => {
    await enter(page)
    await row(page, 'PO-000002').getByRole('link', { name: 'PO-000002' }).tap()
    const form = page.getByRole('form', { name: 'Dispatch PO-000002' })
    await form.getByRole('combobox', { name: 'Carrier' }).fill('DPD')
    await form.getByLabel('Tracking number').fill('DPD0015501')
    await form.getByRole('button', { name: 'Dispatch' }).tap()
    await expect(told(page, 'Parcel recorded.')).toBeVisible()
    await expect(page.getByRole('region', { name: 'Parcels' })).toContainText('DPD0015501')
    await stands(page)
    await expect
      .poll(() => [...confirmationsOf(first), ...confirmationsOf(second)].map((one) => one.trackingNumber).toSorted())
      .toEqual(['DPD0015501', 'RM123456785GB'])
  })
})
