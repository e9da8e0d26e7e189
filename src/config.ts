import { isIP } from 'node:net'
import { isAbsolute, resolve } from 'node:path'
import { StartRefused } from './platform/start-refused.ts'

/** The one place that reads the environment. Everything wrong in it is said at once, in a sentence each. */
export type Config = {
  role: 'all' | 'web' | 'engine'
  host: string
  port: number
  dataFolder: string
  /** Undefined: the embedded PostgreSQL in the data folder. */
  databaseUrl: string | undefined
  /** Undefined: a key file in the data folder. */
  secretKey: string | undefined
  /** Where sellers' browsers reach the hub, without a slash at the end. */
  publicUrl: string
  /** Addresses and ranges of proxies whose word on the caller's address counts. */
  trustedProxies: string[]
  logLevel: LogLevel
  mail: MailConfig | undefined
  /** Addresses that replace a marketplace's own, by connector id: how a sandbox is connected. */
  marketplaceUrls: Record<string, string>
  /** The variables that begin with FAIRLEAD_APP_: our own applications' credentials. Which there are, the connectors know. */
  appSettings: Record<string, string>
  /** Hosts that feeds and webhooks may reach though they are private or without https. */
  allowedPrivateHosts: string[]
}

export type MailConfig = { host: string; port: number; user: string; password: string; from: string }

type LogLevel = (typeof logLevels)[number]
const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const
const roles = ['web', 'engine'] as const
const prefix = 'FAIRLEAD_'
const appPrefix = 'FAIRLEAD_APP_'
const mailNames = [
  'FAIRLEAD_SMTP_HOST',
  'FAIRLEAD_SMTP_PORT',
  'FAIRLEAD_SMTP_USER',
  'FAIRLEAD_SMTP_PASSWORD',
  'FAIRLEAD_SMTP_FROM',
] as const
const ownNames = [
  'FAIRLEAD_SECRET_KEY',
  'FAIRLEAD_PUBLIC_URL',
  'FAIRLEAD_TRUSTED_PROXIES',
  'FAIRLEAD_LOG_LEVEL',
  'FAIRLEAD_MARKETPLACE_URLS',
  'FAIRLEAD_ALLOWED_PRIVATE_HOSTS',
  ...mailNames,
]

export type Environment = Record<string, string | undefined>

/** The environment of this process, for handing to readConfig at the root. */
export const processEnvironment: Environment = process.env

