// The whole way: four marketplaces sell, each order goes to a supplier by its mapped shipping service, one supplier is paid
// before he sends, the other dispatches at his desk by CSV; at the end all four marketplaces show the tracking in their own
// books, the invoices add up, and each order's page tells what happened (C1, C3, D4–D9, G3).
import { readFile } from 'node:fs/promises'
import { parse } from 'csv-parse/sync'
import { stringify } from 'csv-stringify/sync'
import { seedSupplierOf, startMarketWorld, type Market, type MarketWorld } from '../support/e2e-marketplaces.ts'
import { expect, lookAt, row, test, told, type Page } from '../support/e2e-page.ts'

const onAccount = 'Northgate Instruments'
const prepaid = 'Harbour Music Supply'
const person = { email: 'warehouse@northgate.example', password: 'a bench beside the dock' }
/** What each buyer wants: of the supplier on account, of the one who is paid first, and what is cancelled again. */
const baskets = {
  account: { sku: 'FL-1001', quantity: 2 },
  prepaid: { sku: 'FL-1004', quantity: 1 },
  cancelled: { sku: 'FL-1002', quantity: 3 },
}

let world: MarketWorld
let supplierIds: Record<'account' | 'prepaid', string>
test.describe.configure({ mode: 'serial', timeout: 240_000 })
test.beforeAll(async () => {
  test.setTimeout(240_000)
  world = await startMarketWorld()
  supplierIds = {
    account: await seedSupplierOf(world.client, {
      name: onAccount,
      skus: ['FL-1001', 'FL-1002', 'FL-1003'],
      terms: { preference: 10, terms: 'on-account', paymentDays: 30, chargesVat: true, vatRateBasisPoints: 2000 },
    }),
    prepaid: await seedSupplierOf(world.client, {
      name: prepaid,
      skus: ['FL-1004', 'FL-1005', 'FL-1006'],
      terms: { preference: 20, terms: 'prepaid' },
    }),
  }
  // Nothing goes by a default here: what the marketplaces call their services has to be mapped.
  for (const { channelId } of world.markets)
    await world.client.send('PATCH', `/api/channels/${channelId}/settings`, { defaultShippingServiceId: null })
})
test.afterAll(() => world?.stop())

type OrderRow = { id: string; marketplaceOrderId: string; status: string; channelId: string }
type OrderPage = {
  status: string
  purchaseOrders: { number: string; state: string }[]
  events: { kind: string; text: string; detail: string[] }[]
}
type PurchaseOrder = {
  number: string
  supplierId: string
  state: string
  marketplaceOrderId: string
  cost: { minor: number }
  shipping: { minor: number }
  vat: { minor: number }
}
type Invoice = {
  id: string
  kind: 'invoice' | 'credit-note'
  state: string
  supplierId: string
  total: { minor: number }
  open: { minor: number }
  ledger: { debit: { minor: number }; credit: { minor: number } }[]
  purchaseOrders: { number: string }[]
}

const api = <Answer>(path: string) => world.client.get<Answer>(path)
const listed = async <Row>(path: string) => (await api<{ rows: Row[] }>(`${path}limit=200`)).rows
const orders = () => listed<OrderRow>('/api/orders?')
const purchaseOrders = () => listed<PurchaseOrder>('/api/purchase-orders?')
const invoices = async () =>
  Promise.all((await listed<Invoice>('/api/invoices?')).map(({ id }) => api<Invoice>(`/api/invoices/${id}`)))
const sum = (amounts: number[]) => amounts.reduce((total, amount) => total + amount, 0)
const statusOf = async (number: string) =>
  (await orders()).find(({ marketplaceOrderId }) => marketplaceOrderId === number)?.status
const idOf = async (number: string) =>
  (await orders()).find(({ marketplaceOrderId }) => marketplaceOrderId === number)?.id ?? ''

async function downloadNow(page: Page): Promise<void> {
  await world.open(page, '/orders')
  await page.getByRole('main').getByRole('button', { name: 'Download orders now' }).first().click()
}

type Bought = { market: Market; account: string; prepaid: string }
const bought: Bought[] = []
let cancelled: { market: Market; number: string }

