// What every browser test asks of every page: a quiet console, no accessibility fault in light and dark, and nothing to
// scroll sideways on a phone.
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import { test as base, expect, type Locator, type Page } from '@playwright/test'

export { expect }
export type { Locator, Page }

export const desktop = { width: 1440, height: 900 }
export const phone = { width: 390, height: 844 }

/** Enough for a busy machine, and short enough that a button that is not there is told as such. */
const actionMs = 20_000

/** A refusal of the hub is an answer like another; the browser writes a line about each. */
const refusalLine = /^Failed to load resource: the server responded with a status of (400|401|409|422|429) /

export const test = base.extend({
  page: async ({ page }, use) => {
    const said: string[] = []
    page.on('console', (message) => {
      if (message.type() === 'error' && !refusalLine.test(message.text()))
        said.push(`${message.text()} (${message.location().url})`)
    })
    page.on('pageerror', (error) => said.push(error.stack ?? error.message))
    page.setDefaultTimeout(actionMs)
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
    await use(page)
    expect(said, 'the console of the browser').toEqual([])
  },
})

/** Looks at the page as it stands. With E2E_SHOTS set to a folder, pictures are kept there. */
export async function lookAt(page: Page, name: string, widths: { phone: boolean } = { phone: true }): Promise<void> {
  await test.step(`look at ${name}`, async () => {
    const size = page.viewportSize() ?? desktop
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await stands(page)
      const { violations } = await axe(page, colorScheme).analyze()
      const told = violations.map(({ id, help, nodes }) => ({ id, help, where: nodes.map(({ html }) => html) }))
      expect(told, `${name} in ${colorScheme}`).toEqual([])
      await picture(page, `${name}-${size.width}-${colorScheme}`)
    }
    if (!widths.phone) return
    await page.setViewportSize(phone)
    await stands(page)
    await expectNoSidewaysScroll(page, name)
    await picture(page, `${name}-${phone.width}-light`)
    if (shots) {
      await page.emulateMedia({ colorScheme: 'dark' })
      await stands(page)
      await picture(page, `${name}-${phone.width}-dark`)
      await page.emulateMedia({ colorScheme: 'light' })
    }
    await page.setViewportSize(size)
  })
}

/** Only colours differ between light and dark. There are no frames, for which axe would open a page of its own. */
function axe(page: Page, colorScheme: 'light' | 'dark'): AxeBuilder {
  const whole = new AxeBuilder({ page }).setLegacyMode(true)
  return colorScheme === 'light' ? whole : whole.withRules(['color-contrast'])
}

export async function expectNoSidewaysScroll(page: Page, name: string): Promise<void> {
  // The page scrolls inside its main part, and a dialog inside itself; tables of their own may scroll.
  const wide = await page.evaluate(() => {
    const places = [document.documentElement, ...document.querySelectorAll('main, [role="dialog"]')]
    return Math.max(...places.map((place) => place.scrollWidth - place.clientWidth))
  })
  expect(wide, `${name}: pixels beyond the right edge at ${page.viewportSize()?.width} px`).toBeLessThanOrEqual(0)
}

/** Nothing is loading, and what moves has come to its end. */
export async function stands(page: Page): Promise<void> {
  await expect(page.locator('[aria-busy="true"]')).toHaveCount(0)
  await page.evaluate(async () => {
    const ending = document
      .getAnimations()
      .filter((animation) => animation.effect?.getComputedTiming().iterations !== Infinity)
    await Promise.allSettled(ending.map((animation) => animation.finished))
  })
}

/** What the page tells in passing, such as "Saved". */
export function told(page: Page, text: string | RegExp): Locator {
  return page.getByRole('alert').filter({ hasText: text })
}

/** Clicks a switch as a person does: its visible parts lie over the box itself, which is no hindrance to him. */
export async function flip(control: Locator): Promise<void> {
  await control.click({ force: true })
}

/** A table's row by what it says. */
export function row(page: Page | Locator, text: string | RegExp): Locator {
  return page.getByRole('row').filter({ hasText: text })
}

/** The table itself has stopped loading and filtering. */
export async function tableStands(table: Locator): Promise<void> {
  await expect(table).toHaveAttribute('aria-busy', 'false')
}

const shots = process.env.E2E_SHOTS

async function picture(page: Page, name: string): Promise<void> {
  if (shots) await page.screenshot({ path: join(shots, `${name}.png`) })
}
