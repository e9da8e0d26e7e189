// What was typed after a command: read, or answered with one sentence and how the command is used.
import { parseArgs, type ParseArgsConfig } from 'node:util'

/** Ends the process where help is asked for (0), or where what was typed is not understood (2). */
export function readCommandLine<const Config extends ParseArgsConfig>(usage: string, config: Config) {
  const args = process.argv.slice(2)
  if (args.includes('--help') || args.includes('-h')) {
    console.log(usage)
    process.exit(0)
  }
  try {
    return parseArgs({ ...config, args })
  } catch (error) {
    return refuseCommandLine(usage, sentenceOf(error))
  }
}

export function refuseCommandLine(usage: string, sentence: string): never {
  console.error(`${sentence}\n${usage}`)
  process.exit(2)
}

/** Without the advice about words that begin with a dash, which no command here takes. */
export function sentenceOf(error: unknown): string {
  const [first = ''] = (error instanceof Error ? error.message : String(error)).split(/\.\s|\n/)
  return `${first.replace(/\.$/, '')}.`
}
