// Pricing rules from the first one to the marketplaces' books (E4, F7): a rule is made beside a live example, previewed and
// applied; four marketplaces show its prices; switched off they stay; a loss waits until a person has said so.
import { stringify } from 'csv-stringify/sync'
import { seedSupplierOf, startMarketWorld, type MarketWorld } from '../support/e2e-marketplaces.ts'
import { expect, flip, lookAt, row, test, told, type Page } from '../support/e2e-page.ts'
import { goods } from '../support/e2e-world.ts'
import { importFile } from '../../scripts/demo/seed.ts'

const supplierName = 'Northgate Instruments'
/** Three fifths of the old price, 30% on it, what is left after 10% fee and 20% VAT, and up to .99. */
const made: Record<string, number> = {
  'FL-1001': 2699,
  'FL-1002': 799,
  'FL-1003': 1499,
  'FL-1004': 9499,
  'FL-1005': 1099,
  'FL-1006': 1199,
}

let world: MarketWorld
let supplierId: string
test.describe.configure({ mode: 'serial', timeout: 240_000 })
test.beforeAll(async () => {
  test.setTimeout(240_000)
  world = await startMarketWorld()
  supplierId = await seedSupplierOf(world.client, {
    name: supplierName,
    skus: goods.map(({ sku }) => sku),
    terms: { preference: 10 },
  })
})
test.afterAll(() => world?.stop())

type Rules = { rules: { id: string; rule: { name: string } }[]; recomputing: object | null }

/** By marketplace and SKU, what a buyer would pay there. */
async function books(): Promise<Record<string, Record<string, number>>> {
  const entries = await Promise.all(
    world.markets.map(async ({ id, listings }) => {
      const shown = (await listings()).map(({ sku, price }) => [sku, price.minor] as const)
      return [id, Object.fromEntries(shown)] as const
    }),
  )
  return Object.fromEntries(entries)
}

const everywhere = (prices: Record<string, number>) => Object.fromEntries(world.markets.map(({ id }) => [id, prices]))
const expectBooks = (wanted: Record<string, Record<string, number>>) =>
  expect.poll(books, { timeout: 60_000 }).toEqual(wanted)
const settled = () =>
  expect
    .poll(async () => (await world.client.get<Rules>('/api/pricing-rules')).recomputing, { timeout: 30_000 })
    .toBeNull()

const example = (page: Page) => page.getByRole('region', { name: 'Live example' })
const preview = (page: Page, title: string) => page.getByRole('dialog', { name: title })
const rules = (page: Page) => page.getByRole('table', { name: 'Pricing rules' })

test('F7: the first rule is made beside a live example, and what is wrong is said at its field', async ({ page }) => {
  await world.open(page, '/pricing')
  await expect(page.getByText('No pricing rules yet')).toBeVisible()
  await lookAt(page, 'pricing-empty')
  await page.getByRole('link', { name: 'Automate now' }).click()
  const name = page.getByLabel('Name')
  await expect(example(page).getByRole('table').first()).toBeVisible()

  await page.getByRole('button', { name: 'Preview changes' }).click()
  await expect(name).toHaveAccessibleDescription(/Fill this in/)
  await expect(name).toBeFocused()
  await name.fill('Every shop')
  await page.getByLabel('Marketplace fee, %').fill('ten')
  await page.getByLabel('Never above').fill('-1')
  await page.getByRole('button', { name: 'Preview changes' }).click()
  await expect(page.getByLabel('Marketplace fee, %')).toHaveAccessibleDescription(/Enter a percentage/)
  await expect(page.getByLabel('Never above')).toHaveAccessibleDescription(/Enter an amount/)
  await lookAt(page, 'pricing-rule-wrong')
  await page.getByLabel('Never above').fill('')

  // Fee and VAT take all: the hub says so while it is typed.
  await page.getByRole('combobox', { name: 'VAT', exact: true }).click()
  await page.getByRole('option', { name: 'One rate for all' }).click()
  await page.getByLabel('VAT rate, %').fill('20')
  await page.getByLabel('Marketplace fee, %').fill('95')
  await expect(page.getByRole('textbox', { name: 'Percentage' })).toHaveAccessibleDescription(/take all of any price/)
  await page.getByLabel('Marketplace fee, %').fill('10')
  const strap = example(page).getByRole('article', { name: /Alder Bass Strap/ })
  await expect(strap.getByRole('row').last()).toContainText('£26.99')
  await expect(row(strap, `Cost at ${supplierName}`)).toContainText('£14.70')
  await expect(row(strap, 'Plus 30')).toContainText('£19.11')
  await name.scrollIntoViewIfNeeded()
  await lookAt(page, 'pricing-rule')
})

