// Connecting Amazon by its consent page in a real browser (A3, A9): allowed, refused, closed, too late, begun at Amazon's
// side, and another seller's account.
import { channels, nameIt, openAccess, openTab } from '../support/consent-walk.ts'
import { expect, lookAt, row, test, told, type Page } from '../support/e2e-page.ts'
import { startConsentWorld, type ConsentWorld } from '../support/consent-world.ts'

const name = 'Amazon United Kingdom'

let world: ConsentWorld<'amazon'>
test.describe.configure({ mode: 'serial' })
test.beforeAll(async () => {
  world = await startConsentWorld(['amazon'])
})
test.afterAll(() => world.stop())

async function chooseSite(page: Page, site: string): Promise<void> {
  await page.getByRole('combobox', { name: 'Site' }).click()
  await page.getByRole('option', { name: site }).click()
  await page.getByRole('button', { name: 'Next' }).click()
}

/** The tab that opens, signed in at Amazon. */
async function openConsent(page: Page): Promise<Page> {
  const tab = await openTab(page)
  await tab.getByRole('button', { name: 'Sign in' }).click()
  await expect(tab.getByText('asks for access to your selling account')).toBeVisible()
  return tab
}

async function confirm(tab: Page, account: RegExp): Promise<void> {
  const choices = tab.getByLabel('Seller account')
  const label = (await choices.locator('option').allTextContents()).find((text) => account.test(text))
  await choices.selectOption({ label: label ?? '' })
  await tab.getByRole('checkbox', { name: /I direct Amazon/ }).check()
  await tab.getByRole('button', { name: 'Confirm' }).click()
}

const ownAccount = /The Sandbox Shop.*Europe/
const otherAccount = /The Other Shop.*Europe/

test('A3: site, consent in a new tab, and the wizard goes on by itself', async ({ page }) => {
  await nameIt(world, page, 'Amazon', name)
  await page.getByRole('button', { name: 'Next' }).click()
  await expect(page.getByRole('combobox', { name: 'Site' })).toHaveAccessibleDescription(/Fill this in/)
  await lookAt(page, 'amazon-site')
  await chooseSite(page, 'United Kingdom')
  await lookAt(page, 'amazon-connect')

  const tab = await openConsent(page)
  await expect(page.getByText('Waiting for Amazon')).toBeVisible()
  await lookAt(page, 'amazon-waiting')
  await confirm(tab, ownAccount)
  await expect(tab.getByText('Go on in the first tab; you may close this one.')).toBeVisible()
  expect(tab.url()).toBe(`${world.origin}/connect/amazon`)
  await lookAt(tab, 'amazon-landing')
  await tab.close()

  await expect(page.getByRole('heading', { name: 'This is the account' })).toBeVisible()
  await expect(page.getByText('United Kingdom', { exact: true })).toBeVisible()
  await expect(page.getByRole('combobox', { name: 'Default currency' })).toHaveValue('GBP')
  await lookAt(page, 'amazon-found')
  expect(await channels(world)).toEqual([])
  await page.getByRole('button', { name: 'Connect', exact: true }).click()
  await expect(page.getByText(`${name} is connected and on`).first()).toBeVisible()
  await page.getByRole('button', { name: 'Done' }).click()
  await expect(row(page, name)).toContainText('Amazon')
  await expect(row(page, name)).toContainText('Connected')
})

test('A3: a site of the same account is another integration; the same site again is refused with its name', async ({
  page,
}) => {
  await nameIt(world, page, 'Amazon', 'Once more')
  await chooseSite(page, 'United Kingdom')
  const tab = await openConsent(page)
  await confirm(tab, ownAccount)
  const sentence = `This account is connected already, as “${name}”.`
  await expect(tab.getByText(sentence)).toBeVisible()
  await expect(page.getByText(sentence)).toBeVisible()
  expect(await channels(world)).toHaveLength(1)
})

test('A3: a refused consent is told in both tabs, offered again, and then allowed', async ({ page }) => {
  await nameIt(world, page, 'Amazon', 'Amazon Germany')
  await chooseSite(page, 'Germany')
  const tab = await openConsent(page)
  await tab.getByRole('button', { name: 'Refuse' }).click()
  await expect(tab.getByText('Nothing was connected', { exact: true })).toBeVisible()
  await lookAt(tab, 'amazon-refused-tab')
  await expect(page.getByText('The account was not connected')).toBeVisible()
  await expect(page.getByText(/Amazon gave no access: The consent was refused/)).toBeVisible()
  await lookAt(page, 'amazon-refused')

  const again = await openConsent(page)
  await confirm(again, ownAccount)
  await page.getByRole('button', { name: 'Connect', exact: true }).click()
  await expect(told(page, 'Amazon Germany is connected and on.')).toBeVisible()
  expect(await channels(world)).toHaveLength(2)
})

test('A3: an account that does not sell at the chosen site is refused with the sites it has', async ({ page }) => {
  await nameIt(world, page, 'Amazon', 'Amazon France')
  await chooseSite(page, 'France')
  const tab = await openConsent(page)
  await confirm(tab, ownAccount)
  await expect(page.getByText(/This account does not sell at France\. It sells at .*Germany/)).toBeVisible()
})

