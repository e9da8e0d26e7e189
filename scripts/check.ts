// The quick checks, under a minute: types, lint, format, dead code, shape. Runs all, says which failed.
import { spawnSync } from 'node:child_process'

const checks: { name: string; command: string[] }[] = [
  // By its path: the older compiler, which others need, brings a command of the same name.
  { name: 'types', command: ['node', 'node_modules/typescript/bin/tsc', '-p', '.'] },
  { name: 'lint', command: ['oxlint', '--type-aware', '--deny-warnings', '.'] },
  { name: 'format', command: ['oxfmt', '--check', '.'] },
  { name: 'dead code', command: ['knip', '--no-progress'] },
  { name: 'database types', command: ['node', 'scripts/db-types.ts', '--check'] },
  { name: 'shape', command: ['vitest', 'run', '--config', 'vitest.shape.config.ts', '--reporter=dot'] },
]

const failed: string[] = []
for (const { name, command } of checks) {
  const started = performance.now()
  const [program = '', ...args] = command
  const run = spawnSync(`node_modules/.bin/${program}`, args, { encoding: 'utf8', env: { ...process.env, CI: '1' } })
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  if (run.status === 0) {
    console.log(`ok    ${name} (${seconds} s)`)
    continue
  }
  failed.push(name)
  console.log(`FAIL  ${name} (${seconds} s)\n${run.stdout ?? ''}${run.stderr ?? ''}${run.error?.message ?? ''}`)
}
console.log(failed.length === 0 ? 'All checks passed.' : `Failed: ${failed.join(', ')}.`)
process.exitCode = failed.length === 0 ? 0 : 1
