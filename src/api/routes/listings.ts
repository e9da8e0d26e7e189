import { text as readText } from 'node:stream/consumers'
import { loadChannelRow } from '../../domain/channels/channel-views.store.ts'
import { proposeMappings as propose } from '../../domain/listings/auto-map.store.ts'
import { listListings } from '../../domain/listings/listing-views.store.ts'
import { mapListings } from '../../domain/listings/map-listings.command.ts'
import { diffMappingFile, writeMappingFile } from '../../domain/listings/mapping-file.store.ts'
import { approveZero as approve } from '../../domain/stock/approve-zero.command.ts'
import { explainListingStock } from '../../domain/stock/explain-listing.store.ts'
import type { Tx } from '../../platform/database.ts'
import type { Handler, Handlers } from '../handler.ts'
import { badFields, notFound, Refused } from '../refusals.ts'
import { isoOrNull } from './channel-answers.ts'
import type { RouteParts } from './route-parts.ts'

const mappingFileBytesMax = 50_000_000
const nothingWaits = 'No 0 of this listing waits for a person any more. Look at its stock again.'

/** Listings of a sales channel and the SKU mapping tool (B). */
export function listingRoutes({ parts, uploads }: RouteParts) {
  const { db } = parts
  /** All of it is about one channel, so that one must be this business's own. */
  const onChannel = <Result>(tenantId: string, channelId: string, work: (tx: Tx) => Promise<Result>) =>
    db.read(tenantId, async (tx) => {
      if (!(await loadChannelRow(tx, channelId))) throw notFound()
      return work(tx)
    })

  const listings: Handler<'listings'> = ({ session, params, query }) =>
    onChannel(session.tenantId, params.id, (tx) => listListings(tx, { ...query, channelId: params.id }))

  const explanation = (tenantId: string, listingId: string) =>
    db.read(tenantId, async (tx) => {
      const explained = await explainListingStock(tx, listingId)
      if (!explained) throw notFound()
      return { ...explained, steps: explained.steps.map((step) => ({ ...step, asOf: isoOrNull(step.asOf) })) }
    })

  const explainStock: Handler<'explainStock'> = ({ session, params }) => explanation(session.tenantId, params.id)

  const approveZero: Handler<'approveZero'> = async ({ session, params }) => {
    const said = await approve(db, session.tenantId, { listingId: params.id, actor: session.name })
    if (said.kind === 'refused' && said.reason === 'not-found') throw notFound()
    if (said.kind === 'refused') throw new Refused(409, said.reason, nothingWaits)
    return explanation(session.tenantId, params.id)
  }

  const saveMappings: Handler<'saveMappings'> = async ({ session, params, body }) => {
    await onChannel(session.tenantId, params.id, async () => {})
    const saved = await mapListings(db, session.tenantId, { channelId: params.id, change: body, actor: session.name })
    if (saved.kind === 'refused') throw new Refused(409, 'not-mapped', saved.reason)
    return { mapped: saved.mapped, unlinked: saved.unlinked }
  }

  const proposeMappings: Handler<'proposeMappings'> = ({ session, params }) =>
    onChannel(session.tenantId, params.id, (tx) => propose(tx, params.id))

  const mappingsCsv: Handler<'mappingsCsv'> = async ({ session, params }) => ({
    fileName: 'mappings.csv',
    content: [await onChannel(session.tenantId, params.id, (tx) => writeMappingFile(tx, params.id))],
  })

  const diffMappingsCsv: Handler<'diffMappingsCsv'> = async ({ session, params, form }) => {
    const { file } = await form()
    if (file.sizeBytes > mappingFileBytesMax) throw badFields({ file: 'A mapping file has at most 50 MB.' })
    const content = await readText(uploads.open(file.id))
    const read = await onChannel(session.tenantId, params.id, (tx) => diffMappingFile(tx, params.id, content))
    if (read.kind === 'refused') throw badFields({ file: read.reason })
    const { changeSet, ...diff } = read.diff
    return { ...diff, change_set: changeSet }
  }

  return {
    listings,
    explainStock,
    approveZero,
    saveMappings,
    proposeMappings,
    mappingsCsv,
    diffMappingsCsv,
  } satisfies Partial<Handlers>
}