test('F7: a rule is previewed, applied, and its prices are on four marketplaces’ books', async ({ page }) => {
  await world.open(page, '/pricing/new')
  await page.getByLabel('Name').fill('Every shop')
  await page.getByLabel('Marketplace fee, %').fill('10')
  await page.getByRole('combobox', { name: 'VAT', exact: true }).click()
  await page.getByRole('option', { name: 'One rate for all' }).click()
  await page.getByLabel('VAT rate, %').fill('20')
  await page.getByLabel('VAT rate, %').press('Enter')
  const dialog = preview(page, 'What Every shop would change')
  await expect(dialog.getByRole('region', { name: 'Biggest rises' })).toContainText('£26.99')
  await lookAt(page, 'pricing-preview')
  expect((await world.client.get<Rules>('/api/pricing-rules')).rules).toEqual([])
  await dialog.getByRole('button', { name: 'Save and apply' }).click()
  await expect(told(page, 'Every shop was saved.')).toBeVisible()
  await expect(rules(page)).toContainText('Cost plus 30%, marketplace fee 10%, 20% VAT, up to .99')
  await expect(page.getByText('All prices are up to date')).toBeVisible()
  await expectBooks(everywhere(made))
  await expect(row(rules(page), 'Every shop')).toContainText(String(goods.length * world.markets.length))
  await lookAt(page, 'pricing-rules')
})

test('F7: switched off its prices stay, whatever the cost; switched on they follow, after a preview', async ({
  page,
}) => {
  await world.open(page, '/pricing')
  await flip(page.getByRole('switch', { name: 'Every shop is on' }))
  const asked = page.getByRole('dialog', { name: 'Switch Every shop off?' })
  await expect(asked).toContainText('The prices it made stay as they are.')
  await asked.getByRole('button', { name: 'Switch off' }).click()
  await expect(told(page, 'Its prices stay as they are.')).toBeVisible()
  // FL-1001 costs him more: 16.20 for 14.70.
  const rows = goods.map(({ sku, stock, price }) => ({
    sku,
    stock,
    cost: sku === 'FL-1001' ? '16.20' : (Number(price) * 0.6).toFixed(2),
  }))
  const content = stringify(rows, { header: true })
  await importFile(world.client, { kind: 'supplier-stock', supplierId }, { name: 'dearer.csv', content })
  await settled()
  await expectBooks(everywhere(made))

  await flip(page.getByRole('switch', { name: 'Every shop is on' }))
  const dialog = preview(page, 'What switching Every shop on would change')
  await expect(dialog.getByRole('region', { name: 'Biggest rises' })).toContainText('£28.99')
  await dialog.getByRole('button', { name: 'Switch on and apply' }).click()
  await expect(told(page, 'Every shop is on.')).toBeVisible()
  await expectBooks(everywhere({ ...made, 'FL-1001': 2899 }))
})

