import type { EngineParts } from '../../engine/channel-run.ts'
import type { Uploads } from '../../platform/uploads.ts'
import type { LiveStreams } from '../live-stream.ts'

/** What the handlers of all routes work with. */
export type RouteParts = {
  parts: EngineParts
  uploads: Uploads
  streams: LiveStreams
  /** Where sellers' browsers reach the hub. */
  publicUrl: string
}
