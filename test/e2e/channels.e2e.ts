// Settings › Sales channel integrations: adding, settings, switching, reauthorising and removing one (A1–A10).
import { startE2eWorld, type E2eWorld } from '../support/e2e-world.ts'
import { expect, flip, lookAt, row, test, told, type Page } from '../support/e2e-page.ts'

const name = 'Reverb main shop'
const list = '/settings/channels'

let world: E2eWorld
test.describe.configure({ mode: 'serial' })
test.beforeAll(async () => {
  world = await startE2eWorld()
})
test.afterAll(() => world.stop())

async function chooseReverbAndName(page: Page, called: string): Promise<void> {
  await page.getByRole('button', { name: 'Add Reverb' }).click()
  await page.getByLabel('Name', { exact: true }).fill(called)
  await page.getByRole('button', { name: 'Next' }).click()
}

async function openIntegration(page: Page, section: string): Promise<void> {
  await world.open(page, list)
  await page.getByRole('link', { name, exact: true }).click()
  await page.getByRole('button', { name: section }).click()
}

const atSwitch = (page: Page) => page.getByRole('switch', { name: `Switch ${name} on or off` })
const atToken = (page: Page) => page.getByLabel('Access token', { exact: true })
const currentChannel = async () => {
  const [channel] = await world.client.get<{ id: string }[]>('/api/channels')
  return world.client.get<{ settings: Record<string, unknown>; enabled: boolean }>(`/api/channels/${channel?.id}`)
}

test('A2: cancelling at any step of the wizard leaves nothing behind', async ({ page }) => {
  await world.open(page, list)
  await expect(page.getByText('No sales channel yet')).toBeVisible()
  await lookAt(page, 'channels-empty')
  const steps = [
    async () => {},
    () => page.getByRole('button', { name: 'Add Reverb' }).click(),
    () => chooseReverbAndName(page, name),
  ]
  for (const goOn of steps) {
    await page.getByRole('link', { name: 'Add sales channel' }).click()
    await expect(page.getByRole('heading', { name: 'Choose a marketplace' })).toBeVisible()
    await goOn()
    await page.getByRole('link', { name: 'Cancel' }).click()
    await expect(page.getByText('No sales channel yet')).toBeVisible()
  }
  expect(await world.client.get('/api/channels')).toEqual([])
})

test('A2, A6: gallery, name, currency and token; the token is tried before saving and a bad one is refused at its field', async ({
  page,
}) => {
  await world.open(page, `${list}/add`)
  await lookAt(page, 'add-gallery')
  await page.getByRole('button', { name: 'Add Reverb' }).click()
  await page.getByRole('button', { name: 'Next' }).click()
  await expect(page.getByLabel('Name', { exact: true })).toHaveAccessibleDescription(/Fill this in/)
  await page.getByLabel('Name', { exact: true }).fill(name)
  await page.getByRole('button', { name: 'Next' }).click()

  await expect(page.getByRole('combobox', { name: 'Default currency' })).toHaveValue('GBP')
  await expect(atToken(page)).toHaveAccessibleDescription(/API & Integrations/)
  await lookAt(page, 'add-account')
  await atToken(page).fill('0123456789abcdef')
  await page.getByRole('button', { name: 'Connect' }).click()
  await expect(atToken(page)).toHaveAccessibleDescription(/does not accept the access token/)
  expect(await world.client.get('/api/channels')).toEqual([])

  await atToken(page).fill(world.reverb.account.token)
  await page.getByRole('button', { name: 'Connect' }).click()
  await expect(told(page, `${name} is connected and on.`)).toBeVisible()
  await expect(row(page, name)).toContainText('Reverb')
  await expect(row(page, name)).toContainText('Connected')
  await expect(atSwitch(page)).toBeChecked()
  await lookAt(page, 'channels')
})

test('A2: a name that is taken is said at the name, whatever its case', async ({ page }) => {
  await world.open(page, `${list}/add`)
  await chooseReverbAndName(page, name.toUpperCase())
  await expect(page.getByLabel('Name', { exact: true })).toHaveAccessibleDescription(/already/)
})

test('A10: both order switches may be off but never both on; switching one on switches the other off and says so', async ({
  page,
}) => {
  await openIntegration(page, 'Additional settings')
  const exclude = page.getByRole('switch', { name: 'Exclude unmapped orders' })
  const split = page.getByRole('switch', { name: 'Split orders with unknown SKUs' })
  await expect(exclude).not.toBeChecked()
  await expect(split).not.toBeChecked()
  await flip(exclude)
  await flip(split)
  await expect(exclude).not.toBeChecked()
  await expect(split).toBeChecked()
  await expect(
    page.getByText('“Exclude unmapped orders” was switched off: only one of the two can be on.'),
  ).toBeVisible()
  await expect(page.getByText('Of a mixed order only the mapped lines are imported.')).toBeVisible()
  await lookAt(page, 'integration-settings')

  await page.getByRole('button', { name: 'Cancel' }).click()
  await expect(split).toBeHidden()
  expect((await currentChannel()).settings).toMatchObject({ excludeUnmapped: false, splitMixed: false })
})

