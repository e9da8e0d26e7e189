// Every test, one line at the end: unit, store, conformance and simulation by Vitest, then the browser ones by Playwright.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

type Counts = { passed: number; failed: number; skipped: number }

const folder = mkdtempSync(join(tmpdir(), 'fairlead-test-'))

function run(program: string, args: string[], environment: Record<string, string> = {}): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(join('node_modules', '.bin', program), args, {
      stdio: 'inherit',
      env: { ...process.env, ...environment },
    })
    child.once('exit', (code) => resolve(code ?? 1))
    child.once('error', () => resolve(1))
  })
}

function readReport<Report>(path: string): Report | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Report
  } catch {
    return undefined
  }
}

async function runVitest(): Promise<Counts> {
  const output = join(folder, 'vitest.json')
  const code = await run('vitest', ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${output}`])
  const report = readReport<{
    numPassedTests: number
    numFailedTests: number
    numPendingTests: number
    numFailedTestSuites: number
  }>(output)
  if (!report) return { passed: 0, failed: 1, skipped: 0 }
  // A file that does not load has no failing test of its own, yet it failed.
  const failed = report.numFailedTests || (code === 0 ? 0 : Math.max(1, report.numFailedTestSuites))
  return { passed: report.numPassedTests, failed, skipped: report.numPendingTests }
}

async function runBrowserTests(): Promise<Counts> {
  const output = join(folder, 'playwright.json')
  const built = await run('node', ['scripts/build-web.ts', '--if-stale'])
  if (built !== 0) return { passed: 0, failed: 1, skipped: 0 }
  const code = await run('playwright', ['test', '--reporter=list,json'], { PLAYWRIGHT_JSON_OUTPUT_FILE: output })
  const report = readReport<{ stats: { expected: number; unexpected: number; flaky: number; skipped: number } }>(output)
  if (!report) return { passed: 0, failed: 1, skipped: 0 }
  const failed = report.stats.unexpected + report.stats.flaky
  return { passed: report.stats.expected, failed: failed || (code === 0 ? 0 : 1), skipped: report.stats.skipped }
}

const all = [await runVitest(), await runBrowserTests()]
rmSync(folder, { recursive: true, force: true })
const sum = (key: keyof Counts) => all.reduce((total, counts) => total + counts[key], 0)
const skipped = sum('skipped') > 0 ? `, ${sum('skipped')} skipped` : ''
process.exitCode = sum('failed') === 0 && sum('passed') > 0 ? 0 : 1
console.log(`${sum('passed')} passed, ${sum('failed')} failed${skipped}`)
