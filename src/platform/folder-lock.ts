import { spawnSync } from 'node:child_process'
import { closeSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { makeDataFolder } from './data-folder.ts'
import { StartRefused } from './start-refused.ts'

// Two hubs on one data folder would fight over one database server, so the folder carries our own lock.
// The kernel holds it (flock), so it goes away with the process that took it, however that process ends.
export type FolderLock = { release(): void }

export function lockFolder(folder: string): FolderLock {
  const file = join(folder, 'hub.lock')
  const descriptor = openLockFile(folder, file)
  const holder = readHolder(file)
  const outcome = takeKernelLock(descriptor)
  const isTaken = outcome === 'busy' || (outcome === 'unavailable' && holder !== undefined && isAlive(holder))
  if (isTaken) {
    closeSync(descriptor)
    throw new StartRefused(
      `Another hub (process ${holder ?? 'unknown'}) is already running on the data folder ${folder}. ` +
        'Stop it first, or start this one with another DATA_DIR.',
    )
  }
  ftruncateSync(descriptor)
  writeSync(descriptor, `${process.pid}\n`, 0)
  return {
    release() {
      ftruncateSync(descriptor)
      closeSync(descriptor)
    },
  }
}

function openLockFile(folder: string, file: string): number {
  makeDataFolder(folder)
  try {
    return openSync(file, 'a+', 0o600)
  } catch (error) {
    throw new StartRefused(
      `The data folder ${folder} cannot be written (${codeOf(error)}). Give this user the right to write there, or set DATA_DIR.`,
      error,
    )
  }
}

/** The lock belongs to the open file, which flock(1) only borrows from us, so it stays when flock(1) is gone. */
function takeKernelLock(descriptor: number): 'taken' | 'busy' | 'unavailable' {
  const result = spawnSync('flock', ['--nonblock', '--exclusive', '3'], {
    stdio: ['ignore', 'ignore', 'ignore', descriptor],
  })
  if (result.status === 0) return 'taken'
  return result.status === 1 ? 'busy' : 'unavailable'
}

function readHolder(file: string): number | undefined {
  const holder = Number.parseInt(readFileSync(file, 'utf8'), 10)
  return Number.isSafeInteger(holder) && holder > 0 ? holder : undefined
}

export function isAlive(pid: number): boolean {
  if (pid === process.pid) return true
  try {
    process.kill(pid, 0)
    return !isZombie(pid)
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}

/** Ended, but nobody has asked how: usual where process 1 is no real init, as in containers. */
function isZombie(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.startsWith('Z') ?? false
  } catch {
    return false
  }
}

export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error)
}
