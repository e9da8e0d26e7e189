// The shape tests alone: they read files only and need no database.
import { defineConfig } from 'vitest/config'

export default defineConfig({ test: { include: ['test/tidy.test.ts'] } })