test('A10: a threshold that fights the maximum is warned about with its example; wrong figures are refused at the field; Save returns to the list', async ({
  page,
}) => {
  await openIntegration(page, 'Additional settings')
  const max = page.getByRole('textbox', { name: 'Max quantity to advertise' })
  const threshold = page.getByRole('textbox', { name: 'Stock threshold value' })
  await expect(max).toHaveValue('0')
  await expect(threshold).toHaveValue('0')
  await max.fill('3')
  await threshold.fill('5')
  await expect(page.getByText(/With a threshold of 5 and a max.* of 3.* can only show 3 or 0/)).toBeVisible()
  await threshold.fill('2000000')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(threshold).toHaveAccessibleDescription(/A whole number from 0 to 1,000,000/)
  await threshold.fill('5')
  await flip(page.getByRole('switch', { name: 'Price (inc. VAT) update' }))
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(told(page, `Settings of ${name} saved.`)).toBeVisible()
  await expect(page.getByRole('heading', { name: 'Sales channel integrations' })).toBeVisible()
  expect((await currentChannel()).settings).toMatchObject({ advertisedMax: 3, stockThreshold: 5, priceUpdate: true })
})

test('A10: until stock update is on, the integration says loudly that listings may oversell, and what is to be done first', async ({
  page,
}) => {
  await world.open(page, list)
  await page.getByRole('link', { name, exact: true }).click()
  await expect(page.getByText('Stock update is off: listings may oversell')).toBeVisible()
  await expect(page.getByText('Listings downloaded')).toBeVisible()
  await lookAt(page, 'integration')
  const switchOn = page.getByRole('button', { name: 'Switch stock update on' })
  await expect(switchOn).toHaveAttribute('aria-disabled', 'true')
  await switchOn.hover()
  await expect(page.getByRole('tooltip')).toHaveText(/Map the listings/)
})

test('A7: the switch stops and starts an integration at once, and who did it is recorded', async ({ page }) => {
  await world.open(page, list)
  await flip(atSwitch(page))
  await expect(told(page, `${name} is off.`)).toBeVisible()
  await expect(atSwitch(page)).not.toBeChecked()
  expect((await currentChannel()).enabled).toBe(false)
  await page.getByRole('link', { name, exact: true }).click()
  await expect(page.getByText('This integration is off')).toBeVisible()
  await expect(page.getByText('by Test owner')).toBeVisible()
  await page.getByRole('button', { name: 'Switch on' }).click()
  await expect(told(page, `${name} is on. It catches up now.`)).toBeVisible()
  await expect(page.getByText('This integration is off')).toBeHidden()
  expect((await currentChannel()).enabled).toBe(true)
})

test('A9: reauthorising refuses a bad token and one of a different seller account, and saves a good new one', async ({
  page,
}) => {
  await openIntegration(page, 'Access')
  await expect(page.getByText(/Connected to The Sandbox Shop as 40417 at http/)).toBeVisible()
  await expect(atToken(page)).toHaveValue('')
  const save = page.getByRole('button', { name: 'Save' })
  await lookAt(page, 'integration-access')

  await atToken(page).fill('not a token')
  await save.click()
  await expect(atToken(page)).toHaveAccessibleDescription(/token/i)
  await expect(page.getByText(/no token has|does not accept/)).toBeVisible()
  await atToken(page).fill(world.otherSeller.account.token)
  await save.click()
  await expect(page.getByText(/belong to a different seller account/)).toBeVisible()
  await page.getByRole('button', { name: 'Cancel' }).click()
  await expect(atToken(page)).toBeHidden()

  const renewed = world.reverb.control.addToken()
  world.reverb.control.revokeToken()
  await page.getByRole('button', { name: 'Access' }).click()
  await expect(atToken(page)).toHaveValue('')
  await atToken(page).fill(renewed)
  await save.click()
  await expect(told(page, 'The new access works and is saved.')).toBeVisible()
  await expect(row(page, name)).toContainText('Connected')
})

test('A8: removing asks; Cancel keeps the integration, OK takes it from the list and it does nothing more', async ({
  page,
}) => {
  await openIntegration(page, 'Access')
  const remove = page.getByRole('button', { name: 'Remove account' })
  const dialog = page.getByRole('dialog', { name: `Remove ${name}?` })
  await remove.click()
  await expect(dialog).toContainText('Its orders and figures stay.')
  await lookAt(page, 'remove-dialog', { phone: false })
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await expect(dialog).toBeHidden()
  expect(await world.client.get('/api/channels')).toHaveLength(1)

  await remove.click()
  await dialog.getByRole('button', { name: 'OK' }).click()
  await expect(told(page, `${name} is removed.`)).toBeVisible()
  await expect(page.getByText('No sales channel yet')).toBeVisible()
  expect(await world.client.get('/api/channels')).toEqual([])
})
