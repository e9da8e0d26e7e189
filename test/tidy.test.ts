// The shape of the repository: who may import whom, where the outside world is reached, how large a file may grow.
// Each rule fails with what to do instead. The table is the one of docs/architecture.md.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { expect, test } from 'vitest'

const sourceFiles = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  encoding: 'utf8',
})
  .split('\n')
  .filter((path) => /\.(ts|tsx|mts)$/.test(path) && existsSync(path))
const isTest = (path: string) => /\.(test|e2e)\.tsx?$/.test(path)

type Place = { name: string; is(path: string): boolean; may(target: string, from: string): boolean; instead: string }

const inside = (folder: string) => (path: string) => path.startsWith(`${folder}/`)
const store = (path: string) => /\.(store|command)\.ts$/.test(path)
const connectorFolder = (path: string) => /^src\/connectors\/([^/]+)\//.exec(path)?.[1]

const places: Place[] = [
  {
    name: 'plain domain rules',
    is: (path) => inside('src/domain')(path) && !store(path),
    may: (target) => inside('src/domain')(target) && !store(target),
    instead: 'Move what needs the database into a .store.ts or .command.ts file; plain rules import only plain rules.',
  },
  {
    name: 'domain stores and commands',
    is: (path) => inside('src/domain')(path) && store(path),
    may: (target) => inside('src/domain')(target) || inside('src/platform')(target),
    instead: 'A store or command knows tables and rules; work for outside is enqueued and done by the engine.',
  },
  {
    name: 'a marketplace folder',
    is: (path) => connectorFolder(path) !== undefined,
    may: (target, from) =>
      connectorFolder(target) === connectorFolder(from) ||
      target === 'src/connectors/connector.ts' ||
      target === 'src/connectors/reading.ts' ||
      (inside('src/domain')(target) && !store(target)),
    instead: 'A connector is handed all it touches; share through connector.ts, never through another marketplace.',
  },
  {
    name: 'connectors',
    is: (path) => inside('src/connectors')(path) && connectorFolder(path) === undefined,
    may: (target) => inside('src/connectors')(target) || (inside('src/domain')(target) && !store(target)),
    instead: 'Connectors stand on plain domain rules only.',
  },
  {
    name: 'engine',
    is: inside('src/engine'),
    may: (target) =>
      ['src/engine', 'src/domain', 'src/connectors', 'src/platform'].some((folder) => inside(folder)(target)),
    instead: 'The engine stands on connectors, domain and platform; it knows nothing of HTTP routes or screens.',
  },
  {
    name: 'api',
    is: inside('src/api'),
    may: (target) =>
      ['src/api', 'src/engine', 'src/domain', 'src/connectors', 'src/platform'].some((folder) =>
        inside(folder)(target),
      ) || target === 'src/config.ts',
    instead: 'A route is a list of guards and one call into the domain.',
  },
  {
    name: 'web',
    is: inside('src/web'),
    may: (target) =>
      inside('src/web')(target) || (inside('src/domain')(target) && !store(target)) || target === 'src/api/contract.ts',
    instead: 'The web app sees plain domain rules and the API contract, nothing that lives on the server.',
  },
  {
    name: 'platform',
    is: inside('src/platform'),
    may: (target) => inside('src/platform')(target),
    instead: 'The platform knows nothing of the business; hand in what it needs.',
  },
  {
    name: 'sandboxes',
    is: inside('sandboxes'),
    may: (target) => inside('sandboxes')(target),
    instead: 'A sandbox never imports the hub: two readers of one published spec must not share a mistake.',
  },
]

