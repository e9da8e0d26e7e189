// Settings that orders go by: exchange rates, what holds for the whole business, our shipping services, and what a sales
// channel's services mean (C1–C4, D4, B6). What is wrong stands at its field.
import { channelName, startE2eWorld, supplierName, type E2eWorld } from '../support/e2e-world.ts'
import { expect, flip, lookAt, row, test, told, type Page } from '../support/e2e-page.ts'

let world: E2eWorld
let channelId: string
test.describe.configure({ mode: 'serial' })
test.beforeAll(async () => {
  world = await startE2eWorld()
  await world.seedProducts()
  await world.seedSupplier()
  channelId = await world.seedChannel()
  await world.client.send('POST', '/api/suppliers', { name: 'Fjord Strings', preference: 30, currency: 'SEK' })
})
test.afterAll(() => world?.stop())

test('D4: a missing exchange rate is told; one is entered by keyboard, and what cannot be a rate is said at its field', async ({
  page,
}) => {
  await world.open(page, '/settings/exchange-rates')
  const missing = page.getByRole('main').getByRole('alert').filter({ hasText: 'No rate is known for SEK' })
  await expect(missing).toBeVisible()
  await lookAt(page, 'rates-empty')
  const opener = page.getByRole('button', { name: 'Add rate' }).first()
  await opener.focus()
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Add an exchange rate' })
  const [from, to] = [dialog.getByLabel('From'), dialog.getByLabel('To')]
  const [rate, day, source] = [dialog.getByLabel('Rate'), dialog.getByLabel('Day'), dialog.getByLabel('Source')]
  await expect(from).toBeFocused()
  await expect(from).toHaveValue('SEK')
  await expect(to).toHaveValue('GBP')
  await page.keyboard.press('Enter')
  await expect(rate).toHaveAccessibleDescription(/Fill this in/)
  await expect(source).toHaveAccessibleDescription(/Fill this in/)
  await expect(rate).toBeFocused()
  for (const [typed, sentence] of [
    ['0', /A rate is above 0/],
    ['-0.07', /as a number, such as/],
    ['about 13', /as a number, such as/],
  ] as const) {
    await rate.fill(typed)
    await source.fill('Our bank')
    await source.press('Enter')
    await expect(rate).toHaveAccessibleDescription(sentence)
  }
  await from.fill('SEQ')
  await rate.fill('0,0762')
  await day.fill('2199-01-01')
  await source.press('Enter')
  await expect(from).toHaveAccessibleDescription(/currency/)
  await expect(day).toHaveAccessibleDescription(/future|to come|later/)
  await lookAt(page, 'rate-wrong')
  await from.fill('sek')
  await day.fill('2026-01-05')
  await source.press('Enter')
  await expect(told(page, 'Rate added.')).toBeVisible()
  await expect(row(page, 'SEK to GBP')).toContainText('0.0762')
  await expect(row(page, 'SEK to GBP')).toContainText('5 Jan 2026')
  await expect(row(page, 'SEK to GBP')).toContainText('Our bank')
  await expect(missing).toBeHidden()
  await expect(opener).toBeFocused()
  await lookAt(page, 'rates')
})

test('settings of the business: what cannot be is said at its field, what is saved is there after a reload', async ({
  page,
}) => {
  await world.open(page, '/settings/business')
  const name = page.getByLabel('Name')
  const days = page.getByLabel('Days unmapped orders are kept')
  const hours = page.getByLabel('Hours to warn before a deadline')
  await expect(days).toHaveValue('3')
  await name.fill(' ')
  await days.fill('400')
  await hours.fill('0')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(name).toHaveAccessibleDescription(/Fill this in/)
  await expect(days).toHaveAccessibleDescription(/A whole number from 0 to 365\./)
  await expect(hours).toHaveAccessibleDescription(/A whole number from 1 to 336\./)
  await lookAt(page, 'business-wrong')
  await name.fill('Lantern Bay Music Ltd')
  await days.fill('5')
  await hours.fill('36')
  await flip(page.getByRole('switch', { name: 'We reclaim VAT' }))
  await hours.press('Enter')
  await expect(told(page, 'Settings saved.')).toBeVisible()
  await page.reload()
  await expect(name).toHaveValue('Lantern Bay Music Ltd')
  await expect(days).toHaveValue('5')
  await expect(hours).toHaveValue('36')
  await expect(page.getByRole('switch', { name: 'We reclaim VAT' })).not.toBeChecked()
  await expect(page.getByRole('navigation').getByText('Lantern Bay Music Ltd')).toBeVisible()
})

