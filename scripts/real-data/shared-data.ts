// Other people's data lies outside the project and is never copied into it.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const folder = join(process.env.FAIRLEAD_SHARED ?? join(import.meta.dirname, '../../../shared'), 'data')

/** The file's bytes, or undefined where the folder is not; then a line is printed that says what was left out. */
export function sharedData(name: string): Buffer | undefined {
  const path = join(folder, name)
  if (existsSync(path)) return readFileSync(path)
  console.log(`Not here, so its tests are left out: ${path} (FAIRLEAD_SHARED names another folder)`)
  return undefined
}
