import { defineConfig } from '@playwright/test'
import { findBrowser } from './test/support/browser.ts'

const { executablePath, args } = await findBrowser()

/** They begin first, so that none of them is still running alone at the end. */
const longest = ['order-to-tracking', 'listing-wizard', 'listings-*', 'consent-amazon', 'order-actions', 'pricing'].map(
  (name) => `**/${name}.e2e.ts`,
)

export default defineConfig({
  testDir: 'test/e2e',
  projects: [
    { name: 'long', testMatch: longest },
    { name: 'short', testMatch: '**/*.e2e.ts', testIgnore: longest },
  ],
  timeout: 180_000,
  // A sales channel is looked at every fifteen seconds.
  expect: { timeout: 30_000 },
  // Every file has a world of its own; three side by side keep two cores busy, for much of a test is waiting.
  workers: 3,
  retries: 0,
  outputDir: 'test-results',
  use: {
    launchOptions: { executablePath, args },
    locale: 'en-GB',
    timezoneId: 'Europe/London',
    viewport: { width: 1440, height: 900 },
    // What was done and what the page said; pictures and copies of the page at every step would cost as much as the tests.
    trace: { mode: 'retain-on-failure', screenshots: false, snapshots: false },
  },
})
