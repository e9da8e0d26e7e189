// Feeds: a file is uploaded, queued, worked on, and its result is a file again.
import { RefusedError } from '../connector.ts'
import type { Call } from '../connector.ts'
import { asText, objectIn, pathPart } from '../reading.ts'
import type { AmazonAccount } from './account.ts'
import { textOfDocument } from './documents.ts'
import { ask, requestOf } from './request.ts'

export type Feed = { feedType: string; contentType: string; content: string }

export type FeedState =
  | { kind: 'working' }
  /** Withdrawn before it was begun: nothing of it took effect. */
  | { kind: 'cancelled' }
  /** Worked on. Broken: given up in the middle, so some of it may have taken effect. */
  | { kind: 'over'; isBroken: boolean; report: string | null }

/** The feed's id. Nothing takes effect before the last step, so only its lost answer is unclear. */
export async function submitFeed(call: Call<AmazonAccount>, { feedType, contentType, content }: Feed): Promise<string> {
  const opened = await ask(call, 'createFeedDocument', {
    method: 'POST',
    url: '/feeds/2021-06-30/documents',
    body: { contentType },
    safe: true,
  })
  const document = objectIn(opened, 'a place for the file')
  const [feedDocumentId, url] = [document['feedDocumentId'], document['url']].map(asText)
  if (!feedDocumentId || !url) {
    throw new RefusedError({ kind: 'wait', seconds: 60, reason: 'Amazon gave no place for the file' })
  }
  // The link is signed for exactly this content type, and for no access token.
  await call.send({
    method: 'PUT',
    url,
    presigned: true,
    bytes: { contentType, content: new TextEncoder().encode(content) },
    answer: 'any',
    safe: true,
  })
  const created = await ask(call, 'createFeed', {
    method: 'POST',
    url: '/feeds/2021-06-30/feeds',
    body: { feedType, marketplaceIds: [call.site.id], inputFeedDocumentId: feedDocumentId },
  })
  const feedId = asText(objectIn(created, 'the feed')['feedId'])
  if (feedId === null) throw new RefusedError({ kind: 'unclear', reason: 'Amazon took the file without giving its id' })
  return feedId
}

export async function readFeed(call: Call<AmazonAccount>, feedId: string): Promise<FeedState> {
  const answer = await ask(call, 'getFeed', { method: 'GET', url: `/feeds/2021-06-30/feeds/${pathPart(feedId)}` })
  const feed = objectIn(answer, 'the feed')
  const status = asText(feed['processingStatus'])
  if (status === 'CANCELLED') return { kind: 'cancelled' }
  if (status !== 'DONE' && status !== 'FATAL') return { kind: 'working' }
  const documentId = asText(feed['resultFeedDocumentId'])
  const report = documentId === null ? null : await readResult(call, documentId)
  return { kind: 'over', isBroken: status === 'FATAL', report }
}

/** Only what still waits in the queue can be taken back. The answer has no body. */
export async function cancelFeed(call: Call<AmazonAccount>, feedId: string): Promise<void> {
  const url = `/feeds/2021-06-30/feeds/${pathPart(feedId)}`
  await call.send({ ...requestOf(call, 'cancelFeed', { method: 'DELETE', url }), answer: 'any' })
}

async function readResult(call: Call<AmazonAccount>, documentId: string): Promise<string> {
  const answer = await ask(call, 'getFeedDocument', {
    method: 'GET',
    url: `/feeds/2021-06-30/documents/${pathPart(documentId)}`,
  })
  return textOfDocument(call, objectIn(answer, 'the result of the feed'))
}
