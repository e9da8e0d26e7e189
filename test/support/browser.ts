// A Chromium for the browser tests: the machine's own where there is one, else the one inside an npm package.
import { existsSync } from 'node:fs'

const systemPaths = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export type BrowserChoice = { executablePath: string; args: string[] }

export async function findBrowser(): Promise<BrowserChoice> {
  const own = systemPaths.find((path) => existsSync(path))
  if (own) return { executablePath: own, args: quiet }
  // Makes the package unpack the shared libraries a bare machine lacks.
  process.env.AWS_EXECUTION_ENV ??= 'AWS_Lambda_nodejs22.x'
  const { default: chromium } = await import('@sparticuz/chromium')
  const executablePath = await chromium.executablePath()
  return { executablePath, args: [...chromium.args.filter((arg) => arg !== '--single-process'), ...quiet] }
}
