// Every test: unit, store, conformance and simulation by Vitest, then the browser ones by Playwright. What failed is told
// again at the end, for between it and there stand thousands of lines; the last line counts.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, resolve as resolvePath } from 'node:path'

type Outcome = { passed: number; failed: number; skipped: number; failures: Failure[] }
type Failure = { test: string; message: string }

const folder = mkdtempSync(join(tmpdir(), 'fairlead-test-'))
/** The tests start programs by the hundred; with what Node made of their sources kept, each starts three times as fast. */
const compileCache = resolvePath('node_modules/.cache/node')

function run(program: string, args: string[], environment: Record<string, string> = {}): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(join('node_modules', '.bin', program), args, {
      stdio: 'inherit',
      env: { ...process.env, NODE_COMPILE_CACHE: compileCache, ...environment },
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

type VitestReport = {
  numPassedTests: number
  numFailedTests: number
  numPendingTests: number
  numFailedTestSuites: number
  testResults: {
    name: string
    status: string
    message: string
    assertionResults: { status: string; fullName: string; failureMessages: string[] }[]
  }[]
}

async function runVitest(): Promise<Outcome> {
  const output = join(folder, 'vitest.json')
  const code = await run('vitest', ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${output}`])
  const report = readReport<VitestReport>(output)
  if (!report) return noReport('Vitest')
  // A file that does not load has no failing test of its own, yet it failed.
  const failed = report.numFailedTests || (code === 0 ? 0 : Math.max(1, report.numFailedTestSuites))
  const failures = failuresOfVitest(report)
  return { passed: report.numPassedTests, failed, skipped: report.numPendingTests, failures }
}

function failuresOfVitest({ testResults }: VitestReport): Failure[] {
  return testResults
    .filter((file) => file.status === 'failed')
    .flatMap((file) => {
      const path = relative(process.cwd(), file.name)
      const tests = file.assertionResults.filter((result) => result.status === 'failed')
      if (tests.length === 0) return [{ test: path, message: file.message }]
      return tests.map((result) => ({
        test: `${path} › ${result.fullName}`,
        message: result.failureMessages.join('\n'),
      }))
    })
}

type Suite = { suites?: Suite[]; specs?: Spec[] }
type Spec = {
  title: string
  file: string
  line: number
  ok: boolean
  tests: { results: { errors: { message?: string }[] }[] }[]
}
type PlaywrightReport = Suite & { stats: { expected: number; unexpected: number; flaky: number; skipped: number } }

async function runBrowserTests(): Promise<Outcome> {
  const output = join(folder, 'playwright.json')
  const built = await run('node', ['scripts/build-web.ts', '--if-stale'])
  if (built !== 0) return noReport('The build of the pages')
  const code = await run('playwright', ['test', '--reporter=list,json'], { PLAYWRIGHT_JSON_OUTPUT_FILE: output })
  const report = readReport<PlaywrightReport>(output)
  if (!report) return noReport('Playwright')
  const { expected, unexpected, flaky, skipped } = report.stats
  const failed = unexpected + flaky || (code === 0 ? 0 : 1)
  return { passed: expected, failed, skipped, failures: failuresOfSuite(report) }
}

function failuresOfSuite({ suites = [], specs = [] }: Suite): Failure[] {
  const own = specs
    .filter((spec) => !spec.ok)
    .map(({ file, line, title, tests }) => ({
      test: `${file}:${line} › ${title}`,
      message: tests
        .flatMap(({ results }) => results.flatMap(({ errors }) => errors.map(({ message }) => message ?? '')))
        .join('\n'),
    }))
  return [...own, ...suites.flatMap(failuresOfSuite)]
}

function noReport(what: string): Outcome {
  return { passed: 0, failed: 1, skipped: 0, failures: [{ test: what, message: 'It ended without a report.' }] }
}

const messageLinesMax = 30

const all = [await runVitest(), await runBrowserTests()]
rmSync(folder, { recursive: true, force: true })
const sum = (key: 'passed' | 'failed' | 'skipped') => all.reduce((total, counts) => total + counts[key], 0)
for (const { test, message } of all.flatMap((outcome) => outcome.failures)) {
  console.log(`FAILED ${test}\n${message.split('\n').slice(0, messageLinesMax).join('\n')}\n`)
}
if (sum('failed') > all.flatMap((outcome) => outcome.failures).length)
  console.log('Something failed outside of a test: look above.\n')
const skipped = sum('skipped') > 0 ? `, ${sum('skipped')} skipped` : ''
process.exitCode = sum('failed') === 0 && sum('passed') > 0 ? 0 : 1
console.log(`${sum('passed')} passed, ${sum('failed')} failed${skipped}`)
