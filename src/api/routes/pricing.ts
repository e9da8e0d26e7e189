import type { ExplainedListing } from '../../domain/pricing/explain-price.store.ts'
import { answerPrices } from '../../domain/pricing/answer-prices.command.ts'
import { approvePrice as approve } from '../../domain/pricing/approve-price.command.ts'
import { explainListingPrice, plainPrices, priceExamples } from '../../domain/pricing/explain-price.store.ts'
import { loadPriceFacts } from '../../domain/pricing/price-facts.store.ts'
import { sweepProgress } from '../../domain/pricing/price-sweeps.store.ts'
import { previewPrices, type PreviewPair } from '../../domain/pricing/preview-prices.store.ts'
import type { KnownRule } from '../../domain/pricing/pricing-rule.ts'
import { listVersions, loadPricingSettings, loadRule } from '../../domain/pricing/pricing-rules.store.ts'
import { firstPairs, listCategories, listRuleViews } from '../../domain/pricing/pricing-views.store.ts'
import {
  addRule,
  changeRule,
  deleteRule,
  faultsOf,
  reorderRules,
  savePricingSettings as saveSettings,
  seenToken,
  switchRule,
  type RuleRefusal,
  type SavedRule,
} from '../../domain/pricing/save-pricing-rule.command.ts'
import { listWaitingPrices, previewWaitingPrices } from '../../domain/pricing/waiting-prices.store.ts'
import { decodeCursor, encodeCursor } from '../../domain/listings/paging.ts'
import type { Tx } from '../../platform/database.ts'
import type { Handler, Handlers } from '../handler.ts'
import { badFields, notFound, Refused, refusedFor } from '../refusals.ts'
import { isoOrNull } from './channel-answers.ts'
import type { RouteParts } from './route-parts.ts'

const examplesUsual = 3

