// The whole catalogue, by a bulk job: the list of products knows no SKU, price or stock (W9), so Wish writes files of full
// products. A pull asks for the job, looks whether it is ready, and reads the files as they stream.
import { RefusedError } from '../connector.ts'
import type { Call, ChannelListing, HttpRequest, Page, PullFrom } from '../connector.ts'
import { asCount, asInstant, asText, pathPart } from '../reading.ts'
import { textsIn } from './orders.ts'
import type { WishAccount } from './account.ts'
import { askForObject } from './ask.ts'
import { parseCursor } from './cursor.ts'
import { elementsOf } from './json-array.ts'
import { readProduct } from './products.ts'
import type { ReadProduct } from './products.ts'

const jobsPath = '/api/v3/products/bulk_get'
const partSize = 1000
/** Looked at after 2, 4, 8 … seconds, and every minute from then on. */
const lookSecondsMax = 60
/** A job that fails is asked for again, this often in all. */
const triesMax = 3
/** A job not ready by then, or files this old, are given up: the catalogue has changed since. */
const jobHoursMax = 12

type Job = { id: string; startedAt: Date; looks: number; tries: number }
type Part = Pick<ReadProduct, 'items' | 'unreadable'>

export async function pullListings(call: Call<WishAccount>, from: PullFrom): Promise<Page<ChannelListing>> {
  const job = from.cursor === null ? undefined : jobIn(from.cursor)
  if (!job) return startJob(call, 1)
  const isTooOld = call.now.getTime() - job.startedAt.getTime() > jobHoursMax * 3_600_000
  const found = isTooOld ? undefined : await lookAt(call, job)
  const status = asText(found?.['status']) ?? ''
  if (found && status === 'READY') return readyPage(call, found, job)
  if (found && status !== 'EXCEPTION') {
    return { ...pageOf({ ...job, looks: job.looks + 1 }), waitSeconds: secondsToLook(job.looks) }
  }
  if (job.tries < triesMax) return startJob(call, job.tries + 1)
  const reason = 'Wish could not write out the catalogue. It is asked for again with the next download'
  return { items: [], unreadable: [{ reference: null, reason, raw: found ?? null }], cursor: '{}', more: false }
}

// Asking twice makes two jobs and changes nothing else, so a lost answer is simply asked for again.
async function startJob(call: Call<WishAccount>, tries: number): Promise<Page<ChannelListing>> {
  const request: HttpRequest = { method: 'POST', url: jobsPath, safe: true }
  const id = asText((await askForObject(call, request, 'a job'))['id'])
  if (id === null) throw new RefusedError({ kind: 'wait', seconds: 60, reason: 'Wish does not name the job it began' })
  const job: Job = { id, startedAt: call.now, looks: 1, tries }
  return { ...pageOf(job), waitSeconds: secondsToLook(0) }
}

/** Undefined where Wish no longer knows the job. */
async function lookAt(call: Call<WishAccount>, job: Job) {
  try {
    return await askForObject(call, { method: 'GET', url: `${jobsPath}/${pathPart(job.id)}` }, 'the job')
  } catch (error) {
    if (error instanceof RefusedError && error.refusal.kind === 'gone') return undefined
    throw error
  }
}

function readyPage(call: Call<WishAccount>, found: Record<string, unknown>, job: Job): Page<ChannelListing> {
  const files = textsIn(found['file_urls'])
  // A merchant without products has no files; one with products and no files is one whose files are still to come.
  if (files.length === 0 && asCount(found['total_count']) !== 0) {
    return { ...pageOf({ ...job, looks: job.looks + 1 }), waitSeconds: secondsToLook(job.looks) }
  }
  return { items: [], unreadable: [], cursor: '{}', more: false, parts: partsOf(call, files) }
}

async function* partsOf(call: Call<WishAccount>, files: string[]): AsyncGenerator<Part> {
  let part: Part = { items: [], unreadable: [] }
  for (const url of files) {
    // The link carries its right in itself, and the host that keeps the file is not Wish's API.
    const bytes = await call.stream({ method: 'GET', url, presigned: true, answer: 'any' })
    for await (const { value, text } of elementsOf(bytes)) {
      const read = readProduct(value ?? text, call.site)
      part.items.push(...read.items)
      part.unreadable.push(...read.unreadable)
      if (part.items.length + part.unreadable.length < partSize) continue
      yield part
      part = { items: [], unreadable: [] }
    }
  }
  yield part
}

function pageOf(job: Job): Page<ChannelListing> {
  return { items: [], unreadable: [], cursor: JSON.stringify(job), more: true }
}

function secondsToLook(looks: number): number {
  return Math.min(lookSecondsMax, 2 ** (looks + 1))
}

/** Undefined between two downloads. */
function jobIn(text: string): Job | undefined {
  const cursor = parseCursor(text)
  const id = asText(cursor['id'])
  const startedAt = asInstant(cursor['startedAt'])
  if (id === null || !startedAt) return undefined
  return { id, startedAt, looks: asCount(cursor['looks']) ?? 0, tries: asCount(cursor['tries']) ?? 1 }
}