test('A2: a closed tab is opened again from the wizard, and Cancel leaves nothing behind', async ({ page }) => {
  const before = await channels(world)
  await nameIt(world, page, 'Amazon', 'Closed tab')
  await chooseSite(page, 'United Kingdom')
  const tab = await openConsent(page)
  await tab.close()
  await expect(page.getByText('Waiting for Amazon')).toBeVisible()
  const opening = page.context().waitForEvent('page')
  await page.getByRole('link', { name: 'Open again' }).click()
  const again = await opening
  await expect(again.getByRole('button', { name: 'Sign in' })).toBeVisible()
  await page.getByRole('link', { name: 'Cancel' }).click()
  await expect(row(page, name)).toBeVisible()

  await again.getByRole('button', { name: 'Sign in' }).click()
  await confirm(again, ownAccount)
  await expect(again.getByText(/was not begun here by you/)).toBeVisible()
  expect(await channels(world)).toEqual(before)
})

test('A3: a consent that took too long counts no more and is said so in both tabs', async ({ page }) => {
  await nameIt(world, page, 'Amazon', 'Too late')
  await chooseSite(page, 'Germany')
  const tab = await openConsent(page)
  await world.letConsentsExpire()
  await confirm(tab, ownAccount)
  await expect(tab.getByText(/took longer than 10 minutes/)).toBeVisible()
  await expect(page.getByText(/took longer than 10 minutes/)).toBeVisible()
  await expect(page.getByRole('button', { name: 'Connect account' })).toBeVisible()
})

test('login CSRF: a link of somebody else’s consent connects nothing', async ({ page }) => {
  const before = await channels(world)
  await world.open(page, `/connect/amazon?state=${'A'.repeat(43)}&spapi_oauth_code=RH1&selling_partner_id=A1`)
  await expect(page.getByText(/was not begun here by you/)).toBeVisible()
  expect(await channels(world)).toEqual(before)
})

test('begun at Amazon’s side: signed out, the seller signs in, says yes, and names the integration', async ({
  page,
}) => {
  await page.goto(`${world.sandboxes.amazon.baseUrl}/apps/store/${world.sandboxes.amazon.app['applicationId']}`)
  const accounts = page.getByLabel('Seller account')
  const label = (await accounts.locator('option').allTextContents()).find((text) => otherAccount.test(text))
  await accounts.selectOption({ label: label ?? '' })
  await page.getByLabel("The application's login URI").fill(`${world.origin}/connect/amazon/start`)
  await page.getByRole('button', { name: 'Authorise now' }).click()

  await page.getByLabel('E-mail address').fill('owner@fairlead.example')
  await page.getByRole('textbox', { name: 'Password' }).fill('mooring-line-tests')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByText(/You are signed in as Test owner of Lantern Bay Trading/)).toBeVisible()
  await lookAt(page, 'amazon-begun-there')
  await page.getByRole('button', { name: 'Go on' }).click()

  await page.getByRole('checkbox', { name: /I direct Amazon/ }).check()
  await page.getByRole('button', { name: 'Confirm' }).click()
  await expect(page.getByText('Name the new integration to finish.')).toBeVisible()
  await page.getByRole('link', { name: 'Go on' }).click()
  await page.getByRole('radio', { name: 'United Kingdom' }).check()
  await page.getByRole('button', { name: 'Connect', exact: true }).click()
  await expect(page.getByLabel('Name', { exact: true })).toHaveAccessibleDescription(/Fill this in/)
  await lookAt(page, 'amazon-choose')
  await page.getByLabel('Name', { exact: true }).fill('From the app store')
  await page.getByRole('button', { name: 'Connect', exact: true }).click()
  await expect(page.getByText('From the app store is connected and on').first()).toBeVisible()
  await page.getByRole('button', { name: 'Done' }).click()
  await expect(row(page, 'From the app store')).toBeVisible()
})

test('A9: reauthorising refuses another seller’s account and changes nothing; the own one is saved', async ({
  page,
}) => {
  await openAccess(world, page, name)
  await expect(page.getByText(/Connected to United Kingdom as A1SANDBOXSELL1 at http/)).toBeVisible()
  await expect(page.getByLabel('Seller ID')).toHaveValue('')
  await lookAt(page, 'amazon-reauthorise')
  const wrong = await openConsent(page)
  await confirm(wrong, otherAccount)
  await expect(wrong.getByText(/belong to a different seller account/)).toBeVisible()
  await expect(page.getByText(/belong to a different seller account/)).toBeVisible()

  const right = await openConsent(page)
  await confirm(right, ownAccount)
  await expect(page.getByText(/Amazon gave the access of .*United Kingdom/)).toBeVisible()
  await page.getByRole('button', { name: 'Cancel' }).click()

  await openAccess(world, page, name)
  const last = await openConsent(page)
  await confirm(last, ownAccount)
  await expect(page.getByText(/Amazon gave the access of/)).toBeVisible()
  await lookAt(page, 'amazon-reauthorise-found')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(told(page, 'The new access works and is saved.')).toBeVisible()
  await expect(row(page, name)).toContainText('Connected')
})
