import { existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { StartRefused } from './start-refused.ts'

/** Makes the folder and those above it, one by one: Node's own recursion never ends where a folder cannot be made, as under /proc. */
export function makeDataFolder(folder: string): void {
  if (existsSync(folder)) return
  if (dirname(folder) !== folder) makeDataFolder(dirname(folder))
  try {
    mkdirSync(folder, { mode: 0o700 })
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    if (reason === 'EEXIST') return
    throw new StartRefused(
      `The data folder ${folder} cannot be made (${reason}). Set DATA_DIR to a folder this user may write to.`,
    )
  }
}
