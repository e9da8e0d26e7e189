import { allGridProducts, countGridProducts } from '../../domain/listings/grid.store.ts'
import { askChanges } from '../../domain/listings/ask-changes.command.ts'
import { askForSelection } from '../../domain/listings/selections.store.ts'
import type { ChangeRunView, ListingChangeView } from '../../domain/listings/change-views.store.ts'
import { listChangeRuns, listChanges, stopRun } from '../../domain/listings/change-views.store.ts'
import { fitDescription } from '../../domain/listings/description.ts'
import { sayForChannel as say } from '../../domain/listings/say-for-channel.command.ts'
import { safeHtml } from '../../domain/catalog/safe-html.ts'
import type { Connector } from '../../connectors/connector.ts'
import { openChannel } from '../../engine/ask-marketplace.ts'
import type { OpenChannel } from '../../engine/ask-marketplace.ts'
import { checkAtMarketplace, checkedProducts, prepareChosen, productForChannel } from '../../engine/listing-desk.ts'
import type { z } from 'zod'
import type { chosenProducts } from '../contract.ts'
import type { Asked, Handler, Handlers } from '../handler.ts'
import { badFields, notFound, Refused, refusedFor } from '../refusals.ts'
import { isoOrNull } from './channel-answers.ts'
import type { RouteParts } from './route-parts.ts'

const chosenMax = 10_000
/** Of more than these the first are checked at once, and each of the others when its turn comes. */
const checkedMax = 2000
/** Up to here those that a filter matches are checked while the person waits, and refused at once where they must be. */
const askedAtOnceMax = 500

/** What is said of products for a sales channel, and what is asked of the marketplace (F4 to F6). */
export function listingManagerRoutes({ parts }: RouteParts) {
  const { db } = parts
  const opened = (tenantId: string, channelId: string) => openListingChannel({ parts }, tenantId, channelId)
  const chosen = (tenantId: string, channelId: string, wanted: z.infer<typeof chosenProducts>) =>
    chosenIds({ parts }, tenantId, channelId, wanted)

  const countOf = (tenantId: string, channelId: string, wanted: z.infer<typeof chosenProducts>) =>
    'filter' in wanted ? db.read(tenantId, (tx) => countGridProducts(tx, { ...wanted.filter, channelId })) : 0
  /** Those that are checked now, and how many are not. */
  const firstOf = async (tenantId: string, channelId: string, wanted: z.infer<typeof chosenProducts>) => {
    const matching = await countOf(tenantId, channelId, wanted)
    if (!('filter' in wanted) || matching <= checkedMax)
      return { productIds: await chosen(tenantId, channelId, wanted), unchecked: 0 }
    const productIds = await db.read(tenantId, (tx) => allGridProducts(tx, { ...wanted.filter, channelId }, checkedMax))
    return { productIds, unchecked: matching - productIds.length }
  }
  /** The filter, where it matches more than can be asked for while the person waits. */
  const manyOf = async (tenantId: string, channelId: string, wanted: z.infer<typeof chosenProducts>) => {
    const matching = await countOf(tenantId, channelId, wanted)
    return 'filter' in wanted && matching > askedAtOnceMax ? wanted.filter : undefined
  }

  const channelProduct: Handler<'channelProduct'> = async ({ session, params, query }) => {
    const channel = await opened(session.tenantId, params.id)
    const product = await productForChannel(parts, session.tenantId, channel, query.productId)
    if (!product) throw notFound()
    const { rows } = await db.read(session.tenantId, (tx) =>
      listChanges(tx, { channelId: params.id, productId: query.productId }, { limit: 1 }),
    )
    return { ...product, lastChange: rows[0] ? changeAnswer(rows[0]) : null }
  }

  const sayForChannel: Handler<'sayForChannel'> = async ({ session, params, body }) => {
    const { tenantId } = session
    const { connector, site } = await opened(tenantId, params.id)
    const productIds = await chosen(tenantId, params.id, body.chosen)
    const { description, categoryId } = body.product
    const tags = connector.listings?.limits(site, categoryId ?? null).descriptionTags ?? []
    const { allVariants, variants } = body
    const product = {
      ...body.product,
      ...(typeof description === 'string' ? { description: fitDescription(safeHtml(description), tags) } : {}),
      ...shippingSaid(connector, body),
    }
    const said = await say(db, tenantId, { channelId: params.id, productIds, product, allVariants, variants })
    if (said.kind === 'refused') refusedFor(said)
    if (said.kind !== 'said') throw notFound()
    return { products: said.products, variants: said.variants }
  }

  const checkForChannel: Handler<'checkForChannel'> = async ({ session, params, body }) => {
    const { tenantId } = session
    const channel = await opened(tenantId, params.id)
    const { productIds, unchecked } = await firstOf(tenantId, params.id, body.chosen)
    const prepared = await prepareChosen(parts, tenantId, channel, { productIds, action: body.action })
    return checkedProducts(
      body.askMarketplace ? await checkAtMarketplace(parts, tenantId, channel, prepared) : prepared,
      unchecked,
    )
  }

  const changeListings: Handler<'changeListings'> = async ({ session, params, body }) => {
    const { tenantId } = session
    const { action } = body
    const channel = await opened(tenantId, params.id)
    const asking = { channelId: params.id, action, actor: session.name }
    const askNow = async () => {
      const productIds = await chosen(tenantId, params.id, body.chosen)
      const wanted = await prepareChosen(parts, tenantId, channel, { productIds, action })
      return askChanges(db, tenantId, { ...asking, wanted })
    }
    const filter = await manyOf(tenantId, params.id, body.chosen)
    const asked = filter ? await askForSelection(db, tenantId, { ...asking, filter }) : await askNow()
    if (asked.kind === 'refused') throw notFound()
    const { runId, asked: count, refused, open } = asked
    return { runId, asked: count, refused, open }
  }

  const listingChanges: Handler<'listingChanges'> = async ({ session, params, query }) => {
    await opened(session.tenantId, params.id)
    const { cursor, limit, ...filter } = query
    const found = await db.read(session.tenantId, (tx) =>
      listChanges(tx, { ...filter, channelId: params.id }, { cursor, limit }),
    )
    return { ...found, rows: found.rows.map(changeAnswer) }
  }

  const changeRuns: Handler<'changeRuns'> = async ({ session, params }) => {
    await opened(session.tenantId, params.id)
    return (await db.read(session.tenantId, (tx) => listChangeRuns(tx, { channelId: params.id }))).map(runAnswer)
  }

  const changeRun: Handler<'changeRun'> = async ({ session, params }) => {
    const [run] = await db.read(session.tenantId, (tx) => listChangeRuns(tx, { id: params.id }))
    if (!run) throw notFound()
    return runAnswer(run)
  }

  const stopChanges: Handler<'stopChanges'> = ({ session, params }) =>
    db.tenant(session.tenantId).transaction(async (tx) => {
      const [run] = await listChangeRuns(tx, { id: params.id })
      if (!run) throw notFound()
      return { stopped: await stopRun(tx, run.id) }
    })

  return {
    channelProduct,
    sayForChannel,
    checkForChannel,
    changeListings,
    listingChanges,
    changeRuns,
    changeRun,
    stopChanges,
  } satisfies Partial<Handlers>
}