test('E4: a price that is a loss waits, says so in money, and goes once a person has approved it', async ({ page }) => {
  await world.open(page, '/pricing/new')
  await page.getByLabel('Name').fill('Clearance')
  const channels = page.getByRole('combobox', { name: 'Integrations' })
  await channels.click()
  await page.getByRole('option', { name: 'Reverb' }).click()
  await channels.press('Escape')
  await page.getByText('Products', { exact: true }).first().click()
  await page.getByRole('combobox', { name: 'Products', exact: true }).first().fill('Overdrive')
  await page.getByRole('option', { name: 'Warm Overdrive' }).click()
  await page.keyboard.press('Escape')
  await page.getByLabel('Never above').fill('40')
  await page.getByLabel('Where it has none, %').fill('20')
  await expect(example(page).getByText('Lost on each sale').first()).toBeVisible()
  await page.getByRole('button', { name: 'Preview changes' }).click()
  const dialog = preview(page, 'What Clearance would change')
  await expect(dialog).toContainText('would be a loss')
  await lookAt(page, 'pricing-preview-loss')
  await dialog.getByRole('button', { name: 'Save and apply' }).click()

  const waiting = page.getByRole('region', { name: 'Prices that wait for you' })
  await expect(waiting.getByRole('listitem')).toContainText(/Warm Overdrive.*Loss/s)
  await settled()
  expect((await books())['reverb']?.['FL-1004']).toBe(9499)
  await lookAt(page, 'pricing-waiting')
  await waiting.getByText('Large step', { exact: true }).click()
  await expect(waiting).toContainText('None waits for this reason.')
  await waiting.getByText('All', { exact: true }).click()
  await waiting.getByRole('button', { name: 'Approve all…' }).click()
  const all = page.getByRole('dialog', { name: 'Approve prices that wait' })
  await expect(all).toContainText('1 price loses money on each sale.')
  await expect(all).toContainText('Warm Overdrive')
  await expect(all.getByRole('button', { name: 'Approve 1 price' })).toBeEnabled()
  await lookAt(page, 'pricing-answer-all')
  await all.getByRole('button', { name: 'Cancel' }).click()

  await page.getByRole('button', { name: 'How is this price made? Warm Overdrive' }).click()
  await expect(page.getByText('Down to the ceiling')).toBeVisible()
  await lookAt(page, 'pricing-why', { phone: false })
  await page.keyboard.press('Escape')

  await world.open(page, '/')
  await page.getByRole('link', { name: 'Look at the price' }).click()
  await expect(page.getByRole('heading', { name: 'How this price is made' })).toBeVisible()
  await lookAt(page, 'pricing-price')
  await page.getByRole('button', { name: 'Approve this price Warm Overdrive' }).click()
  const ask = page.getByRole('dialog', { name: 'Approve £40.00?' })
  await expect(ask).toContainText('At £40.00 you lose £20.07 on each sale')
  await expect(ask).toContainText('until its cost rises')
  await lookAt(page, 'pricing-approve')
  await ask.getByRole('button', { name: 'Approve this price' }).click()
  await expect(told(page, '£40.00 is approved')).toBeVisible()
  await expect.poll(async () => (await books())['reverb']?.['FL-1004'], { timeout: 60_000 }).toBe(4000)
  await expect(page.getByText(/allowed it down to £40\.00/)).toBeVisible()
})

test('F7: rules are moved with the arrow keys, a change is told in words by their history, and one is deleted', async ({
  page,
}) => {
  await world.open(page, '/pricing')
  const handle = page.getByRole('button', { name: /^Move Clearance\./ })
  await handle.focus()
  await page.keyboard.press('ArrowUp')
  await expect(rules(page).getByRole('row').nth(1)).toContainText('Clearance')
  await expect(handle).toBeFocused()
  await expect(told(page, 'Order saved.')).toBeVisible()
  const { rules: ordered } = await world.client.get<Rules>('/api/pricing-rules')
  expect(ordered.map(({ rule }) => rule.name)).toEqual(['Clearance', 'Every shop'])

  await page.getByRole('link', { name: 'Clearance' }).click()
  await page.getByLabel('Never above').fill('45')
  await page.getByRole('button', { name: 'Preview changes' }).click()
  await preview(page, 'What Clearance would change').getByRole('button', { name: 'Save and apply' }).click()
  await page.getByRole('link', { name: 'Clearance' }).click()
  const history = page.getByRole('region', { name: 'History' })
  await expect(history).toContainText('Never above: from £40.00 to £45.00')
  await expect(history).toContainText('Moved to place 1')
  await lookAt(page, 'pricing-history')

  await world.open(page, '/pricing')
  await page.getByRole('button', { name: 'Delete Clearance' }).click()
  const dialog = preview(page, 'What deleting Clearance would change')
  await expect(dialog.getByRole('button', { name: 'Delete and apply' })).toBeEnabled()
  await dialog.getByRole('button', { name: 'Delete and apply' }).click()
  await expect(told(page, 'Clearance was deleted.')).toBeVisible()
  await expect.poll(async () => (await books())['reverb']?.['FL-1004'], { timeout: 60_000 }).toBe(9499)
})

test('settings: the largest step and the listings that need a preview; what cannot be is said at its field', async ({
  page,
}) => {
  await world.open(page, '/pricing')
  const step = page.getByLabel('Largest step without asking, %')
  const listings = page.getByLabel('Listings without a preview')
  await step.fill('0')
  await listings.fill('0')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(step).toHaveAccessibleDescription(/from 1 to 1,000/)
  await expect(listings).toHaveAccessibleDescription(/from 1 to 1,000,000/)
  await step.fill('25')
  await listings.fill('3')
  await listings.press('Enter')
  await expect(told(page, 'Settings saved.')).toBeVisible()
  await page.reload()
  await expect(step).toHaveValue('25')
  await expect(listings).toHaveValue('3')
})
