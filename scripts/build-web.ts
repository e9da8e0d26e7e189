// Builds the web app into dist/web. `--if-stale`: only where something it is made of has changed since the last build.
// Prints one line; the fingerprint of the sources lies beside the build in `.hash`.
import { createHash } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { build } from 'vite'

const root = path.resolve(import.meta.dirname, '..')
const sources = ['src/web', 'src/domain', 'src/api/contract.ts', 'vite.config.ts', 'package-lock.json']
const hashFile = path.join(root, 'dist/web/.hash')

/** Builds where needed and says in one line what was done. */
export async function buildWeb(options: { ifStale: boolean }): Promise<string> {
  const wanted = await fingerprint()
  const built = await readFile(hashFile, 'utf8').catch(() => '')
  if (options.ifStale && built === wanted) return 'web app: up to date'
  const started = performance.now()
  await build({ configFile: path.join(root, 'vite.config.ts'), root: path.join(root, 'src/web'), logLevel: 'warn' })
  // Written last: a build that broke off counts as none.
  await writeFile(hashFile, wanted)
  return `web app: built in ${((performance.now() - started) / 1000).toFixed(1)} s`
}

async function fingerprint(): Promise<string> {
  const hash = createHash('sha256').update(process.version)
  for (const source of sources)
    for (const file of await filesOf(path.join(root, source))) {
      if (file.endsWith('.test.ts')) continue
      hash
        .update(path.relative(root, file))
        .update('\0')
        .update(await readFile(file))
        .update('\0')
    }
  return hash.digest('hex')
}

async function filesOf(place: string): Promise<string[]> {
  const entries = await readdir(place, { withFileTypes: true, recursive: true }).catch(() => undefined)
  if (!entries) return [place]
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .toSorted()
}

if (import.meta.main) console.log(await buildWeb({ ifStale: process.argv.includes('--if-stale') }))