function importsOf(path: string): string[] {
  const text = readFileSync(path, 'utf8')
  const found = text.matchAll(
    /(?:^|\n)\s*(?:import|export)\b[^'"\n;]*?(?:\n[^'"]*?)?from\s+'(\.[^']+)'|import\(\s*'(\.[^']+)'\s*\)|(?:^|\n)import\s+'(\.[^']+)'/g,
  )
  return [...found].map((match) => normalize(join(dirname(path), match[1] ?? match[2] ?? match[3] ?? '')))
}

test('every file imports only from where its place may', () => {
  const wrong: string[] = []
  for (const path of sourceFiles.filter((file) => !isTest(file))) {
    const place = places.find((candidate) => candidate.is(path))
    if (!place) continue
    for (const target of importsOf(path)) {
      if (!place.may(target, path)) wrong.push(`${path} (${place.name}) imports ${target}. ${place.instead}`)
    }
  }
  expect(wrong).toEqual([])
})

const bans: { pattern: RegExp; homes: string[]; instead: string }[] = [
  {
    pattern: /\bDate\.now\(|\bnew Date\(\)/,
    homes: ['src/platform/clock.ts', 'sandboxes/kit/serve.ts', 'sandboxes/cli.ts', 'src/web/'],
    instead: 'Take the time from the clock that was handed in.',
  },
  {
    pattern: /\bMath\.random\(/,
    homes: ['src/platform/random.ts'],
    instead: 'Take chance from the random source that was handed in.',
  },
  { pattern: /(?<![.\w])fetch\(/, homes: ['src/web/'], instead: 'Call outside through the http port.' },
  {
    pattern: /\bprocess\.env\b/,
    homes: ['src/config.ts'],
    instead: 'Read the environment in config.ts and hand the value in.',
  },
  {
    pattern: /(?<![.\w])set(?:Timeout|Interval|Immediate)\(/,
    homes: ['src/platform/', 'sandboxes/kit/serve.ts', 'src/web/'],
    instead: 'Wait through the clock that was handed in.',
  },
  {
    pattern: /\b(?:it|test|describe)\.(?:only|todo)\(/,
    homes: [],
    instead: 'Run all tests; finish or delete the one put off.',
  },
  { pattern: /FIX(?:ME)/, homes: [], instead: 'Mend it or open an issue.' },
]

test('the outside world is reached only through its one home', () => {
  const wrong: string[] = []
  for (const path of sourceFiles) {
    const free = path.startsWith('scripts/') || path.startsWith('test/') || isTest(path)
    const lines = readFileSync(path, 'utf8').split('\n')
    for (const ban of bans) {
      if (ban.homes.some((home) => path.startsWith(home)) || (free && ban.homes.length > 0)) continue
      lines.forEach((line, index) => {
        if (ban.pattern.test(line.replace(/^\s*(\/\/|\*).*$/, '')))
          wrong.push(`${path}:${index + 1} ${line.trim()} — ${ban.instead}`)
      })
    }
  }
  expect(wrong).toEqual([])
})

test('SQL takes its time and chance from the hub', () => {
  const wrong = sourceFiles
    .filter((path) => path.startsWith('src/') && !isTest(path) && !path.startsWith('src/web/'))
    .flatMap((path) =>
      readFileSync(path, 'utf8')
        .split('\n')
        .map((line, index) => ({ line, where: `${path}:${index + 1}` }))
        .filter(
          ({ line }) =>
            /(?<![\w.])(?:now\(\)|clock_timestamp\(\)|current_timestamp\b|gen_random_uuid\(\))/i.test(line) &&
            !/clock\.now\(\)|world\.now\(\)|^\s*(?:\/\/|\*|(?:get )?now\(\))/.test(line),
        )
        .map(({ line, where }) => `${where} ${line.trim()} — use app_now() and ids made in the app`),
    )
  expect(wrong).toEqual([])
})

test('a marketplace is named by its folders and two registries, and by nothing else that runs', () => {
  const ids = [...new Set(sourceFiles.flatMap((path) => connectorFolder(path) ?? []))]
  const named = new RegExp(`'(${ids.join('|')})'|/(${ids.join('|')})/`)
  const registries = ['src/connectors/index.ts', 'sandboxes/cli.ts']
  const isHomeOrTest = (path: string) =>
    ids.some((id) => inside(`src/connectors/${id}`)(path) || inside(`sandboxes/${id}`)(path)) ||
    // What the tests of connectors stand on.
    /^src\/connectors\/(scripted|conformance)-/.test(path) ||
    isTest(path)
  const wrong = sourceFiles
    .filter((path) => inside('src')(path) || inside('sandboxes')(path))
    .filter((path) => !isHomeOrTest(path) && !registries.includes(path))
    .filter((path) => named.test(codeOf(path)))
    .map((path) => `${path} names a marketplace: let its connector or its sandbox say what is needed`)
  expect(ids.length).toBeGreaterThan(3)
  expect(wrong).toEqual([])
})

/** Without what only people read. */
function codeOf(path: string): string {
  return readFileSync(path, 'utf8').replace(/\/\*[^]*?\*\/|\/\/ .*/g, '')
}

test('files stay small enough to read: 400 lines, tables and tests aside', () => {
  const tables = new Set(['src/api/contract.ts', 'src/platform/database-types.ts'])
  const long = sourceFiles
    .filter((path) => !isTest(path) && !tables.has(path) && !/^src\/web\/texts[\w-]*\.ts$/.test(path))
    .map((path) => ({ path, lines: readFileSync(path, 'utf8').split('\n').length }))
    .filter(({ lines }) => lines > 400)
    .map(({ path, lines }) => `${path} has ${lines} lines: split it where it does two things`)
  expect(long).toEqual([])
})

test('a clean install finds every package the lock file counts on', () => {
  type Entry = { version?: string; resolved?: string; optionalDependencies?: Record<string, string> }
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, Entry> }
  const names = new Set(Object.keys(packages).map((path) => path.replace(/^.*node_modules\//, '')))
  const missing = Object.entries(packages).flatMap(([path, entry]) =>
    Object.keys(entry.optionalDependencies ?? {})
      .filter((name) => path !== '' && !names.has(name))
      .map(
        (name) =>
          `${path} wants ${name}, which has no entry: npm ci will refuse; choose a version that has all platforms`,
      ),
  )
  expect(missing).toEqual([])
  expect(Object.entries(packages).filter(([, entry]) => entry.resolved?.startsWith('http'))).toEqual([])
})

test('the folders named in the architecture page exist', () => {
  const page = readFileSync('docs/architecture.md', 'utf8')
  const named = [...page.matchAll(/^\| `((?:src|sandboxes|test|scripts)[\w/.-]*)`/gm)].map((match) => match[1] ?? '')
  expect(named.length).toBeGreaterThan(8)
  expect(named.filter((path) => !existsSync(path))).toEqual([])
})
