// Reads an upload: the fields of a form and its one file, and what kind of image that is.
import type { Upload } from './call.ts'

export function readUpload(contentType: string, body: Buffer): Upload {
  const boundary = /boundary="?([^";]+)"?/i.exec(contentType)?.[1]
  const upload: Upload = { fields: {}, file: undefined }
  if (boundary === undefined) return upload
  for (const part of partsOf(body, `--${boundary}`)) {
    const headerEnd = part.indexOf('\r\n\r\n')
    if (headerEnd < 0) continue
    const header = part.subarray(0, headerEnd).toString('utf8')
    const content = part.subarray(headerEnd + 4)
    const name = /\bname="([^"]*)"/i.exec(header)?.[1] ?? ''
    if (/\bfilename\*?=/i.test(header) || name === 'data') upload.file = content
    else upload.fields[name] = content.toString('utf8')
  }
  return upload
}

function partsOf(body: Buffer, delimiter: string): Buffer[] {
  const parts: Buffer[] = []
  let start = body.indexOf(delimiter)
  while (start >= 0) {
    const from = start + delimiter.length
    const next = body.indexOf(`\r\n${delimiter}`, from)
    if (next < 0) break
    // Behind the delimiter stands a line break.
    parts.push(body.subarray(from + 2, next))
    start = next + 2
  }
  return parts
}

export type ImageKind = { type: string; width: number; height: number }

/** Format and size from the first bytes; undefined: not an image we know. */
export function imageKind(bytes: Buffer): ImageKind | undefined {
  if (bytes.length >= 24 && bytes.readUInt32BE(0) === 0x89504e47) {
    return { type: 'image/png', width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) }
  }
  if (bytes.length >= 4 && bytes.readUInt16BE(0) === 0xffd8) return jpegKind(bytes)
  if (bytes.length >= 30 && bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP') {
    return webpKind(bytes)
  }
  if (bytes.length >= 26 && bytes.toString('latin1', 0, 2) === 'BM') {
    return { type: 'image/bmp', width: bytes.readInt32LE(18), height: Math.abs(bytes.readInt32LE(22)) }
  }
  // The size of a HEIC lies deep inside; it is taken for one that fits.
  if (bytes.length >= 12 && /^ftyp(hei|mif)/.test(bytes.toString('latin1', 4, 11))) {
    return { type: 'image/heic', width: 1000, height: 1000 }
  }
  return undefined
}

function jpegKind(bytes: Buffer): ImageKind | undefined {
  let offset = 2
  while (offset + 9 < bytes.length) {
    if (bytes[offset] !== 0xff) return undefined
    const marker = bytes[offset + 1] ?? 0
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
    if (isFrame) {
      return { type: 'image/jpeg', width: bytes.readUInt16BE(offset + 7), height: bytes.readUInt16BE(offset + 5) }
    }
    offset += 2 + bytes.readUInt16BE(offset + 2)
  }
  return undefined
}

function webpKind(bytes: Buffer): ImageKind | undefined {
  const chunk = bytes.toString('latin1', 12, 16)
  const type = 'image/webp'
  if (chunk === 'VP8X') return { type, width: 1 + bytes.readUIntLE(24, 3), height: 1 + bytes.readUIntLE(27, 3) }
  if (chunk === 'VP8 ') {
    return { type, width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff }
  }
  if (chunk === 'VP8L') {
    const bits = bytes.readUInt32LE(21)
    return { type, width: 1 + (bits & 0x3fff), height: 1 + ((bits >> 14) & 0x3fff) }
  }
  return undefined
}
