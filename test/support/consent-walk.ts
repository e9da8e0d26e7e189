// What every browser test of connecting does in the wizard, whatever the marketplace.
import { expect, type Page } from './e2e-page.ts'
import type { ConsentWorld } from './consent-world.ts'

export const channelList = '/settings/channels'

/** Gallery and name. */
export async function nameIt(world: ConsentWorld, page: Page, marketplace: string, name: string): Promise<void> {
  await world.open(page, `${channelList}/add`)
  await page.getByRole('button', { name: `Add ${marketplace}` }).click()
  await page.getByLabel('Name', { exact: true }).fill(name)
  await page.getByRole('button', { name: 'Next' }).click()
}

/** Presses the button and answers the tab that opens. */
export async function openTab(page: Page): Promise<Page> {
  const opening = page.waitForEvent('popup')
  await page.getByRole('button', { name: 'Connect account' }).click()
  return opening
}

export async function openAccess(world: ConsentWorld, page: Page, name: string): Promise<void> {
  await world.open(page, channelList)
  await page.getByRole('link', { name, exact: true }).click()
  await page.getByRole('button', { name: 'Access' }).click()
}

export async function connectFound(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { name: 'This is the account' })).toBeVisible()
  await page.getByRole('button', { name: 'Connect', exact: true }).click()
}

/** Without the times at which each was last in step, for their work goes on meanwhile. */
export async function channels(world: ConsentWorld) {
  const rows = await world.client.get<{ id: string; name: string }[]>('/api/channels')
  return rows.map((row) => ({ ...row, ordersSyncedAt: null, stockSyncedAt: null, pricesSyncedAt: null }))
}
