// Images: uploaded as they are, never fetched from elsewhere. What comes back is an address for products to name.
import { createHash } from 'node:crypto'
import { done, refuse } from './call.ts'
import { imageKind } from './multipart.ts'
import { imageUrl } from './product-json.ts'
import { deflateSync } from 'node:zlib'
import type { Asked, Result, Route } from './call.ts'
import type { Image, Tiktok } from './state.ts'

const bytesMax = 10 * 1024 * 1024
const sideMin = 300
const sideMax = 4000
const useCases = ['MAIN_IMAGE', 'ATTRIBUTE_IMAGE', 'DESCRIPTION_IMAGE', 'CERTIFICATION_IMAGE', 'SIZE_CHART_IMAGE']

export const imageRoutes: readonly Route[] = [
  {
    operation: 'images.upload',
    method: 'POST',
    path: '/product/202309/images/upload',
    scopes: ['seller.product.basic'],
    cipher: 'unwanted',
    isWrite: true,
    isUpload: true,
    handle: upload,
  },
]

function upload({ tiktok, upload: sent }: Asked): Result {
  const bytes = sent?.file
  if (!bytes || bytes.length === 0) {
    return refuse(12_038_002, 'Invalid upload file. Please ensure you are passing the correct file data.')
  }
  if (bytes.length > bytesMax) return refuse(12_038_005, 'The file size exceeds the maximum allowed size.')
  const kind = imageKind(bytes)
  if (!kind) {
    const message =
      'Failed to process the image. The format or content is not supported. Supported formats: JPG, JPEG, PNG, WEBP, HEIC, BMP'
    return refuse(12_038_015, message)
  }
  const useCase = sent.fields['use_case'] ?? 'MAIN_IMAGE'
  if (!useCases.includes(useCase)) return refuse(11_050_001, 'invalid param')
  const { width, height } = kind
  const isFine = [width, height].every((side) => side <= sideMax && (useCase !== 'MAIN_IMAGE' || side >= sideMin))
  if (!isFine) {
    const limits = `${sideMin} x ${sideMin} to ${sideMax} x ${sideMax}`
    const message = `The image dimensions exceed the allowed limits. Allowed dimensions (width x height in pixels): ${limits}.`
    return refuse(12_038_014, message)
  }
  const image = keepImage(tiktok, bytes, { useCase, width, height, type: kind.type })
  return done({ uri: image.uri, url: imageUrl(tiktok, image.uri), width, height, use_case: useCase })
}

/** The same bytes are the same image. */
export function keepImage(tiktok: Tiktok, bytes: Buffer, about: Omit<Image, 'uri' | 'bytes'>): Image {
  const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 32)
  const image: Image = { uri: `tos-maliva-i-sandbox-${digest}`, bytes: Buffer.from(bytes), ...about }
  tiktok.images.set(image.uri, image)
  return image
}

/** A plain square of one color, for seeded products. */
export function plainPng(side: number, [red, green, blue]: readonly [number, number, number]): Buffer {
  const row = Buffer.concat([Buffer.from([0]), Buffer.alloc(side * 3, Buffer.from([red, green, blue]))])
  const header = Buffer.alloc(13)
  header.writeUInt32BE(side, 0)
  header.writeUInt32BE(side, 4)
  header.set([8, 2, 0, 0, 0], 8)
  const pixels = deflateSync(Buffer.concat(Array.from({ length: side }, () => row)))
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))])
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data])
  const whole = Buffer.alloc(body.length + 8)
  whole.writeUInt32BE(data.length, 0)
  body.copy(whole, 4)
  whole.writeUInt32BE(crc(body), body.length + 4)
  return whole
}

function crc(bytes: Buffer): number {
  let value = 0xffffffff
  for (const byte of bytes) {
    value ^= byte
    for (let bit = 0; bit < 8; bit += 1) value = (value >>> 1) ^ (value & 1 ? 0xedb88320 : 0)
  }
  return (value ^ 0xffffffff) >>> 0
}