test('C4: our shipping services are added, renamed and switched off; one that is used is kept, and says by what', async ({
  page,
}) => {
  await world.open(page, '/settings/shipping')
  const add = page.getByLabel('New shipping service')
  for (const name of ['Express', 'Economy']) {
    await add.fill(name)
    await add.press('Enter')
    await expect(told(page, `${name} added.`)).toBeVisible()
  }
  await add.fill('express')
  await add.press('Enter')
  await expect(add).toHaveAccessibleDescription(/There is a shipping service of this name already/)
  await add.fill('')
  await flip(page.getByRole('switch', { name: 'Economy is on' }))
  await expect(row(page, 'Economy')).toContainText('Off')
  const remove = page.getByRole('button', { name: 'Delete Standard delivery' })
  await expect(remove).toHaveAttribute('aria-disabled', 'true')
  await expect(row(page, 'Standard delivery')).toContainText(`default of ${channelName}`)
  await lookAt(page, 'shipping-services')
})

/** A buyer orders; answers the order's number there. */
function buy(sku: string, shippingService: string): string {
  const [placed] = world.reverb.control.placeOrders([
    { lines: [{ sku, quantity: 1 }], buyerNumber: 42, shippingService, countryCode: 'GB' },
  ])
  const number = placed?.orders[0]?.number
  if (number === undefined) throw new Error(`The sandbox refused: ${JSON.stringify(placed?.refused)}`)
  return number
}

async function openShipping(page: Page): Promise<void> {
  await world.open(page, `/settings/channels/${channelId}`)
  await page.getByRole('button', { name: 'Shipping', exact: true }).click()
}

const atDefault = (page: Page) => page.getByRole('combobox', { name: 'Default shipping service' })
const statusOf = async (number: string) =>
  (
    await world.client.get<{ rows: { marketplaceOrderId: string; status: string }[] }>('/api/orders?limit=50')
  ).rows.find(({ marketplaceOrderId }) => marketplaceOrderId === number)?.status

test('C3, C4: the default service is chosen and taken away; one that was switched off meanwhile is refused at the field', async ({
  page,
}) => {
  await openShipping(page)
  await expect(atDefault(page)).toHaveValue('Standard delivery')
  await atDefault(page).click()
  await expect(page.getByRole('option', { name: 'Economy' })).toHaveCount(0)
  const services = await world.client.get<{ id: string; name: string }[]>('/api/shipping-services')
  const express = services.find(({ name }) => name === 'Express')
  await world.client.send('PATCH', `/api/shipping-services/${express?.id}`, { active: false })
  await page.getByRole('option', { name: 'Express' }).click()
  await expect(atDefault(page)).toHaveAccessibleDescription(/Express is switched off/)
  await expect(atDefault(page)).toHaveValue('Standard delivery')
  await lookAt(page, 'default-service-off')
  await world.client.send('PATCH', `/api/shipping-services/${express?.id}`, { active: true })

  await atDefault(page).click()
  await page.getByRole('option', { name: 'None' }).click()
  await expect(told(page, 'Default shipping service saved.')).toBeVisible()
  await expect(page.getByText('waits as Awaiting shipping mapping')).toBeVisible()
  const { settings } = await world.client.get<{ settings: object }>(`/api/channels/${channelId}`)
  expect(settings).toMatchObject({ defaultShippingServiceId: null })
})