test('D1, C3: what buyers order at four marketplaces comes in once each, and waits for the mapping of its shipping service', async ({
  page,
}) => {
  await test.step('buyers order', async () => {
    for (const market of world.markets) {
      const [account = ''] = await market.buy([baskets.account])
      const [prepaidOrder = ''] = await market.buy([baskets.prepaid])
      bought.push({ market, account, prepaid: prepaidOrder })
    }
    const [market] = world.markets.filter(({ id }) => id === 'amazon')
    if (!market) throw new Error('There is no such marketplace.')
    const [number = ''] = await market.buy([baskets.cancelled])
    cancelled = { market, number }
  })
  await test.step('the hub downloads them', async () => {
    await downloadNow(page)
    const all = [...bought.flatMap((one) => [one.account, one.prepaid]), cancelled.number]
    await expect
      .poll(async () => (await orders()).map(({ marketplaceOrderId }) => marketplaceOrderId).toSorted(), {
        timeout: 90_000,
      })
      .toEqual(all.toSorted())
    await expect
      .poll(async () => [...new Set((await orders()).map(({ status }) => status))])
      .toEqual(['awaiting-shipping-mapping'])
    await expect(row(page, cancelled.number)).toContainText('Awaiting shipping mapping')
    await lookAt(page, 'walk-orders-waiting')
    expect(await purchaseOrders()).toEqual([])
  })
})

test('C1, B6: the services that the orders carry are mapped on screen, and applied to the orders that wait', async ({
  page,
}) => {
  for (const { channelId, name } of world.markets)
    await test.step(`map and apply at ${name}`, async () => {
      await world.open(page, `/settings/channels/${channelId}`)
      await page.getByRole('button', { name: 'Shipping', exact: true }).click()
      const unmapped = page.getByRole('region', { name: 'Not mapped' })
      await unmapped.getByRole('button', { name: /^Map / }).first().click()
      await page.getByRole('combobox', { name: 'Shipping service', exact: true }).click()
      await page.getByRole('option').first().click()
      await page.getByRole('button', { name: 'Map field' }).click()
      await page.getByRole('button', { name: 'Save', exact: true }).last().click()
      await expect(told(page, 'Shipping mapping saved.')).toBeVisible()
      await page.getByRole('button', { name: /^Apply to waiting orders/ }).click()
      const dialog = page.getByRole('dialog', { name: 'Apply to waiting orders' })
      await expect(dialog).toContainText(onAccount)
      if (name === 'Wish') await lookAt(page, 'walk-apply')
      await dialog.getByRole('button', { name: /^Apply to \d+ orders?$/ }).click()
      await expect(dialog).toBeHidden()
      if (name === 'Wish') await lookAt(page, 'walk-shipping-mapping')
    })
  await test.step('each order has gone on', async () => {
    for (const { account } of bought) await expect.poll(() => statusOf(account)).toBe('with-supplier')
    for (const one of bought) await expect.poll(() => statusOf(one.prepaid)).toBe('queued-for-payment')
  })
})

test('D5, D8: what goes to the supplier who is paid first is queued until a payment is recorded on screen', async ({
  page,
}) => {
  const his = async () => (await purchaseOrders()).filter(({ supplierId }) => supplierId === supplierIds.prepaid)
  expect((await his()).map(({ state }) => state)).toEqual(bought.map(() => 'queued-for-payment'))
  await world.open(page, '/orders?status=queued-for-payment')
  for (const one of bought) await expect(row(page, one.prepaid)).toContainText('Queued for payment')
  await lookAt(page, 'walk-queued')

  await world.open(page, `/suppliers/${supplierIds.prepaid}?tab=invoices`)
  await expect(page.getByText('4 purchase orders wait for payment')).toBeVisible()
  await lookAt(page, 'walk-prepaid-supplier')
  await page.getByRole('button', { name: 'Record payment' }).click()
  const dialog = page.getByRole('dialog', { name: `Payment to ${prepaid}` })
  await dialog.getByLabel('Reference').fill('BACS 4401')
  await lookAt(page, 'walk-payment')
  await dialog.getByRole('button', { name: 'Record payment' }).click()
  await expect(told(page, 'The payment is recorded.')).toBeVisible()
  await expect(page.getByText('wait for payment')).toBeHidden()

  for (const one of bought) await expect.poll(() => statusOf(one.prepaid)).toBe('with-supplier')
  expect((await his()).map(({ state }) => state)).toEqual(bought.map(() => 'sent'))
})

