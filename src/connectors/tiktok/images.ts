// Pictures: TikTok Shop takes no links, so each is fetched and handed over, once however many products have it.
import { createHash } from 'node:crypto'
import { once, RefusedError } from '../connector.ts'
import { asText } from '../reading.ts'
import type { TikTokCall } from './account.ts'
import { ask } from './ask.ts'

export type ImageUse = 'MAIN_IMAGE' | 'ATTRIBUTE_IMAGE' | 'SIZE_CHART_IMAGE' | 'CERTIFICATION_IMAGE'

/** From the reference. */
const bytesMax = 10_000_000

/** Fetches a picture and gives the name TikTok Shop has for it from then on. */
export function uploadImage(call: TikTokCall, link: string, use: ImageUse): Promise<string> {
  return once(call, `link/${use}/${link}`, async () => {
    const content = await call.picture(link)
    const hash = createHash('sha256').update(content).digest('hex')
    return once(call, `content/${use}/${hash}`, () => upload(call, { link, content, use }))
  })
}

type Fetched = { link: string; content: Uint8Array; use: ImageUse }

async function upload(call: TikTokCall, { link, content, use }: Fetched): Promise<string> {
  if (content.length > bytesMax) refuse(`The picture ${link} is larger than 10 MB`)
  const type = imageType(content)
  if (type === undefined) refuse(`The picture ${link} is neither JPG, PNG, WEBP, HEIC nor BMP`)
  const data = await ask(call, 'images.upload', { bytes: multipart({ content, type, use }) })
  const uri = asText(data['uri'])
  if (uri !== null) return uri
  throw new RefusedError({
    kind: 'wait',
    seconds: 60,
    reason: `TikTok Shop did not say where it put the picture ${link}`,
  })
}

// By the first bytes, for names and content types of pictures are often wrong.
function imageType(content: Uint8Array): { name: string; mediaType: string } | undefined {
  const start = Buffer.from(content.subarray(0, 12)).toString('latin1')
  if (start.startsWith('\xff\xd8\xff')) return { name: 'image.jpg', mediaType: 'image/jpeg' }
  if (start.startsWith('\x89PNG')) return { name: 'image.png', mediaType: 'image/png' }
  if (start.startsWith('RIFF') && start.slice(8, 12) === 'WEBP') return { name: 'image.webp', mediaType: 'image/webp' }
  if (/^ftyp(hei|mif|msf)/.test(start.slice(4))) return { name: 'image.heic', mediaType: 'image/heic' }
  if (start.startsWith('BM')) return { name: 'image.bmp', mediaType: 'image/bmp' }
  return undefined
}

type Upload = { content: Uint8Array; type: { name: string; mediaType: string }; use: ImageUse }

function multipart({ content, type, use }: Upload): { contentType: string; content: Uint8Array } {
  // Made of the content itself, it cannot occur in it.
  const boundary = `fairlead-${createHash('sha256').update(content).digest('hex').slice(0, 40)}`
  const head = [
    `--${boundary}`,
    'Content-Disposition: form-data; name="use_case"',
    '',
    use,
    `--${boundary}`,
    `Content-Disposition: form-data; name="data"; filename="${type.name}"`,
    `Content-Type: ${type.mediaType}`,
    '',
    '',
  ].join('\r\n')
  const whole = Buffer.concat([Buffer.from(head), content, Buffer.from(`\r\n--${boundary}--\r\n`)])
  return { contentType: `multipart/form-data; boundary=${boundary}`, content: whole }
}

function refuse(reason: string): never {
  throw new RefusedError({ kind: 'rejected', reason })
}
