// Makes a fresh clone ready: installs the locked packages where they are missing or differ. Runs on any Node from 18 on,
// before the Node of this project (a package of its own) is there, so it is plain JavaScript and imports nothing of ours.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

function installedAsLocked() {
  const hidden = join(root, 'node_modules', '.package-lock.json')
  if (!existsSync(hidden)) return false
  const installed = JSON.parse(readFileSync(hidden, 'utf8')).packages
  const locked = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages
  for (const [path, entry] of Object.entries(locked)) {
    if (path === '' || entry.optional || entry.devOptional || entry.peer) continue
    if (installed[path]?.version !== entry.version) return false
  }
  return Object.entries(installed).every(([path, entry]) => locked[path]?.version === entry.version)
}

function fail(sentence) {
  console.error(sentence)
  process.exit(1)
}

if (Number(process.versions.node.split('.')[0]) < 18) {
  fail(`Fairlead's set-up needs Node 18 or newer; this is ${process.version}. Install a newer Node and try again.`)
}

if (!installedAsLocked()) {
  console.log('Installing packages (once) …')
  const npm = process.env.npm_execpath
  const [command, ...first] = npm ? [process.execPath, npm] : ['npm']
  const install = spawnSync(command, [...first, 'ci', '--no-fund', '--no-audit', '--loglevel=error'], {
    cwd: root,
    stdio: 'inherit',
  })
  if (install.status !== 0)
    fail('The packages could not be installed: see the lines above. Nothing else was changed; run the command again.')
}

if (!existsSync(join(root, 'node_modules', '.bin', 'node')) && Number(process.versions.node.split('.')[0]) < 24) {
  fail(
    `There is no Node 24 package for ${process.platform}-${process.arch} and this Node is ${process.version}. Install Node 24 or newer and try again.`,
  )
}