/** Pricing rules, what they would change, and prices that wait for a person (E4, F7). */
export function pricingRoutes({ parts: { db, ids } }: RouteParts) {
  const all = async (tx: Tx) => {
    const { currency, ...settings } = await loadPricingSettings(tx)
    return {
      currency,
      settings,
      rules: (await listRuleViews(tx)).map(ruleAnswer),
      recomputing: await sweepProgress(tx),
    }
  }
  const pricingRules: Handler<'pricingRules'> = ({ session }) => db.read(session.tenantId, all)

  const saved = async (tenantId: string, result: SavedRule) => {
    if (result.kind === 'refused') throw ruleRefusal(result)
    const [view] = await db.read(tenantId, (tx) => listRuleViews(tx, result.id))
    if (!view) throw notFound()
    return ruleAnswer(view)
  }
  const addPricingRule: Handler<'addPricingRule'> = async ({ session, body }) =>
    saved(session.tenantId, await addRule(db, session.tenantId, { ...body, actor: session.name }))

  const changePricingRule: Handler<'changePricingRule'> = async ({ session, params, body }) =>
    saved(session.tenantId, await changeRule(db, session.tenantId, { ...body, id: params.id, actor: session.name }))

  const switchPricingRule: Handler<'switchPricingRule'> = async ({ session, params, body }) =>
    saved(session.tenantId, await switchRule(db, session.tenantId, { ...body, id: params.id, actor: session.name }))

  const deletePricingRule: Handler<'deletePricingRule'> = async ({ session, params, query }) => {
    const result = await deleteRule(db, session.tenantId, { ...query, id: params.id, actor: session.name })
    if (result.kind === 'refused') throw ruleRefusal(result)
    return db.read(session.tenantId, all)
  }

  const reorderPricingRules: Handler<'reorderPricingRules'> = async ({ session, body }) => {
    refusedFor(await reorderRules(db, session.tenantId, { ...body, actor: session.name }))
    return db.read(session.tenantId, all)
  }

  const pricingRuleHistory: Handler<'pricingRuleHistory'> = ({ session, params }) =>
    db.read(session.tenantId, async (tx) => {
      const versions = await listVersions(tx, params.id)
      if (versions.length === 0) throw notFound()
      return versions.map((version) => ({ ...version, at: version.at.toISOString() }))
    })

  const previewPricingRule: Handler<'previewPricingRule'> = ({ session, body }) =>
    db.read(session.tenantId, async (tx) => {
      const before = body.ruleId === null ? undefined : await loadRule(tx, body.ruleId)
      if (body.ruleId !== null && !before) throw notFound()
      if (!body.rule && !before) throw badFields({ rule: 'Enter a rule to see what it would change.' })
      const fields = body.rule ? await faultsOf(tx, body.rule, body.ruleId) : {}
      if (Object.keys(fields).length > 0) throw badFields(fields)
      const last = { version: 0, active: true, position: Number.MAX_SAFE_INTEGER, id: ids.uuid() }
      const draft: KnownRule | null = body.rule && { ...last, ...before, ...body.rule }
      const ruleId = before?.id ?? draft?.id ?? ''
      const counts = await previewPrices(tx, draft ? { draft } : { remove: ruleId })
      const told = async (pairs: PreviewPair[]) => {
        const variants = await loadPriceFacts(tx, pairs)
        return draft ? priceExamples(draft, variants) : plainPrices(variants, ruleId)
      }
      return {
        ...counts,
        seen: seenToken(before, body.rule),
        biggestRises: await told(counts.biggestRises),
        biggestFalls: await told(counts.biggestFalls),
        samples: await told(counts.samples),
      }
    })

  const pricingExample: Handler<'pricingExample'> = ({ session, body: { rule, channelId, variantIds } }) =>
    db.read(session.tenantId, async (tx) => {
      const fields = await faultsOf(tx, rule, null)
      // Whether its name is free is asked when it is saved.
      delete fields['rule.name']
      const countMax = variantIds.length > 0 ? variantIds.length : examplesUsual
      const pairs = await firstPairs(tx, rule, { channelId, variantIds, countMax })
      return { examples: priceExamples(rule, await loadPriceFacts(tx, pairs)), fields }
    })

  const pricingCategories: Handler<'pricingCategories'> = ({ session, query }) =>
    db.read(session.tenantId, (tx) => listCategories(tx, query.search))

  const savePricingSettings: Handler<'savePricingSettings'> = ({ session, body }) =>
    db.tenant(session.tenantId).transaction(async (tx) => {
      await saveSettings(tx, body, session.name)
      const { stepMaxBasisPoints, listingsMax } = await loadPricingSettings(tx)
      return { stepMaxBasisPoints, listingsMax }
    })

  const explained = async (tenantId: string, listingId: string) => {
    const found = await db.read(tenantId, (tx) => explainListingPrice(tx, listingId))
    if (!found) throw notFound()
    return listingAnswer(found.shown)
  }
  const explainPrice: Handler<'explainPrice'> = ({ session, params }) => explained(session.tenantId, params.id)

  const approvePrice: Handler<'approvePrice'> = async ({ session, params, body }) => {
    const wish = { listingId: params.id, downTo: body.downTo, actor: session.name }
    const result = await approve(db, session.tenantId, wish)
    if (result.kind === 'refused') {
      if (result.reason === 'not-found') throw notFound()
      if (result.reason === 'invalid') throw badFields(result.fields)
      throw new Refused(409, 'nothing-waits', 'No price of this listing waits for a person any more. Look at it again.')
    }
    return explained(session.tenantId, params.id)
  }

  const waitingPrices: Handler<'waitingPrices'> = ({ session, query: { cursor, limit, reason } }) =>
    db
      .read(session.tenantId, (tx) => listWaitingPrices(tx, { reason }, { after: decodeCursor(cursor)?.id, limit }))
      .then(({ next, ...rest }) => ({ ...rest, next: next && encodeCursor({ text: '', id: next }) }))

  const previewWaiting: Handler<'previewWaitingPrices'> = ({ session, body }) =>
    db.read(session.tenantId, (tx) => previewWaitingPrices(tx, body))

  const answerWaitingPrices: Handler<'answerWaitingPrices'> = async ({
    session,
    body: { answer, seen, ...filter },
  }) => {
    const result = await answerPrices(db, session.tenantId, { filter, answer, seen, actor: session.name })
    if (result.kind === 'answered') return { listings: result.listings }
    if (result.reason === 'nothing-waits')
      throw new Refused(409, 'nothing-waits', 'No such price waits for a person any more. Look at the list again.')
    throw new Refused(
      409,
      'changed',
      'The prices that wait are not those you saw. Look at them again; nothing was answered.',
    )
  }

  return {
    waitingPrices,
    previewWaitingPrices: previewWaiting,
    answerWaitingPrices,
    pricingRules,
    addPricingRule,
    changePricingRule,
    switchPricingRule,
    deletePricingRule,
    reorderPricingRules,
    pricingRuleHistory,
    previewPricingRule,
    pricingExample,
    pricingCategories,
    savePricingSettings,
    explainPrice,
    approvePrice,
  } satisfies Partial<Handlers>
}

function ruleAnswer(view: Awaited<ReturnType<typeof listRuleViews>>[number]) {
  return { ...view, changedAt: view.changedAt.toISOString() }
}

function listingAnswer(listing: ExplainedListing) {
  const components = listing.components.map((part) => ({ ...part, computedAt: isoOrNull(part.computedAt) }))
  const approval = listing.approval && { ...listing.approval, at: listing.approval.at.toISOString() }
  return { ...listing, components, approval }
}

function ruleRefusal(refused: RuleRefusal): Refused {
  switch (refused.reason) {
    case 'not-found':
      return notFound()
    case 'invalid':
      return badFields(refused.fields)
    case 'changed':
      return new Refused(
        409,
        'changed',
        'The rule is not the one whose preview you saw. Look at the preview again; nothing was saved.',
      )
    case 'preview-needed': {
      const { listings, largeSteps } = refused.counts
      const steps = largeSteps === 0 ? '' : `, ${largeSteps.toLocaleString('en-GB')} of them by a large step`
      const sentence = `This changes the prices of ${listings.toLocaleString('en-GB')} listings${steps}. Look at the preview and confirm it; nothing was saved.`
      return new Refused(409, 'preview-needed', sentence)
    }
  }
}
