import { pino, type DestinationStream } from 'pino'

/** What is not on this list never reaches the log: ids, counts and words of ours, no contents. */
const fieldNames = [
  'tenantId',
  'accountId',
  'channelId',
  'orderId',
  'listingId',
  'supplierId',
  'importId',
  'effectId',
  'runId',
  'userId',
  'requestId',
  'connector',
  'operation',
  'operationClass',
  'job',
  'kind',
  'state',
  'refusal',
  'reason',
  'role',
  'signal',
  'address',
  'version',
  'method',
  'route',
  'status',
  'attempt',
  'fence',
  'count',
  'rows',
  'bytes',
  'milliseconds',
  'seconds',
  'port',
  'pid',
] as const

export type LogFields = { [Name in (typeof fieldNames)[number]]?: string | number | boolean | null | undefined } & {
  error?: unknown
}

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent'

/** The message is a fixed sentence of ours; everything that varies goes into a field. */
export type Log = {
  [Level in Exclude<LogLevel, 'silent' | 'fatal'>]: (message: string, fields?: LogFields) => void
} & { with(fields: LogFields): Log }

export function createLog(options: { level: LogLevel; destination?: DestinationStream }): Log {
  const base = pino(
    { level: options.level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    options.destination ?? pino.destination(1),
  )
  return logFrom(base, {})
}

export const silentLog: Log = createLog({ level: 'silent' })

function logFrom(base: pino.Logger, bound: LogFields): Log {
  const at = (level: keyof Omit<Log, 'with'>) => (message: string, fields?: LogFields) => {
    base[level](allowed({ ...bound, ...fields }), message)
  }
  return {
    trace: at('trace'),
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    with: (fields) => logFrom(base, { ...bound, ...fields }),
  }
}

const names = new Set<string>(fieldNames)
const textLengthMax = 200

function allowed(fields: LogFields): Record<string, unknown> {
  const entries = Object.entries(fields).flatMap(([name, value]): [string, unknown][] => {
    if (name === 'error') return [['error', describeError(value)]]
    if (!names.has(name) || !isSimple(value)) return []
    return [[name, typeof value === 'string' ? oneLine(value).slice(0, textLengthMax) : value]]
  })
  return Object.fromEntries(entries)
}

function isSimple(value: unknown): value is string | number | boolean | null {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value)
}

/** A line feed in a value must not look like a second entry to whoever reads the log as text. */
function oneLine(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, ' ')
}

/** Messages of errors quote what was sent, stored or refused, so only the places of the code are kept. */
function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { name: typeof error }
  const code =
    'code' in error && typeof error.code === 'string' && /^[A-Za-z0-9_]{1,40}$/.test(error.code)
      ? { code: error.code }
      : {}
  const stack = (error.stack ?? '').split('\n').filter((line) => /^\s+at .*:\d+:\d+\)?$/.test(line))
  return { name: safeName(error.name), ...code, stack: stack.map((line) => line.trim()).slice(0, 20) }
}

function safeName(name: string): string {
  return /^[A-Za-z]{1,60}$/.test(name) ? name : 'Error'
}
