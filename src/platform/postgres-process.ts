import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { chownSync, lstatSync, readdirSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { PostgresBinaries } from './postgres-binaries.ts'
import { StartRefused } from './start-refused.ts'

/** How the server is started so that it neither runs as root nor outlives us. */
export type Launcher = {
  /** Owner the server's files must have. */
  uid: number
  gid: number
  wrap(command: string, args: string[]): [string, string[]]
}

const nobody = 65534

export function chooseLauncher(binaries: PostgresBinaries, dataFolder: string): Launcher {
  const uid = process.getuid?.() ?? -1
  const gid = process.getgid?.() ?? -1
  // The signal reaches the server when we die, even by kill -9: a fast, clean shutdown.
  const runs = (words: string[]) => runWords(words, binaries.libraryFolder).ok
  const withUs = runs(['setpriv', '--pdeathsig', 'INT', 'true']) ? ['setpriv', '--pdeathsig', 'INT'] : []
  if (uid !== 0) return { uid, gid, wrap: prefix(withUs) }

  // PostgreSQL refuses to run as root.
  const asNobody = ['setpriv', `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups', '--pdeathsig', 'INT']
  const isReachable = isOpenToOthers(dataFolder) && isOpenToOthers(binaries.postgres)
  if (isReachable && runs([...asNobody, binaries.postgres, '--version'])) {
    return { uid: nobody, gid: nobody, wrap: prefix(asNobody) }
  }
  // Under a private home nobody else may look into the folders: then root itself, under another name.
  const renamed = [...withUs, 'unshare', '--user', '--map-user=1000', '--map-group=1000']
  if (runs([...renamed, binaries.postgres, '--version'])) return { uid, gid, wrap: prefix(renamed) }
  throw new StartRefused(
    `PostgreSQL does not run as root, and no other user can reach ${dataFolder} or ${dirname(binaries.postgres)}. ` +
      'Start the hub as an ordinary user, or put it and its data where others may read, or set DATABASE_URL.',
  )
}

export function spawnServer(
  launcher: Launcher,
  command: string,
  args: string[],
  options: { logDescriptor: number; libraryFolder: string },
): ChildProcess {
  const [file, all] = launcher.wrap(command, args)
  const child = spawn(file, all, {
    // Its own process group: Ctrl+C in the terminal is for the hub, which stops the server when it is done with it.
    detached: true,
    cwd: '/',
    stdio: ['ignore', options.logDescriptor, options.logDescriptor],
    env: serverEnvironment(options.libraryFolder),
  })
  child.unref()
  return child
}

export function runToEnd(
  launcher: Launcher,
  command: string,
  args: string[],
  libraryFolder: string,
): { ok: boolean; output: string } {
  const [file, all] = launcher.wrap(command, args)
  return runWords([file, ...all], libraryFolder)
}

function runWords(words: string[], libraryFolder: string): { ok: boolean; output: string } {
  const [file, all] = first(words)
  const result = spawnSync(file, all, { cwd: '/', encoding: 'utf8', env: serverEnvironment(libraryFolder) })
  return {
    ok: result.status === 0,
    output: `${result.stdout ?? ''}${result.stderr ?? ''}${result.error?.message ?? ''}`,
  }
}

/** Hands a folder to the user the server runs as; also after the hub was started in another way before. */
export function giveTo(launcher: Launcher, folder: string): void {
  const owner = lstatSync(folder)
  if (process.getuid?.() !== 0 || (owner.uid === launcher.uid && owner.gid === launcher.gid)) return
  for (const name of readdirSync(folder)) {
    const path = join(folder, name)
    if (lstatSync(path).isDirectory()) giveTo(launcher, path)
    else chownSync(path, launcher.uid, launcher.gid)
  }
  // The folder itself last: a hand-over cut short is then begun again.
  chownSync(folder, launcher.uid, launcher.gid)
}

/** Nothing of our own environment reaches the server: no settings, no secrets. */
function serverEnvironment(libraryFolder: string): Record<string, string> {
  return {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    LC_ALL: 'C',
    TZ: 'UTC',
    LD_LIBRARY_PATH: libraryFolder,
    DYLD_LIBRARY_PATH: libraryFolder,
  }
}

function isOpenToOthers(path: string): boolean {
  for (let folder = dirname(resolve(path)); ; folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o001) === 0) return false
    if (folder === dirname(folder)) return true
  }
}

function first(words: string[]): [string, string[]] {
  return [words[0] ?? '', words.slice(1)]
}

function prefix(words: string[]): Launcher['wrap'] {
  return (command, args) => first([...words, command, ...args])
}
