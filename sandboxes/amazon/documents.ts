// Presigned addresses: whoever holds one may put or get that document for five minutes. Their errors are S3's, as XML.
import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { splitUrl } from '../kit/routes.ts'
import { buildReport } from './reports.ts'
import { nextNumber } from './state.ts'
import type { Answer } from '../kit/front.ts'
import type { SandboxRequest } from '../kit/sandbox.ts'
import type { Amazon, StoredDocument } from './state.ts'

const linkSeconds = 300

export function addDocument(
  amazon: Amazon,
  given: Pick<StoredDocument, 'kind' | 'contentType' | 'sellerId'> & { bytes?: Buffer; gzip?: boolean; id?: string },
  at: number,
): StoredDocument {
  const number = nextNumber(amazon)
  const id =
    given.id ??
    `amzn1.tortuga.4.eu.${createHash('sha256').update(`document ${number}`).digest('hex').slice(0, 32)}.T1${number}`
  const document: StoredDocument = {
    id,
    kind: given.kind,
    contentType: given.contentType,
    sellerId: given.sellerId,
    bytes: given.bytes,
    gzip: given.gzip ?? false,
    createdAt: at,
  }
  amazon.documents.set(id, document)
  return document
}

/** An address that works for five minutes from now. */
export function presign(amazon: Amazon, document: StoredDocument, at: number, seconds = linkSeconds): string {
  const date = `${new Date(at).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`
  const query = new URLSearchParams({
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Date': date,
    'X-Amz-Expires': String(seconds),
    'X-Amz-Signature': signature(amazon, { id: document.id, date, seconds: String(seconds) }),
  })
  return `${amazon.origin}/documents/${encodeURIComponent(document.id)}?${query}`
}

export function answerDocument(amazon: Amazon, request: SandboxRequest, at: number): Answer {
  const { path, query } = splitUrl(request.url)
  const id = decodeURIComponent(path.slice('/documents/'.length))
  const [date, seconds] = [query.get('X-Amz-Date') ?? '', query.get('X-Amz-Expires') ?? '']
  if (query.get('X-Amz-Signature') !== signature(amazon, { id, date, seconds })) {
    return xmlError(
      403,
      'SignatureDoesNotMatch',
      'The request signature we calculated does not match the signature you provided.',
    )
  }
  const signedAt = new Date(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z')).getTime()
  if (at >= signedAt + Number(seconds) * 1000) return xmlError(403, 'AccessDenied', 'Request has expired')
  const document = amazon.documents.get(id)
  if (!document) return xmlError(404, 'NoSuchKey', 'The specified key does not exist.')
  if (request.method === 'PUT') return put(document, request)
  if (request.method !== 'GET')
    return xmlError(405, 'MethodNotAllowed', 'The specified method is not allowed against this resource.')
  return get(amazon, document)
}

function put(document: StoredDocument, request: SandboxRequest): Answer {
  const isSameType = request.headers['content-type'] === document.contentType
  if (document.kind !== 'feed' || !isSameType) {
    return xmlError(403, 'SignatureDoesNotMatch', 'The content type is not the one the address was made for.')
  }
  document.bytes = Buffer.from(request.rawBody)
  return { status: 200, headers: { etag: `"${createHash('md5').update(document.bytes).digest('hex')}"` } }
}

function get(amazon: Amazon, document: StoredDocument): Answer {
  if (document.kind === 'feed') return xmlError(403, 'AccessDenied', 'Access Denied')
  const plain = (document.bytes ??= buildReport(amazon, document))
  const bytes = document.gzip ? gzipSync(plain, { level: 1 }) : plain
  return { status: 200, headers: { 'content-type': document.contentType }, bytes }
}

function signature(amazon: Amazon, { id, date, seconds }: { id: string; date: string; seconds: string }): string {
  return createHash('sha256').update(`${amazon.application.clientSecret} ${id} ${date} ${seconds}`).digest('hex')
}

function xmlError(status: number, code: string, message: string): Answer {
  const text = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`
  return { status, headers: { 'content-type': 'application/xml' }, text }
}
