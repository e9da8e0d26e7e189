import type { EngineParts } from '../../engine/channel-run.ts'
import type { Uploads } from '../../platform/uploads.ts'
import type { Handlers } from '../handler.ts'
import type { LiveStreams } from '../live-stream.ts'
import { aroundRoutes } from './around.ts'
import { catalogRoutes } from './catalog.ts'
import { channelRoutes } from './channels.ts'
import { fileRoutes } from './files.ts'
import { listingRoutes } from './listings.ts'
import { orderRoutes } from './orders.ts'
import { peopleRoutes } from './people.ts'

/** What handlers work with. */
export type Hub = { parts: EngineParts; uploads: Uploads; streams: LiveStreams }

/** One handler a route: a route of the contract without one does not compile. */
export function createHandlers(hub: Hub): Handlers {
  return {
    ...peopleRoutes(hub),
    ...aroundRoutes(hub),
    ...channelRoutes(hub),
    ...listingRoutes(hub),
    ...orderRoutes(hub),
    ...catalogRoutes(hub),
    ...fileRoutes(hub),
  }
}