/** What was said last counts: a shipping price of the listing takes away one that was typed among the attributes. */
function shippingSaid(
  { listings, name }: Connector,
  { product, allVariants, variants }: Asked<'sayForChannel'>['body'],
) {
  const at = [
    ...(allVariants.shippingExVat ? ['allVariants.shippingExVat'] : []),
    ...variants.flatMap(({ shippingExVat }, index) => (shippingExVat ? [`variants.${index}.shippingExVat`] : [])),
  ]
  if (at.length === 0) return {}
  const key = listings?.shippingAttribute
  if (key !== undefined) return { attributes: { [key]: null, ...product.attributes } }
  const message = `${name} takes no shipping price with a listing: set it there.`
  throw badFields(Object.fromEntries(at.map((field) => [field, message])))
}

export async function openListingChannel(
  { parts }: Pick<RouteParts, 'parts'>,
  tenantId: string,
  channelId: string,
): Promise<OpenChannel> {
  const channel = await openChannel(parts, tenantId, channelId)
  if (!channel?.connector.listings) throw notFound()
  return channel
}

export async function chosenIds(
  { parts }: Pick<RouteParts, 'parts'>,
  tenantId: string,
  channelId: string,
  wanted: z.infer<typeof chosenProducts>,
): Promise<string[]> {
  const ids = await parts.db.read(tenantId, async (tx) => {
    if ('filter' in wanted) {
      const matching = await allGridProducts(tx, { ...wanted.filter, channelId }, chosenMax + 1)
      if (matching.length > chosenMax) throw tooMany()
      return matching
    }
    const rows = await tx
      .selectFrom('products')
      .select('id')
      .where('tenant_id', '=', tenantId)
      .where('id', 'in', wanted.productIds)
      .execute()
    const known = new Set(rows.map(({ id }) => id))
    return [...new Set(wanted.productIds)].filter((id) => known.has(id))
  })
  // Another business's products are like ones that never were.
  if ('productIds' in wanted && ids.length === 0) throw notFound()
  return ids
}

/** Done to some of them only, nobody would know to which. */
const tooMany = () =>
  new Refused(
    409,
    'too-many',
    'More than 10,000 products match, and this can be done to 10,000 at a time. Narrow the filter, such as by category or supplier.',
  )

function changeAnswer(change: ListingChangeView) {
  return { ...change, askedAt: change.askedAt.toISOString(), settledAt: isoOrNull(change.settledAt) }
}

function runAnswer(run: ChangeRunView) {
  return { ...run, startedAt: run.startedAt.toISOString(), finishedAt: isoOrNull(run.finishedAt) }
}
