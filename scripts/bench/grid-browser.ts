// The listings grid in a real browser: how long after the click its first rows stand, how evenly it scrolls, and what memory
// its tab takes after much scrolling. Asked of a hub that runs, by somebody who may sign in there.
import { chromium, type Page } from '@playwright/test'
import { findBrowser } from '../../test/support/browser.ts'
import { percentile, round } from './world.ts'

type Shop = { origin: string; email: string; password: string; channelName: string }

const scrollSeconds = 8
const wheelPx = 600
const wheelEveryMs = 50
const megabyte = 1_048_576

/** Goals: first rows at most 1,000 ms, frames p95 at most 33 ms, memory at most 300 MB. */
export async function measureGridInBrowser(shop: Shop): Promise<Record<string, number>> {
  const { executablePath, args } = await findBrowser()
  const browser = await chromium.launch({ executablePath, args })
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
    await signIn(page, shop)
    const firstRowsMs = await openGrid(page, shop)
    const { frames, rows } = await scrollDown(page)
    return {
      firstRowsMs: Math.round(firstRowsMs),
      frameP95Ms: round(percentile(frames, 0.95)),
      frameWorstMs: round(Math.max(...frames)),
      rowsScrolled: rows,
      tabHeapMb: Math.round(await heapOf(page)),
    }
  } finally {
    await browser.close()
  }
}

async function signIn(page: Page, { origin, email, password }: Shop): Promise<void> {
  await page.request.post(`${origin}/auth/sign-in/email`, { data: { email, password }, headers: { origin } })
  // The app itself is there before the click that is measured.
  await page.goto(`${origin}/listings`)
}

async function openGrid(page: Page, { channelName }: Shop): Promise<number> {
  const link = page.getByRole('link', { name: `Listings of ${channelName}` })
  await link.waitFor()
  await page.evaluate(() => {
    const seen = window as unknown as { firstRowsMs?: number }
    document.addEventListener(
      'click',
      () => {
        const clicked = performance.now()
        const look = () => {
          if (document.querySelector('[role="treegrid"] [data-index="0"]'))
            seen.firstRowsMs = performance.now() - clicked
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

/** As a person turns the wheel: steps at an even pace, and every frame between them is timed. */
async function scrollDown(page: Page): Promise<{ frames: number[]; rows: number }> {
  return page.evaluate(
    ({ seconds, px, everyMs }) =>
      new Promise<{ frames: number[]; rows: number }>((resolve) => {
        const grid = document.querySelector('[role="treegrid"]')
        const frames: number[] = []
        const started = performance.now()
        let last = started
        const wheel = setInterval(() => grid?.scrollBy({ top: px }), everyMs)
        const frame = (now: number) => {
          frames.push(now - last)
          last = now
          if (now - started < seconds * 1000) requestAnimationFrame(frame)
          else {
            clearInterval(wheel)
            const drawn = [...(grid?.querySelectorAll('[data-index]') ?? [])]
            const rows = Math.max(0, ...drawn.map((row) => Number(row.getAttribute('data-index')) + 1))
            resolve({ frames: frames.slice(1), rows })
          }
        }
        requestAnimationFrame(frame)
      }),
    { seconds: scrollSeconds, px: wheelPx, everyMs: wheelEveryMs },
  )
}

async function heapOf(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page)
  await session.send('HeapProfiler.collectGarbage')
  await session.send('Performance.enable')
  const { metrics } = await session.send('Performance.getMetrics')
  return (metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? 0) / megabyte
}
