import { expect, test } from 'vitest'
import { HttpFailure } from './http.ts'
import { createLog, type LogFields } from './log.ts'

const canary = 'canary-4711'

const recorded = (write: (log: ReturnType<typeof createLog>) => void) => {
  const lines: string[] = []
  write(createLog({ level: 'trace', destination: { write: (line: string) => void lines.push(line) } }))
  return { text: lines.join(''), entries: lines.map((line) => JSON.parse(line) as Record<string, unknown>) }
}

test('named fields with simple values are logged, bound ones with every line', () => {
  const { entries } = recorded((log) =>
    log.with({ tenantId: 't', operation: 'orders' }).warn('A pull failed.', { status: 503, attempt: 2 }),
  )
  expect(entries).toEqual([
    {
      level: 40,
      time: expect.any(String) as string,
      tenantId: 't',
      operation: 'orders',
      status: 503,
      attempt: 2,
      msg: 'A pull failed.',
    },
  ])
})

test('X2: no name that is not listed, no object and no contents of an error reach the log, at any level', () => {
  class StrangeError extends Error {
    override name = `Strange ${canary}`
    code = `code ${canary}`
    response = { body: canary, headers: { authorization: canary } }
  }
  const error = new StrangeError(`${canary}\n    at ${canary}`, { cause: new Error(canary) })
  const fields = {
    token: canary,
    password: canary,
    email: canary,
    body: canary,
    status: { nested: canary },
    reason: [canary],
    error,
  } as unknown as LogFields
  const { text, entries } = recorded((log) => {
    for (const level of ['trace', 'debug', 'info', 'warn', 'error'] as const) {
      log[level]('Something happened.', fields)
      log.with(fields)[level]('Something happened.')
      log[level]('Something happened.', { error: canary })
      log[level]('Something happened.', { error: { message: canary } })
      log[level]('Something happened.', { error: new HttpFailure('reset', true) })
    }
  })
  expect(entries).toHaveLength(25)
  expect(text).not.toContain(canary)
  expect(entries.some((entry) => JSON.stringify(entry).includes('log.test.ts'))).toBe(true)
})

test('X7: a value cannot pass for a second entry, nor fill the disk', () => {
  const { entries } = recorded((log) =>
    log.info('A request.', { route: `/a\n{"level":60}\u001b[2J${'x'.repeat(10_000)}` }),
  )
  expect(entries).toHaveLength(1)
  expect(String(entries[0]?.['route'])).toMatch(/^\/a \{"level":60\} \[2Jx+$/)
  expect(String(entries[0]?.['route']).length).toBe(200)
})
