// The listings grid in a real browser: how long after the click its first rows stand, how evenly it scrolls while the wheel
// turns, whether a row was ever missing on screen, and what memory its tab takes after that. The same wheel over a plain
// table in the same browser says what the machine itself can do.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Browser, type Page } from '@playwright/test'
import { readConfig } from '../../src/config.ts'
import { createHub, type Hub } from '../../src/hub.ts'
import { silentLog } from '../../src/platform/log.ts'
import { findBrowser } from '../../test/support/browser.ts'
import { buildWeb } from '../build-web.ts'
import { setUp } from '../demo/hub-client.ts'
import { percentile, round, type BenchWorld } from './world.ts'

type GridScroll = { figures: Record<string, number>; limits: Record<string, number>; notes: string[] }

const viewport = { width: 1440, height: 900 }
const wheelSeconds = 10
const clicksMeasured = 5
/** Nobody clicks the moment a page stands. */
const lookMs = 1000
const wheelEveryMs = 50
/** Some twenty notches a second, as one looks through a list; and a flick that passes a whole screen every 75 ms. */
const turnPx = 120
const flickPx = 600
const person = { name: 'Who measures', email: 'bench@fairlead.example', password: 'mooring-line-bench' }
const megabyte = 1_048_576

/** Goals: first rows at most 1,000 ms after the click, frames p95 at most 33 ms, memory at most 300 MB, no row missing. */
export async function measureGridInBrowser(world: BenchWorld, tenantId: string): Promise<GridScroll> {
  await buildWeb({ ifStale: true })
  const folder = await mkdtemp(join(tmpdir(), 'fairlead-bench-hub-'))
  const hub = await startHub(world, folder)
  try {
    const origin = hub.address ?? ''
    await setUp(origin, hub.setupToken ?? '', { name: 'A seller', currency: 'GBP' }, person)
    await world.owner.query('update auth.members set tenant_id = $1', [tenantId])
    return await withBrowser((browser) => measureTab(browser, origin))
  } finally {
    await hub.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

function startHub({ owner }: BenchWorld, folder: string): Promise<Hub> {
  const { user = '', password = '', host, port, database = '' } = owner
  const url = `postgresql://${user}:${encodeURIComponent(password)}@${host}:${port}/${database}`
  const config = readConfig({ PORT: '0', DATA_DIR: folder, DATABASE_URL: url }, ['--role', 'web'])
  return createHub(config, { log: silentLog, requestsPerMinute: 1_000_000, signInTriesPerMinute: 1_000 })
}

async function withBrowser<Result>(work: (browser: Browser) => Promise<Result>): Promise<Result> {
  const { executablePath, args } = await findBrowser()
  const browser = await chromium.launch({ executablePath, args })
  try {
    return await work(browser)
  } finally {
    await browser.close()
  }
}

async function measureTab(browser: Browser, origin: string): Promise<GridScroll> {
  const plain = await scrollPlainTable(browser, turnPx)
  const plainFlick = await scrollPlainTable(browser, flickPx)
  // Each in a tab that knows nothing yet; the very first meets a hub that was started a moment ago as well.
  const cold = await openTab(browser, origin)
  await cold.page.close()
  const clicks: number[] = []
  for (let click = 1; click < clicksMeasured; click++) {
    const tab = await openTab(browser, origin)
    clicks.push(tab.firstRowsMs)
    await tab.page.close()
  }
  const { page, firstRowsMs } = await openTab(browser, origin)
  clicks.push(firstRowsMs)
  const turned = await turnWheel(page, '[role="treegrid"]', turnPx)
  const flicked = await turnWheel(page, '[role="treegrid"]', flickPx)
  return {
    figures: {
      firstRowsMs: Math.round(percentile(clicks, 0.5)),
      firstRowsMostMs: Math.round(Math.max(...clicks)),
      firstRowsFreshHubMs: Math.round(cold.firstRowsMs),
      ...frameFigures(turned.frames, flicked.frames),
      framesWithRowsMissing: turned.missing + flicked.missing,
      rowsScrolled: await lastRow(page),
      tabHeapMb: Math.round(await heapOf(page)),
      ...(await tabMemory(browser)),
    },
    limits: frameFigures(plain, plainFlick),
    notes: [
      `A browser at ${viewport.width} × ${viewport.height}, ${turnPx} px of wheel every ${wheelEveryMs} ms for ${wheelSeconds} s, then ${flickPx} px (flick); frames come in steps of the screen's 16.7 ms. The limit is the same over a plain table of as many cells.`,
      `Goals: first rows within 1,000 ms of the click, frames p95 at most 33 ms, the tab at most 300 MB, no row missing. Load of the machine: ${round(loadavg()[0] ?? 0)}.`,
    ],
  }
}

/** The app itself is there before the click that is measured. */
async function openTab(browser: Browser, origin: string): Promise<{ page: Page; firstRowsMs: number }> {
  const page = await browser.newPage({ viewport })
  await page.request.post(`${origin}/auth/sign-in/email`, { data: person, headers: { origin } })
  await page.goto(`${origin}/listings`)
  return { page, firstRowsMs: await openGrid(page) }
}

function frameFigures(turned: number[], flicked: number[]): Record<string, number> {
  return {
    frameP50Ms: round(percentile(turned, 0.5)),
    frameP95Ms: round(percentile(turned, 0.95)),
    frameMaxMs: round(Math.max(...turned)),
    flickFrameP50Ms: round(percentile(flicked, 0.5)),
    flickFrameP95Ms: round(percentile(flicked, 0.95)),
    flickFrameMaxMs: round(Math.max(...flicked)),
  }
}

/** As many cells in sight as the grid has, all there from the start, and no script. */
async function scrollPlainTable(browser: Browser, wheelPx: number): Promise<number[]> {
  const page = await browser.newPage({ viewport })
  const row = `<tr>${'<td>Plain words</td>'.repeat(14)}</tr>`
  await page.setContent(`<style>body{margin:0;font:13px sans-serif}#plain{height:900px;overflow:auto}tr{height:44px}</style>
    <div id="plain"><table width="1400">${row.repeat(3500)}</table></div>`)
  const { frames } = await turnWheel(page, '#plain', wheelPx)
  await page.close()
  return frames
}

async function openGrid(page: Page): Promise<number> {
  const link = page.getByRole('link', { name: /^Listings of / }).first()
  await link.waitFor()
  await page.waitForTimeout(lookMs)
  await page.evaluate(() => {
    const seen = window as unknown as { firstRowsMs?: number }
    document.addEventListener(
      'click',
      () => {
        const clicked = performance.now()
        const look = () => {
          const isThere = document.querySelector('[role="treegrid"] [data-index="0"]')
          if (isThere) seen.firstRowsMs = performance.now() - clicked
          else requestAnimationFrame(look)
        }
        requestAnimationFrame(look)
      },
      { once: true, capture: true },
    )
  })
  await link.click()
  const measured = await page.waitForFunction(() => (window as unknown as { firstRowsMs?: number }).firstRowsMs)
  return (await measured.jsonValue()) ?? 0
}

type Watching = { watched?: { frames: number[]; missing: number; stop: boolean } }

/** As a person turns the wheel: steps at an even pace, and every frame between them is timed and looked at. */
async function turnWheel(
  page: Page,
  scroller: string,
  wheelPx: number,
): Promise<{ frames: number[]; missing: number }> {
  await page.mouse.move(viewport.width / 2, viewport.height / 2)
  await page.evaluate((selector) => {
    const place = document.querySelector(selector)
    const seen = { frames: [] as number[], missing: 0, stop: false }
    ;(window as unknown as Watching).watched = seen
    const isRowAt = (x: number, y: number) =>
      document.elementFromPoint(x, y)?.closest('[data-index], tr') instanceof Element
    let last: number | undefined
    const frame = (now: number) => {
      if (last !== undefined) seen.frames.push(now - last)
      last = now
      if (place) {
        const { left, top, bottom } = place.getBoundingClientRect()
        if (!isRowAt(left + 300, top + 80) || !isRowAt(left + 300, bottom - 10)) seen.missing++
      }
      if (!seen.stop) requestAnimationFrame(frame)
    }
    requestAnimationFrame(frame)
  }, scroller)
  const started = performance.now()
  for (let turn = 0; performance.now() - started < wheelSeconds * 1000; turn++) {
    await page.mouse.wheel(0, wheelPx)
    const next = started + turn * wheelEveryMs
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, next - performance.now())))
  }
  return page.evaluate(() => {
    const seen = (window as unknown as Watching).watched ?? { frames: [], missing: 0, stop: true }
    seen.stop = true
    return { frames: seen.frames, missing: seen.missing }
  })
}

async function lastRow(page: Page): Promise<number> {
  const indexes = await page
    .locator('[role="treegrid"] [data-index]')
    .evaluateAll((rows) => rows.map((row) => Number(row.getAttribute('data-index'))))
  return Math.max(0, ...indexes) + 1
}

async function heapOf(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page)
  await session.send('HeapProfiler.collectGarbage')
  await session.send('Performance.enable')
  const { metrics } = await session.send('Performance.getMetrics')
  return (metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? 0) / megabyte
}

/** What the tab's process has to itself, where the system tells it. */
async function tabMemory(browser: Browser): Promise<{ tabMb?: number }> {
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  const sizes = await Promise.all(
    processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => proportionalMb(id)),
  )
  const most = Math.max(0, ...sizes)
  return most > 0 ? { tabMb: Math.round(most) } : {}
}

async function proportionalMb(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '')
  return Number(/^Pss:\s+(\d+) kB/m.exec(text)?.[1] ?? 0) / 1024
}
