// A person's first minutes with a hub that nobody owns yet, and the doors later on.
import { business, owner, startE2eWorld, type E2eWorld } from '../support/e2e-world.ts'
import { expect, lookAt, test, told, type Page } from '../support/e2e-page.ts'

let world: E2eWorld
test.describe.configure({ mode: 'serial' })
test.beforeAll(async () => {
  world = await startE2eWorld({ owned: false })
})
test.afterAll(() => world.stop())

async function signIn(page: Page, password: string): Promise<void> {
  await page.getByLabel('E-mail address').fill(owner.email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

test('first run: the setup token makes the owner, a wrong one says so at its field, and home shows the four steps', async ({
  page,
}) => {
  await page.goto(world.origin)
  await expect(page.getByRole('heading', { name: 'Set up your business' })).toBeVisible()
  await lookAt(page, 'setup')

  await page.getByRole('button', { name: 'Create the owner' }).click()
  await expect(page.getByLabel('Setup token')).toHaveAccessibleDescription(/Fill this in/)
  await page.getByLabel('Setup token').fill('not-the-token')
  await page.getByLabel('Name of the business').fill(business)
  await page.getByLabel('Your name').fill(owner.name)
  await page.getByLabel('E-mail address').fill(owner.email)
  await page.getByLabel('Password', { exact: true }).fill('too short')
  await page.getByRole('button', { name: 'Create the owner' }).click()
  await expect(page.getByLabel('Password', { exact: true })).toHaveAccessibleDescription(/At least 12 characters/)
  await page.getByLabel('Password', { exact: true }).fill(owner.password)
  await page.getByRole('button', { name: 'Create the owner' }).click()
  await expect(page.getByLabel('Setup token')).toHaveAccessibleDescription(/not the setup token/)

  await page.getByLabel('Setup token').fill(world.hub.setupToken ?? '')
  await page.getByRole('button', { name: 'Create the owner' }).click()
  const steps = page.getByRole('region', { name: 'Getting started' })
  await expect(steps.getByRole('listitem')).toHaveText([
    /Connect.*Next/,
    /Import.*To do/,
    /Map.*To do/,
    /Switch on.*To do/,
  ])
  await expect(steps).toContainText('0 of 4 done')
  await lookAt(page, 'home-first-run')
  await steps.getByRole('link', { name: 'Connect a sales channel' }).click()
  await expect(page).toHaveURL(/\/settings\/channels/)
})

test('first run happens once: the setup page of an owned hub leads to signing in', async ({ page }) => {
  await page.goto(`${world.origin}/setup`)
  await expect(page.getByText('This hub already has an owner.')).toBeVisible()
  await page.getByRole('link', { name: 'Go to sign-in' }).click()
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
})

test('signing in leads to the page that was asked for, and signing out closes every page again', async ({ page }) => {
  await page.goto(`${world.origin}/suppliers`)
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
  await lookAt(page, 'sign-in')
  await signIn(page, 'a wrong password')
  await expect(page.getByRole('alert')).toHaveText('The e-mail or the password is wrong.')
  await signIn(page, owner.password)
  await expect(page.getByRole('heading', { name: 'Suppliers' })).toBeVisible()

  await page.getByRole('button', { name: business }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
  await page.goto(`${world.origin}/orders`)
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
})

test('dark mode chosen in the account menu outlives a reload', async ({ page }) => {
  await world.open(page, '/')
  await page.getByRole('button', { name: business }).click()
  await page.getByRole('menuitem', { name: 'Dark' }).click()
  const scheme = page.locator('html')
  await expect(scheme).toHaveAttribute('data-mantine-color-scheme', 'dark')
  await page.reload()
  await expect(page.getByRole('heading', { name: 'Home' })).toBeVisible()
  await expect(scheme).toHaveAttribute('data-mantine-color-scheme', 'dark')
})

test('the owner changes his password in the account menu: the present one must be right, and only the new one signs in', async ({
  page,
}) => {
  await world.open(page, '/')
  await page.getByRole('button', { name: business }).click()
  await page.getByRole('menuitem', { name: 'Password' }).click()
  const dialog = page.getByRole('dialog', { name: 'Password' })
  await expect(dialog.getByLabel('Present password')).toBeFocused()
  await lookAt(page, 'password', { phone: false })
  const change = async (present: string, next: string) => {
    await dialog.getByLabel('Present password').fill(present)
    await dialog.getByLabel('New password').fill(next)
    await dialog.getByRole('button', { name: 'Change password' }).click()
  }
  await change('not the present one', 'short')
  await expect(dialog.getByLabel('New password')).toHaveAccessibleDescription(/At least 12 characters/)
  await change('not the present one', 'a longer mooring line')
  await expect(dialog.getByLabel('Present password')).toHaveAccessibleDescription(/not your present password/)
  await change(owner.password, 'a longer mooring line')
  await expect(told(page, 'Your password is changed.')).toBeVisible()
  await expect(dialog).toBeHidden()

  const tryPassword = async (password: string) => {
    const data = { email: owner.email, password }
    const { origin } = world
    return (await page.request.post(`${origin}/auth/sign-in/email`, { data, headers: { origin } })).status()
  }
  expect([await tryPassword(owner.password), await tryPassword('a longer mooring line')]).toEqual([401, 200])
  await page.reload()
  await page.getByRole('button', { name: business }).click()
  await page.getByRole('menuitem', { name: 'Password' }).click()
  await change('a longer mooring line', owner.password)
  await expect(dialog).toBeHidden()
})

test('after ten wrong passwords the door stays shut for a while, even to the right one, and says how long', async ({
  page,
}) => {
  await page.goto(`${world.origin}/sign-in`)
  const freeTries = 10
  for (let attempt = 0; attempt < freeTries; attempt++) {
    const answered = page.waitForResponse(/\/auth\/sign-in\/email/)
    await signIn(page, `wrong password ${attempt}`)
    expect((await answered).status()).toBe(401)
  }
  await signIn(page, owner.password)
  await expect(page.getByRole('alert')).toHaveText(/Too many tries\. Please try again in \d+ seconds\./)
})
