// Connecting Wish in a real browser (A5, A9): by our application or the seller's own, or with typed tokens; then currency
// and warehouse. Wish sends no state back, so the person is asked before anything is linked.
import { channels, connectFound, nameIt, openAccess, openTab } from '../support/consent-walk.ts'
import { startConsentWorld, type ConsentWorld } from '../support/consent-world.ts'
import { expect, lookAt, row, test, told, type Page } from '../support/e2e-page.ts'

const name = 'Wish main shop'

let world: ConsentWorld<'wish'>
test.describe.configure({ mode: 'serial' })
test.beforeAll(async () => {
  world = await startConsentWorld(['wish'])
})
test.afterAll(() => world.stop())

async function signIn(tab: Page, seller: 'first-seller' | 'second-seller'): Promise<void> {
  const other = tab.getByRole('link', { name: 'Sign in as somebody else' })
  const button = tab.getByRole('button', { name: 'Sign in' })
  await expect(other.or(button)).toBeVisible()
  if (await other.isVisible()) await other.click()
  await tab.getByLabel('User name').fill(seller)
  await tab.getByLabel('Password').fill(`${seller}-password`)
  await button.click()
}

async function allow(tab: Page): Promise<void> {
  await tab.getByRole('checkbox', { name: /I allow/ }).check()
  await tab.getByRole('button', { name: 'Confirm' }).click()
}

test('A5: log in, allow, say yes on the way back; then currency and a warehouse that is checked', async ({ page }) => {
  await nameIt(world, page, 'Wish', name)
  await expect(page.getByRole('radio', { name: 'Connect account' })).toBeChecked()
  await lookAt(page, 'wish-ways')
  const tab = await openTab(page)
  await signIn(tab, 'first-seller')
  await allow(tab)
  await expect(tab.getByText(`Go on to connect the account to “${name}”.`)).toBeVisible()
  await lookAt(tab, 'wish-ask')
  await tab.getByRole('button', { name: 'Go on' }).click()
  await expect(tab.getByText('Go on in the first tab; you may close this one.')).toBeVisible()
  await tab.close()

  await expect(page.getByText('The Sandbox Store', { exact: true })).toBeVisible()
  const warehouse = page.getByRole('combobox', { name: 'Warehouse name' })
  await expect(warehouse).toHaveValue('Default')
  await warehouse.fill('Nowhere')
  await page.getByRole('heading', { name: 'This is the account' }).click()
  await page.getByRole('button', { name: 'Connect', exact: true }).click()
  await expect(warehouse).toHaveAccessibleDescription(/“Default”, “Express UK”, but no “Nowhere”/)
  await lookAt(page, 'wish-warehouse')
  await warehouse.fill('express uk')
  await page.getByRole('heading', { name: 'This is the account' }).click()
  await connectFound(page)
  await expect(told(page, `${name} is connected and on.`)).toBeVisible()
  const [channel] = await channels(world)
  expect(await world.client.get(`/api/channels/${channel?.id}`)).toMatchObject({ warehouse: 'Express UK' })
})

test('A5: a refused consent is told in the wizard although Wish names nobody', async ({ page }) => {
  await nameIt(world, page, 'Wish', 'Refused')
  const tab = await openTab(page)
  await signIn(tab, 'second-seller')
  await tab.getByRole('button', { name: 'Refuse' }).click()
  await expect(tab.getByText('Nothing was connected', { exact: true })).toBeVisible()
  await expect(page.getByText('The account was not connected')).toBeVisible()
  expect(await channels(world)).toHaveLength(1)
})

test('A5: the seller’s own app: its steps, our redirect address to copy, its credentials, then consent', async ({
  page,
}) => {
  await nameIt(world, page, 'Wish', 'Own app')
  await page.getByRole('radio', { name: 'Your own app' }).check()
  const redirect = page.getByLabel('Redirect address', { exact: true })
  await expect(redirect).toHaveValue(`${world.origin}/connect/wish`)
  await expect(page.getByRole('listitem').filter({ hasText: 'client secret' })).toBeVisible()
  await lookAt(page, 'wish-own-app')
  await page.getByLabel('Client ID').fill('only-half')
  await page.getByRole('button', { name: 'Connect account' }).click()
  const secret = page.getByRole('textbox', { name: 'Client secret' })
  await expect(secret).toHaveAccessibleDescription(/Give the client secret/)

  const app = (await world.sandboxes.wish.control('apps', {
    name: 'My own app',
    redirectUri: await redirect.inputValue(),
    kind: 'own',
  })) as { clientId: string; clientSecret: string }
  await page.getByLabel('Client ID').fill(app.clientId)
  await secret.fill(app.clientSecret)
  const tab = await openTab(page)
  await signIn(tab, 'second-seller')
  await expect(tab.getByText('My own app asks to do this in your store:')).toBeVisible()
  await allow(tab)
  await tab.getByRole('button', { name: 'Go on' }).click()
  await expect(page.getByText('Another Store', { exact: true })).toBeVisible()
  await expect(page.getByRole('combobox', { name: 'Default currency' })).toHaveValue('EUR')
  await connectFound(page)
  await expect(row(page, 'Own app')).toContainText('Connected')
})

