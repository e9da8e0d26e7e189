import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

type Ended = { code: number | string | null | undefined; out: string; errors: string }

function run(command: string, ...args: string[]): Promise<Ended> {
  const file = fileURLToPath(new URL(command, import.meta.url))
  return new Promise((resolve) => {
    execFile(process.execPath, [file, ...args], (error, out, errors) =>
      resolve({ code: error === null ? 0 : error.code, out, errors }),
    )
  })
}

const commands: [command: string, wrong: string[], sentence: RegExp][] = [
  ['simulate.ts', ['--seed', 'seven'], /^--seed is a whole number from 1\.$/],
  ['bench.ts', ['no-such-benchmark'], /^There is no benchmark "no-such-benchmark"/],
  ['demo.ts', ['--catalogue'], /^Option '--catalogue <value>' argument missing\.$/],
  ['connector.ts', ['reverb', 'nothing'], /^“nothing” is no operation\./],
  ['../sandboxes/cli.ts', ['reverb', '--port', 'nine'], /^--port must be a number/],
]

test.each(commands)('%s answers wrong arguments with a sentence, its usage and 2', async (command, wrong, sentence) => {
  const { code, out, errors } = await run(command, ...wrong)
  expect({ code, out }).toEqual({ code: 2, out: '' })
  expect(errors.split('\n')[0]).toMatch(sentence)
  expect(errors.split('\n')[1]).toMatch(/^Usage: /)
})

// The other scripts read their arguments by the same function as this one.
test.each(['connector.ts', '../sandboxes/cli.ts'])(
  '%s answers --help with its usage and 0, and an option it does not know with a sentence',
  async (command) => {
    const [help, unknown] = await Promise.all([run(command, '--help'), run(command, '--colour')])
    expect(help).toMatchObject({ code: 0, out: expect.stringMatching(/^Usage: /) as string, errors: '' })
    expect(unknown).toMatchObject({ code: 2, out: '' })
    expect(unknown.errors.split('\n')[0]).toBe("Unknown option '--colour'.")
  },
)
