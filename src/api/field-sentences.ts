import { z } from 'zod'
import { badFields, type Refused } from './refusals.ts'

type Issue = z.core.$ZodRawIssue

export type Parsed<Schema extends z.ZodType> = { value: z.output<Schema> } | { error: Refused }

/** Reads what came in; what cannot be used is said at its field, in plain words. */
export function parse<Schema extends z.ZodType>(schema: Schema, input: unknown): Parsed<Schema> {
  const result = schema.safeParse(input, { error: sentenceOf })
  if (result.success) return { value: result.data }
  const fields: Record<string, string> = {}
  for (const issue of result.error.issues.slice(0, fieldsMax)) fields[issue.path.join('.') || 'body'] ??= issue.message
  return { error: badFields(fields) }
}

const fieldsMax = 20

/** One issue as a sentence. Called by zod for each. */
export function sentenceOf(issue: Issue): string {
  if (issue.code !== 'custom' && issue.input === undefined) return 'This is needed.'
  switch (issue.code) {
    case 'invalid_type':
      return `This must be ${kinds[String(issue.expected)] ?? `of the kind ${String(issue.expected)}`}.`
    case 'too_small':
      return tooSmall(String(issue.origin), Number(issue.minimum))
    case 'too_big':
      return tooBig(String(issue.origin), Number(issue.maximum))
    case 'invalid_format':
      return formats[String(issue.format)] ?? 'This is not in the form expected.'
    case 'invalid_value':
      return `This must be ${oneOf((issue.values as unknown[]).map(String))}.`
    case 'unrecognized_keys':
      return `Not known here: ${(issue.keys as string[]).slice(0, 5).join(', ')}.`
    case 'custom':
      return issue.message ?? 'This cannot be used.'
    default:
      return 'This cannot be used.'
  }
}

const kinds: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'yes or no',
  array: 'a list',
  object: 'a group of fields',
  record: 'a group of fields',
  date: 'a date',
}

const formats: Record<string, string> = {
  uuid: 'This is not an id.',
  email: 'This is not an e-mail address.',
  datetime: 'This must be a time like 2026-01-31T09:30:00Z.',
  date: 'This must be a date like 2026-01-31.',
}

function tooSmall(origin: string, minimum: number): string {
  if (origin === 'string') return minimum === 1 ? 'This must not be empty.' : `At least ${minimum} characters, please.`
  if (origin === 'array' || origin === 'set')
    return minimum === 1 ? 'Choose at least one.' : `At least ${minimum}, please.`
  return `This must be ${minimum.toLocaleString('en-GB')} or more.`
}

function tooBig(origin: string, maximum: number): string {
  if (origin === 'string') return `At most ${maximum.toLocaleString('en-GB')} characters, please.`
  if (origin === 'array' || origin === 'set') return `At most ${maximum.toLocaleString('en-GB')} in one go.`
  return `This must be ${maximum.toLocaleString('en-GB')} or less.`
}

function oneOf(values: string[]): string {
  return values.length === 1 ? `“${values[0]}”` : `one of ${values.join(', ')}`
}