test('A5: typed tokens are tried, and wrong ones refused, before the shop is shown', async ({ page }) => {
  await nameIt(world, page, 'Wish', 'Typed')
  await page.getByRole('radio', { name: 'Enter the credentials' }).check()
  await page.getByRole('textbox', { name: 'Authentication token' }).fill('nonsense')
  await page.getByRole('button', { name: 'Try the credentials' }).click()
  await expect(page.getByRole('alert').filter({ hasText: /token/i })).toBeVisible()
  await page
    .getByRole('textbox', { name: 'Authentication token' })
    .fill(world.sandboxes.wish.account['accessToken'] ?? '')
  await page.getByRole('textbox', { name: 'Refresh token' }).fill(world.sandboxes.wish.account['refreshToken'] ?? '')
  await page.getByRole('button', { name: 'Try the credentials' }).click()
  await expect(page.getByText(`This account is connected already, as “${name}”.`)).toBeVisible()
  expect(await channels(world)).toHaveLength(2)
})

test('A9: another seller’s account is refused; Cancel changes nothing; typed tokens are tried before they are saved', async ({
  page,
}) => {
  await openAccess(world, page, name)
  for (const field of ['Authentication token', 'Refresh token', 'Client ID', 'Client secret'])
    await expect(page.getByRole('textbox', { name: field })).toHaveValue('')
  await expect(page.getByText('Stock goes to the warehouse Express UK.')).toBeVisible()
  await lookAt(page, 'wish-reauthorise')
  const tab = await openTab(page)
  await signIn(tab, 'second-seller')
  await allow(tab)
  await tab.getByRole('button', { name: 'Go on' }).click()
  await expect(tab.getByText(/belong to a different seller account/)).toBeVisible()
  await expect(page.getByText(/belong to a different seller account/)).toBeVisible()
  await page.getByRole('button', { name: 'Cancel' }).click()

  await openAccess(world, page, name)
  await page.getByRole('textbox', { name: 'Authentication token' }).fill('nonsense')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('alert').filter({ hasText: /token/i })).toBeVisible()

  const again = await openTab(page)
  await signIn(again, 'first-seller')
  await allow(again)
  await again.getByRole('button', { name: 'Go on' }).click()
  await expect(page.getByText(/Wish gave the access of The Sandbox Store/)).toBeVisible()
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(told(page, 'The new access works and is saved.')).toBeVisible()
  await expect(row(page, name)).toContainText('Connected')
})

test('begun in Wish’s app store: the person is asked, and names the integration', async ({ page }) => {
  await openAccess(world, page, name)
  await page.getByRole('button', { name: 'Remove account' }).click()
  await page.getByRole('button', { name: 'OK' }).click()
  await expect(row(page, name)).toBeHidden()
  await page.goto(`${world.sandboxes.wish.baseUrl}/v3/app-store`)
  await page.getByRole('button', { name: 'Add app' }).click()
  await signIn(page, 'first-seller')
  await allow(page)
  await expect(page.getByText(/Did you ask for this\?/)).toBeVisible()
  expect((await channels(world)).map((channel) => channel.name)).toEqual(['Own app'])
  await page.getByRole('button', { name: 'Go on' }).click()
  await page.getByRole('link', { name: 'Go on' }).click()
  await page.getByLabel('Name', { exact: true }).fill('Wish from its store')
  await connectFound(page)
  await expect(row(page, 'Wish from its store')).toContainText('Connected')
})

test('without the hub’s own application the wizard says what its operator has to set, and offers the seller’s own', async ({
  page,
}) => {
  delete world.hub.parts.appCredentials['wish']
  await nameIt(world, page, 'Wish', 'No application')
  await expect(page.getByRole('radio', { name: 'Your own app' })).toBeChecked()
  await page.getByRole('radio', { name: 'Connect account' }).check()
  await expect(page.getByText(/sets FAIRLEAD_APP_WISH_CLIENT_ID, FAIRLEAD_APP_WISH_CLIENT_SECRET/)).toBeVisible()
  await expect(page.getByRole('button', { name: 'Connect account' })).toBeDisabled()
  await lookAt(page, 'wish-no-application')
})
