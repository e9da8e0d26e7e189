// A hub with sandboxes of its own for browser tests of connecting: each marketplace is a process of its own, and what the
// operator would set is set in the environment.
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { setUp, type HubClient } from '../../scripts/demo/hub-client.ts'
import { readConfig } from '../../src/config.ts'
import { startSandbox, type RunningSandbox } from '../../src/connectors/conformance-sandbox.ts'
import type { Connector } from '../../src/connectors/connector.ts'
import { connectorOf } from '../../src/connectors/index.ts'
import { appVariable } from '../../src/engine/app-credentials.ts'
import { createHub, type Hub } from '../../src/hub.ts'
import { systemHttp } from '../../src/platform/http.ts'
import { silentLog } from '../../src/platform/log.ts'

export type ConsentWorld<Marketplace extends string = string> = {
  origin: string
  hub: Hub
  client: HubClient
  sandboxes: Record<Marketplace, RunningSandbox>
  /** Signs the owner in, if need be, and opens a page of the hub. */
  open(page: Page, path: string): Promise<void>
  signIn(page: Page): Promise<void>
  /** Makes every consent that waits too old. */
  letConsentsExpire(): Promise<void>
  stop(): Promise<void>
}

export const consentOwner = { name: 'Test owner', email: 'owner@fairlead.example', password: 'mooring-line-tests' }
export const consentBusiness = 'Lantern Bay Trading'

export async function startConsentWorld<Marketplace extends string>(
  marketplaces: Marketplace[],
): Promise<ConsentWorld<Marketplace>> {
  const http = systemHttp()
  const started = await Promise.all(
    marketplaces.map(
      async (marketplace) => [marketplace, await startSandbox(connectorNamed(marketplace), http)] as const,
    ),
  )
  const sandboxes = Object.fromEntries(started) as Record<Marketplace, RunningSandbox>
  const port = await freePort()
  const origin = `http://127.0.0.1:${port}`
  for (const [marketplace, sandbox] of started) {
    await sandbox.control('our-address', { redirectUri: `${origin}/connect/${marketplace}` })
  }
  const folder = await mkdtemp(join(tmpdir(), 'fairlead-consent-'))
  const config = readConfig({
    PORT: String(port),
    DATA_DIR: folder,
    FAIRLEAD_MARKETPLACE_URLS: started.map(([marketplace, { baseUrl }]) => `${marketplace}=${baseUrl}`).join(','),
    ...Object.fromEntries(started.flatMap(([marketplace, { app }]) => settingsOf(marketplace, app))),
  })
  const hub = await createHub(config, {
    log: silentLog,
    fsync: false,
    checkAnswers: true,
    requestsPerMinute: 100_000,
    signInTriesPerMinute: 100_000,
  })
  const client = await setUp(origin, hub.setupToken ?? '', { name: consentBusiness, currency: 'GBP' }, consentOwner)
  const signIn = async (page: Page) => {
    const { email, password } = consentOwner
    await page.request.post(`${origin}/auth/sign-in/email`, { data: { email, password }, headers: { origin } })
  }
  return {
    origin,
    hub,
    client,
    sandboxes,
    signIn,
    async open(page, path) {
      if (!(await page.context().cookies(origin)).some(({ name }) => name === 'sid')) await signIn(page)
      await page.goto(origin + path)
    },
    async letConsentsExpire() {
      const { business } = await client.get<{ business: { id: string } }>('/api/me')
      await hub.parts.db.tenant(business.id).transaction((tx) =>
        tx
          .updateTable('consents')
          .set({ expires_at: new Date(0) })
          .execute(),
      )
    },
    async stop() {
      await hub.stop()
      for (const [, sandbox] of started) await sandbox.stop()
      await http.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** What the operator sets, from what the sandbox says of its application. */
function settingsOf(marketplace: string, app: Record<string, string>): [string, string][] {
  const connector = connectorNamed(marketplace)
  return Object.entries(app).map(([field, value]) => [appVariable(connector, field), value])
}

function connectorNamed(marketplace: string): Connector {
  const connector = connectorOf(marketplace)
  if (!connector) throw new Error(`There is no connector ${marketplace}.`)
  return connector
}

/** The redirect address has the port in it, so it must be known before the hub listens. */
async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const { port } = probe.address() as AddressInfo
  await new Promise((resolve) => probe.close(resolve))
  return port
}