let waiting: string

test('C1, C2: a service is mapped as a draft, saved, and taken out again with X; Cancel drops a draft', async ({
  page,
}) => {
  waiting = buy('FL-1001', 'expedited_shipping')
  await world.open(page, '/orders')
  await page.getByRole('main').getByRole('button', { name: 'Download orders now' }).first().click()
  await expect(row(page, waiting)).toContainText('Awaiting shipping mapping')
  await openShipping(page)
  const unmapped = page.getByRole('region', { name: 'Not mapped' })
  await expect(unmapped).toContainText('1 order waits')
  const mappings = page.getByRole('table', { name: 'Mappings' })
  const saved = async () =>
    (
      await world.client.get<{ services: { service: string; shippingServiceId: string | null }[] }>(
        `/api/channels/${channelId}/shipping-services`,
      )
    ).services.flatMap(({ service, shippingServiceId }) => (shippingServiceId === null ? [] : [service]))
  const ours = page.getByRole('combobox', { name: 'Shipping service', exact: true })
  const draft = async () => {
    await unmapped.getByRole('button', { name: 'Map expedited_shipping' }).click()
    await ours.click()
    await page.getByRole('option', { name: 'Express' }).click()
    await page.getByRole('button', { name: 'Map field' }).click()
    await expect(row(mappings, 'expedited_shipping')).toContainText('Draft')
  }
  const save = page.getByRole('button', { name: 'Save', exact: true }).last()
  await test.step('a draft is dropped by Cancel', async () => {
    await draft()
    await lookAt(page, 'shipping-mapping-draft')
    expect(await saved()).toEqual([])
    await page.getByRole('button', { name: 'Cancel', exact: true }).last().click()
    await expect(row(mappings, 'expedited_shipping')).toBeHidden()
  })
  await test.step('Save applies it', async () => {
    await draft()
    await save.click()
    await expect(told(page, 'Shipping mapping saved.')).toBeVisible()
    await expect(save).toBeDisabled()
    expect(await saved()).toEqual(['expedited_shipping'])
  })
  await test.step('X and Save take it out again', async () => {
    await page.getByRole('button', { name: 'Remove the mapping of expedited_shipping' }).click()
    await expect(row(mappings, 'expedited_shipping')).toContainText('Removed when saved')
    expect(await saved()).toEqual(['expedited_shipping'])
    await save.click()
    await expect(row(mappings, 'expedited_shipping')).toBeHidden()
    expect(await saved()).toEqual([])
  })
  await draft()
  await save.click()
  await expect(row(mappings, 'expedited_shipping')).toContainText('Express')
  expect(await statusOf(waiting)).toBe('awaiting-shipping-mapping')
})

test('B6, C3: applying to waiting orders shows by keyboard what would become of each, and does it only then', async ({
  page,
}) => {
  await openShipping(page)
  const opener = page.getByRole('button', { name: /^Apply to waiting orders/ })
  await opener.focus()
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Apply to waiting orders' })
  await expect(row(dialog, waiting)).toContainText('Goes by Express')
  await expect(row(dialog, waiting)).toContainText('mapped from “expedited_shipping”')
  await expect(row(dialog, waiting)).toContainText(`Purchase order to ${supplierName}`)
  await lookAt(page, 'apply-to-waiting')
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
  await expect(opener).toBeFocused()
  expect(await statusOf(waiting)).toBe('awaiting-shipping-mapping')

  await page.keyboard.press('Enter')
  await dialog.getByRole('button', { name: 'Apply to 1 order' }).focus()
  await page.keyboard.press('Enter')
  await expect(told(page, 'Applied to 1 order.')).toBeVisible()
  await expect.poll(() => statusOf(waiting)).toBe('with-supplier')
  await expect(opener).toBeHidden()
})
