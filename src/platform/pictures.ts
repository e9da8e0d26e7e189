// Pictures that people upload. What one is, its bytes tell and not its name; what is kept is upright, small enough for every
// marketplace, and without what a camera writes beside it, such as where it was taken.
import sharp, { type Sharp } from 'sharp'

export type ReadPicture =
  | { kind: 'picture'; contentType: 'image/jpeg' | 'image/png'; width: number; height: number; content: Buffer }
  /** A sentence for the person who uploaded it. */
  | { kind: 'refused'; reason: string }

export const pictureBytesMax = 20 * 1024 * 1024
/** Marketplaces take no more than this a side. */
const sideMax = 4000
/** A small file may unfold to something immense; beyond this it is not unfolded. */
const pixelsMax = 100_000_000
/** Most marketplaces take 10 MB at most. */
const keptBytesMax = 9_500_000
/** Tried by turns until what is kept is small enough. */
const sides = [sideMax, 3000, 2000, 1200]

let last: Promise<unknown> = Promise.resolve()

/** One after another: a large one unfolded takes hundreds of megabytes. */
export function readPicture(bytes: Buffer): Promise<ReadPicture> {
  const next = last.then(() => read(bytes))
  last = next.catch(() => {})
  return next
}

async function read(bytes: Buffer): Promise<ReadPicture> {
  if (bytes.length === 0) return refused('The file is empty.')
  if (bytes.length > pictureBytesMax) return refused('The file is larger than 20 MB.')
  if (!isKnown(bytes))
    return refused('This is no picture that can be used. Upload a JPEG, PNG, WebP, GIF, AVIF or TIFF.')
  if (isMovingPng(bytes)) return refused(moving)
  try {
    const found = await sharp(bytes, { limitInputPixels: false }).metadata()
    if ((found.pages ?? 1) > 1) return refused(moving)
    // Said by the file itself, before anything is unfolded.
    if (found.width * found.height > pixelsMax)
      return refused(
        `The picture has ${found.width} × ${found.height} pixels, more than can be opened. Make it smaller.`,
      )
    return await kept(bytes)
  } catch {
    return refused('The picture is damaged and cannot be opened.')
  }
}

const moving = 'The picture is animated. Marketplaces take only pictures that stand still.'

const refused = (reason: string): ReadPicture => ({ kind: 'refused', reason })

function open(bytes: Buffer): Sharp {
  return sharp(bytes, { limitInputPixels: pixelsMax, sequentialRead: true })
}

async function kept(bytes: Buffer): Promise<ReadPicture> {
  const isClear = !(await open(bytes).stats()).isOpaque
  for (const [at, side] of sides.entries()) {
    const small = open(bytes)
      .autoOrient()
      .resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true })
      .toColourspace('srgb')
    const written = isClear ? small.png({ compressionLevel: 9 }) : small.jpeg({ quality: 88 })
    const { data, info } = await written.toBuffer({ resolveWithObject: true })
    if (data.length > keptBytesMax && at < sides.length - 1) continue
    const contentType = isClear ? 'image/png' : 'image/jpeg'
    return { kind: 'picture', contentType, width: info.width, height: info.height, content: data }
  }
  throw new Error('The last size is always kept.')
}

/** Drawings such as SVG are not among them: they may fetch and run things. */
function isKnown(bytes: Buffer): boolean {
  const head = bytes.subarray(0, 16).toString('latin1')
  return (
    head.startsWith('\xff\xd8\xff') ||
    head.startsWith('\x89PNG\r\n\x1a\n') ||
    head.startsWith('GIF87a') ||
    head.startsWith('GIF89a') ||
    (head.startsWith('RIFF') && head.slice(8, 12) === 'WEBP') ||
    /^....ftyp(?:avif|avis)/s.test(head) ||
    head.startsWith('II*\0') ||
    head.startsWith('MM\0*')
  )
}

/** The chunk that makes a PNG move stands before its pixels; the reader of PNGs does not tell. */
function isMovingPng(bytes: Buffer): boolean {
  if (bytes[0] !== 0x89) return false
  const moves = bytes.indexOf('acTL', 8, 'latin1')
  const pixels = bytes.indexOf('IDAT', 8, 'latin1')
  return moves >= 0 && (pixels < 0 || moves < pixels)
}
