// A process that holds an embedded PostgreSQL until it is ended: for tests that end it.
import { startEmbeddedPostgres } from '../../src/platform/embedded-postgres.ts'
import { StartRefused } from '../../src/platform/start-refused.ts'

const dataFolder = process.argv[2] ?? ''
try {
  const postgres = await startEmbeddedPostgres({ dataFolder })
  process.stdout.write(
    `${JSON.stringify({ pid: postgres.pid, ownerConnectionString: postgres.ownerConnectionString })}\n`,
  )
  setInterval(() => {}, 60_000)
} catch (error) {
  process.stdout.write(
    `${JSON.stringify({ refused: error instanceof StartRefused ? error.sentence : String(error) })}\n`,
  )
}
