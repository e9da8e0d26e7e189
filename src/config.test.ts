import { expect, test } from 'vitest'
import { readConfig, type Environment } from './config.ts'
import { StartRefused } from './platform/start-refused.ts'

const mail = {
  FAIRLEAD_SMTP_HOST: 'mail.example.com',
  FAIRLEAD_SMTP_PORT: '587',
  FAIRLEAD_SMTP_USER: 'hub',
  FAIRLEAD_SMTP_PASSWORD: 'canary-password',
  FAIRLEAD_SMTP_FROM: 'Hub <hub@example.com>',
}

const sentences = (environment: Environment, args: string[] = []) => {
  try {
    readConfig(environment, args)
  } catch (error) {
    if (error instanceof StartRefused) return error.sentence.split('\n')
    throw error
  }
  return []
}

test('with nothing set the hub listens on this machine only and keeps its data beside it', () => {
  const config = readConfig({ PATH: '/bin', HOME: '/' })
  expect(config).toMatchObject({
    role: 'all',
    host: '127.0.0.1',
    port: 4400,
    publicUrl: 'http://127.0.0.1:4400',
    logLevel: 'info',
  })
  expect(config.dataFolder).toBe(`${process.cwd()}/data`)
  expect(config).toMatchObject({ databaseUrl: undefined, secretKey: undefined, mail: undefined })
})

test('what is set is taken, blank counts as not set', () => {
  const key = Buffer.alloc(32, 7).toString('base64')
  const config = readConfig(
    {
      ...mail,
      PORT: '0',
      HOST: '0.0.0.0',
      DATA_DIR: '/srv/hub',
      DATABASE_URL: 'postgresql://u:p@db:5432/hub?sslmode=require',
      FAIRLEAD_SECRET_KEY: key,
      FAIRLEAD_PUBLIC_URL: 'https://hub.example.com/shop/',
      FAIRLEAD_LOG_LEVEL: '  ',
    },
    ['--role', 'engine'],
  )
  expect(config).toMatchObject({
    role: 'engine',
    port: 0,
    host: '0.0.0.0',
    dataFolder: '/srv/hub',
    secretKey: key,
    logLevel: 'info',
  })
  expect(config.publicUrl).toBe('https://hub.example.com/shop')
  expect(config.mail).toEqual({
    host: 'mail.example.com',
    port: 587,
    user: 'hub',
    password: 'canary-password',
    from: 'Hub <hub@example.com>',
  })
  expect(readConfig({ DATABASE_URL: 'postgres://u@db/hub' }, ['--role=web']).role).toBe('web')
})

test('all that is wrong is said at once, in one sentence each', () => {
  const refused = sentences(
    {
      PORT: '70000',
      DATABASE_URL: 'mysql://u:canary@db/hub',
      FAIRLEAD_SECRET_KEY: 'canary',
      FAIRLEAD_PUBLIC_URL: 'hub',
      FAIRLEAD_LOG_LEVEL: 'loud',
    },
    ['--rôle'],
  )
  expect(refused).toEqual([
    'PORT must be a port number from 0 to 65535, not "70000".',
    '"--rôle" is not an option of this command; --role web and --role engine are.',
    'DATABASE_URL must look like postgresql://user:password@host:5432/database.',
    'FAIRLEAD_SECRET_KEY must be 32 random bytes in base64, such as "openssl rand -base64 32" prints.',
    'FAIRLEAD_PUBLIC_URL must be an address such as https://hub.example.com, not "hub".',
    'FAIRLEAD_LOG_LEVEL must be one of trace, debug, info, warn, error, silent, not "loud".',
  ])
  expect(refused.join()).not.toContain('canary')
})

test.each(['', '44oo', '-1', '1e3', '65536', '0x10'].filter((text) => text !== ''))(
  'the port %s is refused',
  (text) => {
    expect(sentences({ PORT: text })).toHaveLength(1)
  },
)

