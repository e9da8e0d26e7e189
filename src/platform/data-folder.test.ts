import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeDataFolder } from './data-folder.ts'

test('a data folder is made with the folders above it, and made twice is harmless', () => {
  const root = mkdtempSync(join(tmpdir(), 'fairlead-folder-'))
  makeDataFolder(join(root, 'a/b/c'))
  makeDataFolder(join(root, 'a/b/c'))
  expect(existsSync(join(root, 'a/b/c'))).toBe(true)
  rmSync(root, { recursive: true })
})

test('a folder that cannot be made is refused with a sentence, not waited for', () => {
  const root = mkdtempSync(join(tmpdir(), 'fairlead-folder-'))
  writeFileSync(join(root, 'file'), '')
  expect(() => makeDataFolder(join(root, 'file/below'))).toThrow(/cannot be made \(ENOTDIR\).*DATA_DIR/)
  if (existsSync('/proc/1')) expect(() => makeDataFolder('/proc/1/nope')).toThrow(/cannot be made/)
  rmSync(root, { recursive: true })
})