test('D9, D8: an order cancelled by its buyer before it left takes its purchase order with it and gets its credit note', async ({
  page,
}) => {
  await cancelled.market.cancel(cancelled.number)
  await downloadNow(page)
  await expect.poll(() => statusOf(cancelled.number), { timeout: 90_000 }).toBe('cancelled')
  await world.open(page, `/orders/${await idOf(cancelled.number)}`)
  const story = page.getByRole('region', { name: 'Story' })
  await expect(story).toContainText('Cancelled on the marketplace.')
  await expect(story).toContainText(/Credit note \S+ of Northgate Instruments for purchase order PO-\d+: /)
  await lookAt(page, 'walk-order-cancelled')

  const notes = (await invoices()).filter(({ kind }) => kind === 'credit-note')
  expect(notes).toHaveLength(1)
  const [note] = notes
  const purchaseOrder = (await purchaseOrders()).find((one) => one.marketplaceOrderId === cancelled.number)
  expect(purchaseOrder?.state).toBe('cancelled')
  // Three packs at 4.17, with a fifth of VAT.
  expect(note?.total.minor).toBe(1501)
})

let link: string

test('G3: the supplier is invited, signs in at his desk and accepts', async ({ page }) => {
  await test.step('the seller invites him', async () => {
    await world.open(page, `/suppliers/${supplierIds.account}?tab=people`)
    await page.getByRole('button', { name: 'Invite' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('E-mail').fill(person.email)
    await dialog.getByLabel('E-mail').press('Enter')
    // The hub of these tests does not know its own port.
    const { pathname, hash } = new URL(await dialog.getByLabel('Link').inputValue())
    link = world.origin + pathname + hash
    await dialog.getByRole('button', { name: 'Done' }).click()
  })
  await test.step('he chooses a password', async () => {
    await page.context().clearCookies()
    await page.goto(link)
    await page.getByLabel('Your name').fill('Dock desk')
    await page.getByLabel('Password', { exact: true }).fill(person.password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await expect(page.getByRole('heading', { name: 'Purchase orders', level: 1 })).toBeVisible()
  })
  await test.step('he accepts what is to do', async () => {
    await page.getByRole('tab', { name: 'To do' }).click()
    await expect(row(page, 'FL-1001')).toHaveCount(bought.length)
    await expect(row(page, 'FL-1002')).toHaveCount(0)
    await page.getByRole('checkbox', { name: /select all/i }).check({ force: true })
    await page.getByRole('button', { name: `Accept ${bought.length}` }).click()
    await expect(told(page, `${bought.length} purchase orders accepted.`)).toBeVisible()
    await page.getByRole('tab', { name: 'Accepted' }).click()
    await expect(row(page, 'FL-1001')).toHaveCount(bought.length)
    await lookAt(page, 'walk-desk')
  })
})

/** Like the marketplaces', each parcel has a number of its own. */
const trackingOf = (purchaseOrder: string) => `RM${purchaseOrder.replace(/\D/g, '').padStart(9, '0')}GB`

async function signInAtDesk(page: Page): Promise<void> {
  const { origin } = world
  await page.context().clearCookies()
  await page.request.post(`${origin}/auth/sign-in/email`, { data: person, headers: { origin } })
  await page.goto(`${origin}/desk`)
}

test('D7, G3: he fills carrier and tracking into the CSV he downloads and uploads it; the seller uploads the other one’s', async ({
  page,
}) => {
  await test.step('at his desk', async () => {
    await signInAtDesk(page)
    const downloading = page.waitForEvent('download')
    await page.getByRole('link', { name: 'Download CSV' }).click()
    const text = await readFile(await (await downloading).path(), 'utf8')
    const rows = parse(text, { columns: true, bom: true }) as Record<string, string>[]
    expect(rows.map((one) => one['Supplier SKU'])).toEqual(bought.map(() => 'FL-1001'))
    const filled = rows.map((one) => ({
      ...one,
      Carrier: 'Royal Mail',
      'Tracking number': trackingOf(one['Purchase order'] ?? ''),
    }))
    await page.getByRole('link', { name: 'Upload tracking' }).click()
    await page.locator('input[type="file"]').setInputFiles({
      name: 'purchase-orders.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(stringify(filled, { header: true })),
    })
    const report = page.getByRole('region', { name: 'What became of the file' })
    await expect(report).toContainText('No row was refused.')
    await lookAt(page, 'walk-desk-tracking')
  })
  await test.step('the seller, for the other supplier', async () => {
    const his = (await purchaseOrders()).filter(({ supplierId }) => supplierId === supplierIds.prepaid)
    await page.context().clearCookies()
    await world.open(page, `/suppliers/${supplierIds.prepaid}?tab=ways`)
    await page.getByRole('button', { name: 'Upload a tracking file' }).click()
    const dialog = page.getByRole('dialog', { name: `Import tracking of ${prepaid}` })
    await dialog.locator('input[type="file"]').setInputFiles({
      name: 'parcels.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(
        stringify(
          his.map(({ number }) => ({ order: number, carrier: 'Royal Mail', tracking: trackingOf(number) })),
          { header: true },
        ),
      ),
    })
    await dialog.getByRole('button', { name: 'Import', exact: true }).click()
    await expect(dialog).toContainText('Applied4')
    await dialog.getByRole('button', { name: 'Close' }).last().click()
  })
})

test('D7: all four marketplaces show the tracking in their own books, each parcel told once', async ({ page }) => {
  const numbers = (await purchaseOrders()).filter(({ state }) => state !== 'cancelled')
  const expected = bought
    .flatMap(({ market, account, prepaid: paid }) => [
      [market.id, account],
      [market.id, paid],
    ])
    .map(([id, number]) => {
      const purchaseOrder = numbers.find(({ marketplaceOrderId }) => marketplaceOrderId === number)
      return `${id} ${number} ${trackingOf(purchaseOrder?.number ?? '')}`
    })
  const shown = async () => {
    const books = await Promise.all(
      world.markets.map(async ({ id, confirmations }) =>
        (await confirmations())
          .filter(({ outcome }) => outcome !== 'refused')
          .map(({ orderNumber, trackingNumber }) => `${id} ${orderNumber} ${trackingNumber}`),
      ),
    )
    return books.flat().toSorted()
  }
  await expect.poll(shown, { timeout: 120_000 }).toEqual(expected.toSorted())
  for (const { market, account, prepaid: paid } of bought) {
    const isShipped = async () =>
      (await market.orders()).filter(({ number }) => [account, paid].includes(number)).map((one) => one.isShipped)
    await expect.poll(isShipped, { message: `${market.name} shows both as sent` }).toEqual([true, true])
  }
  await world.open(page, '/orders')
  for (const one of bought) {
    await expect(row(page, one.account)).toContainText('Dispatched')
    await expect(row(page, one.prepaid)).toContainText('Dispatched')
  }
  await lookAt(page, 'walk-orders-dispatched')
})

test('D6: each order’s page tells its whole way, in order', async ({ page }) => {
  const stages = {
    account: [
      /^Downloaded with 1 line, 2 units\.$/,
      /^Goes by /,
      /^Purchase order PO-\d+ was sent to Northgate Instruments/,
      /^Northgate Instruments accepted purchase order PO-\d+\.$/,
      /^Parcel 1 left with 2 units: Royal Mail, RM\d{9}GB\.$/,
      /^The marketplace knows of parcel 1 \(RM\d{9}GB\)\.$/,
    ],
    prepaid: [
      /^Downloaded with 1 line, 1 unit\.$/,
      /^Goes by /,
      /^Purchase order PO-\d+ for Harbour Music Supply waits for payment/,
      /^Purchase order PO-\d+ is paid and goes to Harbour Music Supply\.$/,
      /^Parcel 1 left with 1 unit: Royal Mail, RM\d{9}GB\.$/,
      /^The marketplace knows of parcel 1 \(RM\d{9}GB\)\.$/,
    ],
  }
  for (const { market, ...numbers } of bought)
    for (const which of ['account', 'prepaid'] as const)
      await test.step(`${market.name}, ${which}`, async () => {
        const id = await idOf(numbers[which])
        await expect
          // A confirmation whose answer was lost is looked up some time later.
          .poll(async () => inOrder((await api<OrderPage>(`/api/orders/${id}`)).events, stages[which]), {
            timeout: 150_000,
          })
          .toBe('complete')
      })
  const [first] = bought
  await world.open(page, `/orders/${await idOf(first?.account ?? '')}`)
  const entries = page.getByRole('region', { name: 'Story' }).getByRole('listitem')
  await expect(entries.filter({ hasText: 'accepted purchase order' })).toBeVisible()
  await lookAt(page, 'walk-order')
})

/** 'complete', or the stage that is missing after those before it. */
function inOrder(events: OrderPage['events'], stages: RegExp[]): string {
  let at = 0
  for (const stage of stages) {
    const found = events.findIndex(({ text }, index) => index >= at && stage.test(text))
    if (found < 0) return `${stage} after ${events.map(({ text }) => text).join(' | ')}`
    at = found
  }
  return 'complete'
}

test('D8, P4: the invoices come to what was ordered, debit equals credit, and an invoice opens as PDF', async ({
  page,
}) => {
  const charged = (await purchaseOrders()).filter(({ state }) => state !== 'cancelled')
  const all = await invoices()
  for (const supplierId of Object.values(supplierIds)) {
    const his = all.filter((one) => one.supplierId === supplierId)
    const invoiced = sum(his.map(({ kind, total }) => (kind === 'invoice' ? total.minor : -total.minor)))
    const ordered = charged.filter((one) => one.supplierId === supplierId)
    expect(invoiced).toBe(sum(ordered.map(({ cost, shipping, vat }) => cost.minor + shipping.minor + vat.minor)))
  }
  // Two straps at 14.70 with a fifth of VAT, and one overdrive at 53.40, at four marketplaces each.
  const figures = charged
    .map(({ cost, vat }) => [cost.minor, vat.minor])
    .toSorted(([one = 0], [other = 0]) => one - other)
  expect(figures).toEqual([...bought.map(() => [2940, 588]), ...bought.map(() => [5340, 0])])
  const ledger = all.flatMap((one) => one.ledger)
  expect(sum(ledger.map(({ debit }) => debit.minor))).toBe(sum(ledger.map(({ credit }) => credit.minor)))
  expect(sum(ledger.map(({ debit }) => debit.minor))).toBeGreaterThan(0)
  const owed = await api<{ owed: { minor: number } }[]>('/api/invoices-owed')
  expect(owed.map((one) => one.owed.minor)).toEqual([4 * 3528])

  await world.open(page, '/invoices')
  await expect(row(page, onAccount)).toHaveCount(6)
  await expect(row(page, prepaid)).toHaveCount(4)
  await lookAt(page, 'walk-invoices')
  await row(page, onAccount).filter({ hasText: 'Unpaid' }).first().getByRole('link').first().click()
  await expect(page.getByRole('region', { name: 'Ledger' }).first()).toContainText('Payables')
  await lookAt(page, 'walk-invoice')
  const address = await page.getByRole('link', { name: 'PDF' }).getAttribute('href')
  const pdf = await page.request.get(world.origin + (address ?? ''))
  expect(pdf.headers()['content-type']).toBe('application/pdf')
  expect((await pdf.body()).subarray(0, 5).toString()).toBe('%PDF-')
})

test('D8, G3: the supplier sees the same invoices at his desk', async ({ page }) => {
  await signInAtDesk(page)
  await page.getByRole('link', { name: 'Invoices' }).click()
  await expect(page.getByRole('grid', { name: 'Invoices' }).getByRole('row').filter({ hasText: '35.28' })).toHaveCount(
    4,
  )
  await lookAt(page, 'walk-desk-invoices')
})