test('an unknown name with our prefix is refused, with the nearest known one; other names are nobody’s business', () => {
  expect(sentences({ FAIRLEAD_SECRETKEY: 'x', FAIRLEAD_COLOUR_OF_THE_SKY: 'blue', FAIR_PRICE: '1' })).toEqual([
    'FAIRLEAD_COLOUR_OF_THE_SKY is not a setting of this hub.',
    'FAIRLEAD_SECRETKEY is not a setting of this hub. Did you mean FAIRLEAD_SECRET_KEY?',
  ])
})

test('half a mail setting is refused with what is missing', () => {
  const { FAIRLEAD_SMTP_PASSWORD: _, ...rest } = mail
  expect(sentences(rest)).toEqual([
    'Mail is half set up: FAIRLEAD_SMTP_PASSWORD is missing. Set all five FAIRLEAD_SMTP_ settings or none.',
  ])
  expect(sentences({ ...mail, FAIRLEAD_SMTP_FROM: 'hub' })).toHaveLength(1)
  expect(sentences({ ...mail, FAIRLEAD_SMTP_PORT: '0' })).toHaveLength(1)
})

test('web and engine apart need a database of their own, and a role is one of the two', () => {
  expect(sentences({}, ['--role', 'web'])).toEqual([
    '--role web needs DATABASE_URL: the embedded PostgreSQL serves one process only.',
  ])
  expect(sentences({}, ['--role', 'both'])).toEqual(['--role must be web or engine, not "both".'])
  expect(sentences({}, ['--role'])).toEqual(['--role must be web or engine, not nothing.'])
})

test('marketplace addresses are read one by one, and a wrong one is named', () => {
  const config = readConfig({ FAIRLEAD_MARKETPLACE_URLS: 'reverb=http://127.0.0.1:4501/api/, wish=https://x.test' })
  expect(config.marketplaceUrls).toEqual({ reverb: 'http://127.0.0.1:4501/api', wish: 'https://x.test' })
  expect(readConfig({}).marketplaceUrls).toEqual({})
  expect(() => readConfig({ FAIRLEAD_MARKETPLACE_URLS: 'reverb' })).toThrow(/must look like reverb=http/)
})

test('hosts of the operator’s own network are named one by one', () => {
  const config = readConfig({ FAIRLEAD_ALLOWED_PRIVATE_HOSTS: 'NAS.local, 10.0.0.5:8080,[::1]:8443' })
  expect(config.allowedPrivateHosts).toEqual(['nas.local', '10.0.0.5:8080', '[::1]:8443'])
  expect(readConfig({}).allowedPrivateHosts).toEqual([])
  for (const wrong of ['http://nas.local', '10.0.0.0/8', '*', 'a b', 'user@host'])
    expect(() => readConfig({ FAIRLEAD_ALLOWED_PRIVATE_HOSTS: wrong })).toThrow(/must be hosts such as nas.local/)
})

test('proxies are trusted by address or range; anything else is named and refused', () => {
  const config = readConfig({ FAIRLEAD_TRUSTED_PROXIES: '127.0.0.1, 10.0.0.0/8,::1,fd00::/8' })
  expect(config.trustedProxies).toEqual(['127.0.0.1', '10.0.0.0/8', '::1', 'fd00::/8'])
  expect(readConfig({}).trustedProxies).toEqual([])
  const wrong = ['1', 'proxy.example.com', '10.0.0.0/33', '10.0.0.0/0', '::1/129', '10.0.0.1,', '10.0.0.0/8/8', 'yes']
  for (const text of wrong) {
    const [sentence, ...others] = sentences({ FAIRLEAD_TRUSTED_PROXIES: text })
    expect([text, sentence]).toEqual([text, expect.stringMatching(/must be addresses such as 127\.0\.0\.1 or ranges/)])
    expect(others).toEqual([])
  }
})

test('credentials of our own applications are taken by name; which there are, the connectors know', () => {
  const { appSettings } = readConfig({ FAIRLEAD_APP_AMAZON_CLIENT_ID: ' abc ', FAIRLEAD_APP_WISH_CLIENT_ID: ' ' })
  expect(appSettings).toEqual({ FAIRLEAD_APP_AMAZON_CLIENT_ID: 'abc' })
})
