// One PostgreSQL per test run, with one migrated database that the tests' databases are copied from.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { startEmbeddedPostgres } from '../../src/platform/embedded-postgres.ts'
import { migrate } from '../../src/platform/migrate.ts'

export type Cluster = { ownerConnectionString: string; connectionString: string }

declare module 'vitest' {
  interface ProvidedContext {
    cluster: Cluster
  }
}

export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'fairlead-tests-'))
  const postgres = await startEmbeddedPostgres({ dataFolder: folder, fsync: false, connectionsMax: 100 })
  const tearDown = async () => {
    await postgres.stop()
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await migrate(postgres.ownerConnectionString)
  } catch (error) {
    await tearDown()
    throw error
  }
  const { ownerConnectionString, connectionString } = postgres
  project.provide('cluster', { ownerConnectionString, connectionString })
  return tearDown
}
