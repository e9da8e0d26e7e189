import { defineConfig } from 'vitest/config'
import { LongestFirst } from './test/support/longest-first.ts'

// Only what hangs meets them: a busy machine takes several times as long as a quiet one.
const patience = { testTimeout: 120_000, hookTimeout: 120_000 }
const setupFiles = ['test/support/fixed-seed.ts']

export default defineConfig({
  test: {
    globalSetup: ['test/support/global-setup.ts'],
    // One more than the cores of a small machine: what waits for processes or deadlines leaves its core to others.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    projects: [
      // A worker goes from file to file: they keep nothing outside their own tests, and loading the hub anew for each costs
      // a fifth of their time.
      { test: { name: 'src', include: ['src/**/*.test.ts'], isolate: false, setupFiles, ...patience } },
      { test: { name: 'whole', include: ['{sandboxes,scripts,test}/**/*.test.ts'], setupFiles, ...patience } },
    ],
  },
})
