// A supplier's file that comes by itself: tried, fetched, held back with what it would change, rejected and accepted (E1).
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { startE2eWorld, supplierName, type E2eWorld } from '../support/e2e-world.ts'
import { expect, lookAt, test, type Page } from '../support/e2e-page.ts'

let world: E2eWorld
let supplierId: string
let content = ''
const site = createServer((_request, response) => response.end(content))
const file = (stock: (at: number) => number) =>
  ['SKU,Stock,Cost', ...[1, 2, 3, 4, 5, 6].map((at) => `FL-100${at},${stock(at)},4.50`), ''].join('\n')

test.describe.configure({ mode: 'serial' })
test.beforeAll(async () => {
  site.listen(0, '127.0.0.1')
  await once(site, 'listening')
  world = await startE2eWorld({ listed: false })
  await world.seedProducts()
  supplierId = await world.seedSupplier()
})
test.afterAll(async () => {
  site.closeAllConnections()
  site.close()
  await world.stop()
})

const onHand = async () => {
  const { rows } = await world.client.get<{ rows: { supplierSku: string; onHand: number | null }[] }>(
    `/api/suppliers/${supplierId}/offers`,
  )
  return rows.toSorted((one, other) => (one.supplierSku < other.supplierSku ? -1 : 1)).map((row) => row.onHand)
}
const feeds = (page: Page) => page.getByRole('region', { name: 'Feeds' })
const open = (page: Page) => world.open(page, `/suppliers/${supplierId}?tab=files`)

test('E1: a feed is tried, saved and fetched', async ({ page }) => {
  content = file((at) => at * 10)
  const { port } = site.address() as AddressInfo
  await open(page)
  await expect(page.getByRole('heading', { name: supplierName })).toBeVisible()
  await expect(feeds(page).getByText('No feed yet.')).toBeVisible()
  await feeds(page).getByRole('button', { name: 'Add a feed' }).click()
  const dialog = page.getByRole('dialog', { name: 'Add a feed' })
  await dialog.getByRole('textbox', { name: 'Address of the file' }).fill('https://10.0.0.1/stock.csv')
  await dialog.getByRole('button', { name: 'Try it' }).click()
  await expect(dialog.getByRole('alert')).toContainText('not one on the public internet')
  await dialog.getByRole('textbox', { name: 'Address of the file' }).fill(`http://127.0.0.1:${port}/stock.csv`)
  await dialog.getByRole('button', { name: 'Try it' }).click()
  await expect(dialog.getByText('What was found in stock.csv')).toBeVisible()
  await lookAt(page, 'feed-tried')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(dialog).toBeHidden()
  await expect.poll(onHand).toEqual([10, 20, 30, 40, 50, 60])
  await expect(feeds(page).getByText('Well', { exact: true })).toBeVisible()
  await lookAt(page, 'feeds')
})

async function heldFile(page: Page): Promise<void> {
  await open(page)
  await feeds(page)
    .getByRole('button', { name: /^Fetch now:/ })
    .click()
  await expect(feeds(page).getByText('Held back', { exact: true })).toBeVisible()
  await feeds(page).getByRole('link', { name: 'Open the file' }).click()
  await expect(page.getByRole('heading', { name: 'What it would change' })).toBeVisible()
}

test('S7: a held file shows what it would change, and rejecting it keeps the figures', async ({ page }) => {
  content = file((at) => (at < 5 ? 0 : at))
  await heldFile(page)
  const changes = page.getByRole('region', { name: 'What it would change' }).last()
  const change = changes.getByRole('row').filter({ hasText: 'FL-1004' })
  await expect(change).toContainText(/40\s+0/)
  await expect(change.getByRole('img', { name: 'to' })).toBeVisible()
  await lookAt(page, 'held-diff')
  await page.getByRole('button', { name: 'Discard' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Discard' }).click()
  await expect(page.getByText('Discarded').first()).toBeVisible()
  expect(await onHand()).toEqual([10, 20, 30, 40, 50, 60])
})

test('E1: another held file is accepted, and its figures come into force', async ({ page }) => {
  content = file((at) => (at < 4 ? 0 : at))
  await heldFile(page)
  await page.getByRole('button', { name: 'Accept and apply' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Accept and apply' }).click()
  await expect(page.getByText('The file is applied.')).toBeVisible()
  expect(await onHand()).toEqual([0, 0, 0, 4, 5, 6])
})
