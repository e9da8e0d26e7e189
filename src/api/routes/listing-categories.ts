import {
  categoriesOfLikeProducts,
  categoriesReadAt,
  categoryWithAbove,
  childCategories,
  readCategories as findCategories,
  searchCategories,
} from '../../domain/listings/categories.store.ts'
import {
  addTemplate,
  applyTemplate,
  changeTemplate,
  listTemplates,
  removeTemplate,
} from '../../domain/listings/templates.store.ts'
import type { ListingTemplate } from '../../domain/listings/templates.store.ts'
import { askMarketplace } from '../../engine/ask-marketplace.ts'
import { kickChannel } from '../../engine/channel-job.ts'
import { checkedProducts, needsSource, prepareChosen, previewTemplate } from '../../engine/listing-desk.ts'
import { loadNeeds } from '../../engine/listing-needs.ts'
import type { Handler, Handlers } from '../handler.ts'
import { notFound, Refused, refusedFor } from '../refusals.ts'
import { isoOrNull } from './channel-answers.ts'
import { chosenIds, openListingChannel } from './listing-manager.ts'
import type { RouteParts } from './route-parts.ts'

/** The marketplace's categories and what they ask, and templates that fill it in. */
export function listingCategoryRoutes({ parts }: RouteParts) {
  const { db } = parts
  const opened = (tenantId: string, channelId: string) => openListingChannel({ parts }, tenantId, channelId)

  const marketplaceCategories: Handler<'marketplaceCategories'> = async ({ session, params, query }) => {
    const { connector } = await opened(session.tenantId, params.id)
    const hasCategories = connector.listings?.categories !== undefined
    const { search, parentId, categoryId } = query
    const answer = await db.read(session.tenantId, async (tx) => ({
      categories:
        categoryId !== undefined
          ? await categoryWithAbove(tx, params.id, categoryId)
          : search !== undefined && search.trim() !== ''
            ? await searchCategories(tx, params.id, search)
            : await childCategories(tx, params.id, parentId ?? null),
      readAt: await categoriesReadAt(tx, params.id),
    }))
    if (answer.readAt === null && hasCategories) await readAnew(session.tenantId, params.id)
    const findsMatches = connector.listings?.match !== undefined
    const looksAtDrafts = connector.listings?.precheck !== undefined
    return {
      categories: answer.categories,
      readAt: isoOrNull(answer.readAt),
      hasCategories,
      findsMatches,
      looksAtDrafts,
    }
  }

  const readAnew = (tenantId: string, channelId: string) =>
    db.tenant(tenantId).transaction((tx) => kickChannel(tx, channelId, 'pull-categories'))

  const readCategories: Handler<'readCategories'> = async ({ session, params }) => {
    await opened(session.tenantId, params.id)
    await readAnew(session.tenantId, params.id)
    return {}
  }

  const recommendCategories: Handler<'recommendCategories'> = async ({ session, params, query }) => {
    const { tenantId } = session
    const channel = await opened(tenantId, params.id)
    const [prepared] = await prepareChosen(parts, tenantId, channel, { productIds: [query.productId], action: 'list' })
    if (!prepared) throw notFound()
    const { recommend } = channel.connector.listings ?? {}
    const asked =
      recommend && (await askMarketplace(parts, tenantId, channel, (call) => recommend(call, prepared.draft)))
    return db.read(tenantId, async (tx) => {
      if (asked?.kind === 'answered' && asked.answer.length > 0) {
        const known = await findCategories(
          tx,
          params.id,
          asked.answer.map(({ id }) => id),
        )
        const categories = asked.answer.map((one) => known.get(one.id) ?? { ...one, path: one.name, isRetired: false })
        return { categories, from: 'marketplace' as const }
      }
      const categories = await categoriesOfLikeProducts(tx, params.id, query.productId)
      return { categories, from: categories.length > 0 ? ('others-of-ours' as const) : ('none' as const) }
    })
  }

  const marketplaceMatches: Handler<'marketplaceMatches'> = async ({ session, params, query }) => {
    const { tenantId } = session
    const channel = await opened(tenantId, params.id)
    const prepared = await prepareChosen(parts, tenantId, channel, { productIds: [query.productId], action: 'list' })
    const one = prepared.find(({ variantId }) => query.variantId === undefined || variantId === query.variantId)
    if (!one) throw notFound()
    const { match } = channel.connector.listings ?? {}
    if (!match) return []
    const asked = await askMarketplace(parts, tenantId, channel, (call) => match(call, one.draft))
    if (asked.kind === 'refused')
      throw new Refused(409, 'marketplace-refused', `${channel.connector.name} gave no answer: ${asked.reason}.`)
    return asked.answer
  }

  const categoryNeeds: Handler<'categoryNeeds'> = async ({ session, params, query }) => {
    const { tenantId } = session
    const channel = await opened(tenantId, params.id)
    const id = query.categoryId ?? ''
    const needs = (await loadNeeds(needsSource(parts, tenantId, channel), [id])).get(id)
    if (!needs) throw notFound()
    const known = await db.read(tenantId, (tx) => findCategories(tx, params.id, [id]))
    const { attributes, limits, readAt } = needs
    return { category: known.get(id) ?? null, attributes, limits, readAt: (readAt ?? parts.clock.now()).toISOString() }
  }

  const listingTemplates: Handler<'listingTemplates'> = async ({ session, params }) => {
    await opened(session.tenantId, params.id)
    return (await db.read(session.tenantId, (tx) => listTemplates(tx, { channelId: params.id }))).map(templateAnswer)
  }

  const addListingTemplate: Handler<'addListingTemplate'> = async ({ session, params, body }) => {
    await opened(session.tenantId, params.id)
    const {
      name,
      categoryId,
      attributes = {},
      catalogueCategory = null,
      titlePattern = null,
      descriptionPattern = null,
    } = body
    const fields = { name, categoryId, attributes, catalogueCategory, titlePattern, descriptionPattern }
    const saved = await db.tenant(session.tenantId).transaction((tx) => addTemplate(tx, params.id, fields))
    if (saved.kind === 'refused') refusedFor(saved)
    if (saved.kind !== 'saved') throw notFound()
    return templateAnswer(saved.template)
  }

  const changeListingTemplate: Handler<'changeListingTemplate'> = async ({ session, params, body }) => {
    const saved = await db.tenant(session.tenantId).transaction((tx) => changeTemplate(tx, params.id, body))
    if (saved.kind === 'refused') refusedFor(saved)
    if (saved.kind !== 'saved') throw notFound()
    return templateAnswer(saved.template)
  }

  const removeListingTemplate: Handler<'removeListingTemplate'> = ({ session, params }) =>
    db.tenant(session.tenantId).transaction(async (tx) => {
      if (!(await removeTemplate(tx, params.id))) throw notFound()
      return {}
    })

  const applyListingTemplate: Handler<'applyListingTemplate'> = async ({ session, params, body }) => {
    const { tenantId } = session
    const [template] = await db.read(tenantId, (tx) => listTemplates(tx, { id: params.id }))
    if (!template) throw notFound()
    const channel = await opened(tenantId, template.channelId)
    const productIds = await chosenIds({ parts }, tenantId, template.channelId, body.chosen)
    if (!body.preview) await db.tenant(tenantId).transaction((tx) => applyTemplate(tx, template, productIds))
    const prepared = body.preview
      ? await previewTemplate(parts, tenantId, channel, { template, productIds })
      : await prepareChosen(parts, tenantId, channel, { productIds, action: 'list' })
    return checkedProducts(prepared)
  }

  return {
    marketplaceCategories,
    readCategories,
    recommendCategories,
    marketplaceMatches,
    categoryNeeds,
    listingTemplates,
    addListingTemplate,
    changeListingTemplate,
    removeListingTemplate,
    applyListingTemplate,
  } satisfies Partial<Handlers>
}

function templateAnswer(template: ListingTemplate) {
  return { ...template, updatedAt: template.updatedAt.toISOString() }
}
