// Connecting TikTok Shop in a real browser (A4, A9): one consent opens several shops, each an integration of its own;
// begun in TikTok's app store it comes without a state.
import { channels, connectFound, nameIt, openAccess, openTab } from '../support/consent-walk.ts'
import { startConsentWorld, type ConsentWorld } from '../support/consent-world.ts'
import { expect, lookAt, row, test, told, type Page } from '../support/e2e-page.ts'

let world: ConsentWorld<'tiktok'>
test.describe.configure({ mode: 'serial' })
test.beforeAll(async () => {
  world = await startConsentWorld(['tiktok'])
})
test.afterAll(() => world.stop())

/** The first account of the sandbox has several shops, the last one has its own. */
async function signIn(tab: Page, which: 'first' | 'last'): Promise<void> {
  const accounts = tab.getByRole('link', { name: /^Use / })
  await (which === 'first' ? accounts.first() : accounts.last()).click()
  await tab.getByRole('button', { name: 'Sign in' }).click()
}

async function allow(tab: Page): Promise<void> {
  await tab.getByRole('checkbox', { name: /agree/ }).check()
  await tab.getByRole('button', { name: 'Confirm' }).click()
}

test('A4: log in and authorise; of several shops one is chosen, and the next is connected after it', async ({
  page,
}) => {
  await nameIt(world, page, 'TikTok Shop', 'First shop')
  const tab = await openTab(page)
  await signIn(tab, 'first')
  await allow(tab)
  await expect(tab.getByText('Go on in the first tab; you may close this one.')).toBeVisible()
  await tab.close()

  const shops = page.getByRole('radiogroup', { name: 'Shop' }).getByRole('radio')
  await expect(shops).not.toHaveCount(0)
  await page.getByRole('button', { name: 'Connect', exact: true }).click()
  expect(await channels(world)).toEqual([])
  await lookAt(page, 'tiktok-shops')
  await shops.first().check()
  await connectFound(page)
  await expect(page.getByText('First shop is connected and on').first()).toBeVisible()
  await lookAt(page, 'tiktok-more')
  await page.getByRole('button', { name: 'Connect another one' }).click()
  await expect(page.getByText('Connected already, as “First shop”')).toBeVisible()
  await page.getByLabel('Name', { exact: true }).fill('Second shop')
  const [, second] = await shops.all()
  if (await second?.isEnabled()) await second?.check()
  await page.getByRole('button', { name: 'Connect', exact: true }).click()
  await expect(page.getByText('Second shop is connected and on').first()).toBeVisible()
  expect((await channels(world)).map(({ name }) => name)).toEqual(['First shop', 'Second shop'])
})

test('notifications: connected, TikTok is asked to send them here, and an order it tells of is taken once', async () => {
  const { tiktok } = world.sandboxes
  const { system } = world.hub.parts.db
  const taken = () =>
    system.selectFrom('nudge_inbox').select('nudge_hash').where('marketplace', '=', 'tiktok').execute()
  const subscribed = () =>
    system
      .selectFrom('channel_work')
      .select('channel_id')
      .where('operation', '=', 'subscribe')
      .where('finished_at', 'is not', null)
      .execute()
  await expect.poll(async () => (await subscribed()).length).toBe(2)
  expect(await taken()).toEqual([])
  await tiktok.control('listings', [{ sku: 'LAMP-1', title: 'A lamp', price: '12.50', inventory: 5 }])
  await tiktok.control('orders', [{ lines: [{ sku: 'LAMP-1', quantity: 1 }] }])
  await expect.poll(async () => (await taken()).length).toBeGreaterThan(0)
  const orders = async () => (await world.client.get<{ rows: unknown[] }>('/api/orders')).rows.length
  await expect.poll(orders, { timeout: 40_000 }).toBe(1)
})

test('A4: a refused consent is said so and offered again', async ({ page }) => {
  await nameIt(world, page, 'TikTok Shop', 'Refused')
  const tab = await openTab(page)
  await signIn(tab, 'last')
  await tab.getByRole('button', { name: 'Refuse' }).click()
  await expect(tab.getByText('Nothing was connected', { exact: true })).toBeVisible()
  await expect(page.getByText(/TikTok Shop gave no access/)).toBeVisible()
  await expect(page.getByRole('button', { name: 'Connect account' })).toBeVisible()
  await page.getByRole('link', { name: 'Cancel' }).click()
  expect(await channels(world)).toHaveLength(2)
})

test('begun in TikTok’s app store it carries no state, so nothing is linked before the person says so', async ({
  page,
}) => {
  await world.signIn(page)
  await page.goto(`${world.sandboxes.tiktok.baseUrl}/open/store`)
  await page.getByRole('button', { name: 'Install app' }).click()
  await signIn(page, 'last')
  await allow(page)
  await expect(
    page.getByText(/You are signed in as Test owner of Lantern Bay Trading\. Did you ask for this\?/),
  ).toBeVisible()
  await lookAt(page, 'tiktok-ask')
  expect(await channels(world)).toHaveLength(2)
  await page.getByRole('button', { name: 'Go on' }).click()
  await page.getByRole('link', { name: 'Go on' }).click()
  await page.getByLabel('Name', { exact: true }).fill('From the store')
  await connectFound(page)
  await expect(row(page, 'From the store')).toBeVisible()
})

test('A9: TikTok is signed in again by consent; another seller’s is refused and nothing changes', async ({ page }) => {
  await openAccess(world, page, 'First shop')
  await expect(page.getByText(/Connected to .* at http/)).toBeVisible()
  await lookAt(page, 'tiktok-reauthorise')
  const wrong = await openTab(page)
  await signIn(wrong, 'last')
  await allow(wrong)
  await expect(page.getByText(/belong to a different seller account/)).toBeVisible()
  const right = await openTab(page)
  await signIn(right, 'first')
  await allow(right)
  await expect(page.getByText(/TikTok Shop gave the access of/)).toBeVisible()
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(told(page, 'The new access works and is saved.')).toBeVisible()
  await expect(row(page, 'First shop')).toContainText('Connected')
})
