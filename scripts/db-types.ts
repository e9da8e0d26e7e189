// Writes src/platform/database-types.ts from a freshly migrated database; `--check` only compares.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spawnSync } from 'node:child_process'
import { startEmbeddedPostgres } from '../src/platform/embedded-postgres.ts'
import { migrate } from '../src/platform/migrate.ts'

const target = join(import.meta.dirname, '../src/platform/database-types.ts')
const bin = join(import.meta.dirname, '../node_modules/.bin')

const generated = await generate()
if (process.argv.includes('--check')) {
  if (generated !== (await readFile(target, 'utf8').catch(() => ''))) {
    console.error('src/platform/database-types.ts does not fit the migrations. Run: node scripts/db-types.ts')
    process.exit(1)
  }
} else {
  await writeFile(target, generated)
}

async function generate(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'fairlead-types-'))
  const postgres = await startEmbeddedPostgres({ dataFolder: folder, fsync: false })
  try {
    await migrate(postgres.ownerConnectionString)
    const raw = join(folder, 'database-types.ts')
    run('kysely-codegen', [
      '--dialect',
      'postgres',
      '--url',
      postgres.ownerConnectionString,
      '--out-file',
      raw,
      '--log-level',
      'error',
      '--exclude-pattern',
      '{queue,migrations}.*',
      '--type-mapping',
      JSON.stringify({ int8: 'number' }),
    ])
    const text = (await readFile(raw, 'utf8')).replace(/^\/\*\*[\s\S]*?\*\/\n/, '')
    await writeFile(raw, `// Written by scripts/db-types.ts from the migrations. Do not edit.\n${text}`)
    run('oxfmt', ['--config', join(import.meta.dirname, '../.oxfmtrc.json'), raw])
    return await readFile(raw, 'utf8')
  } finally {
    await postgres.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

function run(command: string, args: string[]): void {
  const result = spawnSync(join(bin, command), args, { stdio: 'inherit', cwd: '/' })
  if (result.status !== 0) throw new Error(`${command} failed.`)
}
