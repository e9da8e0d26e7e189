// Where a connector has the bytes of a picture from: those of ours from the database, all others through the guard, for
// their addresses were typed by people or came in a file.
import { RefusedError } from '../connectors/connector.ts'
import type { Refusal } from '../connectors/connector.ts'
import { OutsideRefused } from '../platform/outside.ts'
import type { Outside } from '../platform/outside.ts'

type PictureSources = {
  outside: Outside
  /** Where the hub is reached from outside: pictures below it are ours. */
  publicUrl: string | undefined
  readOwn(pictureId: string): Promise<Uint8Array | undefined>
}

/** More than any marketplace takes. */
const bytesMax = 20_000_000
const timeoutSeconds = 30
const waitSeconds = 60

export function picturePort({ outside, publicUrl, readOwn }: PictureSources): (link: string) => Promise<Uint8Array> {
  return async (link) => {
    const pictureId = ownPictureId(link, publicUrl)
    if (pictureId === undefined) return fetchPicture(outside, link)
    const content = await readOwn(pictureId)
    if (content) return content
    throw refused({ kind: 'rejected', reason: 'The picture is no longer there: please upload it again' })
  }
}

/** The id in the path of a picture of ours, which may have our address before it; undefined for any other link. */
export function ownPictureId(link: string, publicUrl: string | undefined): string | undefined {
  const base = URL.parse(publicUrl ?? '') ?? new URL('http://hub.invalid')
  const url = URL.parse(link, base)
  if (url?.origin !== base.origin) return undefined
  return pathOfOwn.exec(url.pathname)?.[1]?.toLowerCase()
}

const uuid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'
/** The business it is of may stand before it; whose it is, the wall decides. */
const pathOfOwn = new RegExp(`^/pictures/(?:${uuid}/)?(${uuid})(?![0-9a-f/-])`, 'i')

async function fetchPicture(outside: Outside, link: string): Promise<Uint8Array> {
  let answer: Awaited<ReturnType<Outside['request']>>
  try {
    answer = await outside.request({ method: 'GET', url: link, bytesMax, timeoutSeconds })
  } catch (error) {
    if (!(error instanceof OutsideRefused)) throw error
    const reason = `The picture ${link} cannot be fetched: ${error.message}`
    throw refused(
      error.kind === 'refused' ? { kind: 'rejected', reason } : { kind: 'wait', seconds: waitSeconds, reason },
    )
  }
  const { status, bytes } = answer
  if (status >= 200 && status <= 299) return bytes
  const reason = `The picture ${link} cannot be fetched (status ${status})`
  // Nobody but a person can mend a link that leads nowhere.
  const isFinal = status < 500 && ![408, 425, 429].includes(status)
  throw refused(isFinal ? { kind: 'rejected', reason } : { kind: 'wait', seconds: waitSeconds, reason })
}

function refused(refusal: Refusal): RefusedError {
  return new RefusedError(refusal)
}
