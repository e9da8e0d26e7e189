import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { linkLibraries } from './postgres-binaries.ts'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

/** A package as npm lays it out without running scripts: the libraries, and the list of links that are missing. */
const newPackage = () => {
  const folder = mkdtempSync(join(tmpdir(), 'fairlead-package-'))
  folders.push(folder)
  mkdirSync(join(folder, 'native/lib'), { recursive: true })
  writeFileSync(join(folder, 'native/lib/libx.so.6.18'), 'library')
  writeFileSync(
    join(folder, 'native/pg-symlinks.json'),
    JSON.stringify([
      { source: 'native/lib/libx.so.6.18', target: 'native/lib/libx.so' },
      { source: 'native/lib/libx.so.6.18', target: 'native/lib/libx.so.6' },
    ]),
  )
  return folder
}

test('links missing after an install without scripts are made in the package, once', () => {
  const folder = newPackage()
  for (let start = 0; start < 2; start++) {
    expect(linkLibraries(folder, join(folder, 'data'))).toBe(join(folder, 'native/lib'))
  }
  expect(readFileSync(join(folder, 'native/lib/libx.so.6'), 'utf8')).toBe('library')
  expect(existsSync(join(folder, 'data'))).toBe(false)
})

test('where the package cannot be written they are made beside the data', () => {
  const folder = newPackage()
  // A file in the way refuses root as well, whom a folder without write permission would let in.
  rmSync(join(folder, 'native/lib/libx.so.6.18'))
  rmSync(join(folder, 'native/lib'), { recursive: true })
  writeFileSync(join(folder, 'native/lib'), '')
  chmodSync(join(folder, 'native/lib'), 0o444)
  const data = join(folder, 'data')
  for (let start = 0; start < 2; start++) expect(linkLibraries(folder, data)).toBe(join(data, 'postgres-lib'))
})