export function readConfig(environment: Environment, args: string[] = []): Config {
  const faults: string[] = []
  const valueOf = (name: string) => environment[name]?.trim() || undefined
  const refuse = (sentence: string) => void faults.push(sentence)

  refuseUnknownNames(environment, refuse)
  const host = valueOf('HOST') ?? '127.0.0.1'
  const port = readPort('PORT', valueOf('PORT') ?? '4400', 0, refuse)
  const config: Config = {
    role: readRole(args, refuse),
    host,
    port,
    dataFolder: readFolder(valueOf('DATA_DIR') ?? './data'),
    databaseUrl: readDatabaseUrl(valueOf('DATABASE_URL'), refuse),
    secretKey: readSecretKey(valueOf('FAIRLEAD_SECRET_KEY'), refuse),
    publicUrl: readPublicUrl(
      valueOf('FAIRLEAD_PUBLIC_URL'),
      `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
      refuse,
    ),
    trustedProxies: readTrustedProxies(valueOf('FAIRLEAD_TRUSTED_PROXIES'), refuse),
    logLevel: readLogLevel(valueOf('FAIRLEAD_LOG_LEVEL') ?? 'info', refuse),
    mail: readMail(valueOf, refuse),
    marketplaceUrls: readMarketplaceUrls(valueOf('FAIRLEAD_MARKETPLACE_URLS'), refuse),
    appSettings: readAppSettings(environment),
    allowedPrivateHosts: readHosts(valueOf('FAIRLEAD_ALLOWED_PRIVATE_HOSTS'), refuse),
  }
  if (config.role !== 'all' && config.databaseUrl === undefined) {
    refuse(`--role ${config.role} needs DATABASE_URL: the embedded PostgreSQL serves one process only.`)
  }
  if (faults.length > 0) throw new StartRefused(faults.join('\n'))
  return config
}

type Refuse = (sentence: string) => void

function refuseUnknownNames(environment: Environment, refuse: Refuse): void {
  for (const name of Object.keys(environment).toSorted()) {
    if (!name.startsWith(prefix) || name.startsWith(appPrefix) || ownNames.includes(name)) continue
    const [nearest] = ownNames.toSorted((a, b) => distance(name, a) - distance(name, b))
    const hint = nearest !== undefined && distance(name, nearest) <= name.length / 3 ? ` Did you mean ${nearest}?` : ''
    refuse(`${name} is not a setting of this hub.${hint}`)
  }
}

function readRole(args: string[], refuse: Refuse): Config['role'] {
  let role: Config['role'] = 'all'
  for (let index = 0; index < args.length; index++) {
    const [name, inline] = (args[index] ?? '').split('=', 2)
    const given = name === '--role' ? (inline ?? args[++index]) : undefined
    const known = roles.find((candidate) => candidate === given)
    if (known) role = known
    else if (name === '--role') refuse(`--role must be ${roles.join(' or ')}, not ${quote(given)}.`)
    else refuse(`${quote(args[index])} is not an option of this command; --role web and --role engine are.`)
  }
  return role
}

function readPort(name: string, text: string, smallest: number, refuse: Refuse): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (port >= smallest && port <= 65_535) return port
  refuse(`${name} must be a port number from ${smallest} to 65535, not ${quote(text)}.`)
  return 0
}

function readFolder(text: string): string {
  return isAbsolute(text) ? text : resolve(text)
}

function readDatabaseUrl(text: string | undefined, refuse: Refuse): string | undefined {
  if (text === undefined) return undefined
  const url = URL.parse(text)
  if (url && ['postgresql:', 'postgres:'].includes(url.protocol) && url.hostname !== '' && url.pathname.length > 1)
    return text
  // It may hold a password, so it is not shown.
  refuse('DATABASE_URL must look like postgresql://user:password@host:5432/database.')
  return undefined
}

function readSecretKey(text: string | undefined, refuse: Refuse): string | undefined {
  if (text === undefined || (/^[A-Za-z0-9+/_-]{43}=?$/.test(text) && Buffer.from(text, 'base64').length === 32))
    return text
  refuse('FAIRLEAD_SECRET_KEY must be 32 random bytes in base64, such as "openssl rand -base64 32" prints.')
  return undefined
}

function readPublicUrl(text: string | undefined, usual: string, refuse: Refuse): string {
  if (text === undefined) return usual
  const url = URL.parse(text)
  const isPlain =
    url && ['http:', 'https:'].includes(url.protocol) && url.username === '' && url.search === '' && url.hash === ''
  if (isPlain) return url.toString().replace(/\/+$/, '')
  refuse(`FAIRLEAD_PUBLIC_URL must be an address such as https://hub.example.com, not ${quote(text)}.`)
  return usual
}

function readTrustedProxies(text: string | undefined, refuse: Refuse): string[] {
  if (text === undefined) return []
  const parts = text.split(',').map((part) => part.trim())
  const wrong = parts.find((part) => !isAddressOrRange(part))
  if (wrong === undefined) return parts
  refuse(
    `FAIRLEAD_TRUSTED_PROXIES must be addresses such as 127.0.0.1 or ranges such as 10.0.0.0/8, several with commas, not ${quote(wrong)}.`,
  )
  return []
}

/** A range of all addresses is none: whoever asks could then claim to be somebody else. */
function isAddressOrRange(text: string): boolean {
  const [address = '', length, ...more] = text.split('/')
  const family = isIP(address)
  if (family === 0 || more.length > 0) return false
  return (
    length === undefined ||
    (/^\d{1,3}$/.test(length) && Number(length) >= 1 && Number(length) <= (family === 4 ? 32 : 128))
  )
}

function readLogLevel(text: string, refuse: Refuse): LogLevel {
  const level = logLevels.find((candidate) => candidate === text)
  if (!level) refuse(`FAIRLEAD_LOG_LEVEL must be one of ${logLevels.join(', ')}, not ${quote(text)}.`)
  return level ?? 'info'
}

/** `reverb=http://127.0.0.1:4501/api`, several with commas. */
function readMarketplaceUrls(text: string | undefined, refuse: Refuse): Record<string, string> {
  if (text === undefined) return {}
  return Object.fromEntries(
    text.split(',').flatMap((part) => {
      const [marketplace = '', ...rest] = part.trim().split('=')
      const url = URL.parse(rest.join('='))
      if (/^[a-z]+$/.test(marketplace) && url && ['http:', 'https:'].includes(url.protocol))
        return [[marketplace, url.toString().replace(/\/+$/, '')]]
      refuse(
        `FAIRLEAD_MARKETPLACE_URLS must look like reverb=http://127.0.0.1:4501/api, several with commas, not ${quote(part)}.`,
      )
      return []
    }),
  )
}

/** `nas.local,10.0.0.5:8080,[::1]`. */
function readHosts(text: string | undefined, refuse: Refuse): string[] {
  if (text === undefined) return []
  return text.split(',').flatMap((part) => {
    const host = part.trim()
    const url = URL.parse(`http://${host}`)
    const isPlain = /^[\w.:[\]-]+$/.test(host)
    if (isPlain && url?.host.replace(/:\d+$/, '') === host.toLowerCase().replace(/:\d+$/, ''))
      return [host.toLowerCase()]
    refuse(
      `FAIRLEAD_ALLOWED_PRIVATE_HOSTS must be hosts such as nas.local or 10.0.0.5:8080, several with commas, not ${quote(part)}.`,
    )
    return []
  })
}

function readAppSettings(environment: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) =>
      name.startsWith(appPrefix) && value?.trim() ? [[name, value.trim()]] : [],
    ),
  )
}

/** All or none: half a mail setting would be noticed only when a mail is needed. */
function readMail(valueOf: (name: string) => string | undefined, refuse: Refuse): MailConfig | undefined {
  const missing = mailNames.filter((name) => valueOf(name) === undefined)
  if (missing.length === mailNames.length) return undefined
  if (missing.length > 0) {
    refuse(
      `Mail is half set up: ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing. Set all five FAIRLEAD_SMTP_ settings or none.`,
    )
    return undefined
  }
  const [host = '', port = '', user = '', password = '', from = ''] = mailNames.map((name) => valueOf(name))
  if (!/^[^\s@]+@[^\s@]+$|<[^\s@]+@[^\s@]+>$/.test(from))
    refuse(`FAIRLEAD_SMTP_FROM must be a mail address, not ${quote(from)}.`)
  return { host, port: readPort('FAIRLEAD_SMTP_PORT', port, 1, refuse), user, password, from }
}

function quote(text: string | undefined): string {
  return text === undefined ? 'nothing' : `"${text.slice(0, 60)}"`
}

/** How many letters differ (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
