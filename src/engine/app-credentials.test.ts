import { afterAll, beforeAll, expect, test } from 'vitest'
import { openLantern } from '../../test/support/lantern.ts'
import { connectors } from '../connectors/index.ts'
import { StartRefused } from '../platform/start-refused.ts'
import { readAppCredentials } from './app-credentials.ts'

beforeAll(() => void openLantern())
afterAll(() => void delete connectors['lantern'])

const whole = { FAIRLEAD_APP_LANTERN_CLIENT_ID: 'id', FAIRLEAD_APP_LANTERN_CLIENT_SECRET: 'canary-secret' }

const sentences = (settings: Record<string, string>) => {
  try {
    readAppCredentials(settings)
  } catch (error) {
    if (error instanceof StartRefused) return error.sentence.split('\n')
    throw error
  }
  return []
}

test('each variable is one credential of one marketplace', () => {
  expect(readAppCredentials({})).toEqual({})
  expect(readAppCredentials(whole)).toEqual({ lantern: { clientId: 'id', clientSecret: 'canary-secret' } })
  expect(readAppCredentials({ ...whole, FAIRLEAD_APP_LANTERN_VERSION: 'beta' })['lantern']).toMatchObject({
    version: 'beta',
  })
})

test('half an application is refused at the start, and what is missing is named', () => {
  expect(sentences({ FAIRLEAD_APP_LANTERN_CLIENT_SECRET: 'canary-secret' })).toEqual([
    'The application at Lantern is half set up: FAIRLEAD_APP_LANTERN_CLIENT_ID is missing.',
  ])
})

test('an unknown marketplace or credential is refused, and no secret is shown', () => {
  const told = sentences({
    ...whole,
    FAIRLEAD_APP_NOWHERE_CLIENT_ID: 'canary-secret',
    FAIRLEAD_APP_LANTERN_PASSWORD: 'canary-secret',
    FAIRLEAD_APP_REVERB_CLIENT_ID: 'canary-secret',
  })
  expect(told).toEqual([
    'FAIRLEAD_APP_NOWHERE_CLIENT_ID names no marketplace this hub knows an application for.',
    'FAIRLEAD_APP_LANTERN_PASSWORD is no setting of the application at Lantern. Its settings are FAIRLEAD_APP_LANTERN_CLIENT_ID, FAIRLEAD_APP_LANTERN_CLIENT_SECRET, FAIRLEAD_APP_LANTERN_VERSION.',
    'FAIRLEAD_APP_REVERB_CLIENT_ID is not needed: Reverb takes no application of this hub.',
  ])
  expect(told.join()).not.toContain('canary')
})
