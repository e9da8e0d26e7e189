import { connectorOf } from '../../connectors/index.ts'
import { loadChannelForWork } from '../../domain/channels/channel.store.ts'
import { downloadShippingServices } from '../../domain/channels/download.command.ts'
import { startRun } from '../../domain/channels/runs.store.ts'
import { applyToWaiting as apply } from '../../domain/orders/apply-to-waiting.command.ts'
import { chooseShippingService as choose } from '../../domain/orders/choose-shipping-service.command.ts'
import { notChosenTexts } from '../../domain/orders/choose-shipping-service.ts'
import { countWithoutService, listChannelServices } from '../../domain/shipping/channel-services.store.ts'
import { saveShippingMappings as saveMappings } from '../../domain/shipping/shipping-mappings.command.ts'
import {
  addShippingService as insertService,
  changeShippingService as change,
  deleteShippingService as remove,
  listServicesWithUse,
  type ServiceRefusal,
} from '../../domain/shipping/shipping-services.store.ts'
import {
  listSupplierServices,
  removeSupplierService as removeFromSupplier,
  saveSupplierService as saveAtSupplier,
} from '../../domain/shipping/supplier-services.store.ts'
import type { Handler, Handlers } from '../handler.ts'
import { badFields, notFound, Refused, refusedFor } from '../refusals.ts'
import { runAnswer } from './channel-answers.ts'
import { notStarted } from './channels.ts'
import type { RouteParts } from './route-parts.ts'

/** Shipping services, their mapping, and orders that wait for it (B6, C). */
export function shippingRoutes({ parts: { db, ids } }: RouteParts) {
  const shippingServices: Handler<'shippingServices'> = ({ session }) => db.read(session.tenantId, listServicesWithUse)

  const addShippingService: Handler<'addShippingService'> = ({ session, body }) =>
    db.tenant(session.tenantId).transaction(async (tx) => {
      const service = { id: ids.uuid(), name: body.name }
      if ((await insertService(tx, service)) === 'name-taken') throw nameTaken()
      return service
    })

  const changeShippingService: Handler<'changeShippingService'> = async ({ session, params, body }) => {
    const result = await db
      .tenant(session.tenantId)
      .transaction((tx) => change(tx, { ...body, id: params.id, actor: session.name }))
    if (result.kind === 'refused') throw serviceRefused(result)
    return {}
  }

  const deleteShippingService: Handler<'deleteShippingService'> = async ({ session, params }) => {
    const result = await db
      .tenant(session.tenantId)
      .transaction((tx) => remove(tx, { id: params.id, actor: session.name }))
    if (result.kind === 'refused') throw serviceRefused(result)
    return {}
  }

  const supplierServices: Handler<'supplierServices'> = async ({ session, params }) => {
    const found = await db.read(session.tenantId, (tx) => listSupplierServices(tx, params.id))
    if (!found) throw notFound()
    return found
  }

  const saveSupplierService: Handler<'saveSupplierService'> = async ({ session, params, body }) => {
    const wish = { ...body, supplierId: params.id, actor: session.name }
    const saved = await db.tenant(session.tenantId).transaction((tx) => saveAtSupplier(tx, wish))
    if (saved.kind === 'saved') return {}
    throw saved.reason === 'not-found' ? notFound() : badFields({ shippingServiceId: noSuchService })
  }

  const removeSupplierService: Handler<'removeSupplierService'> = async ({ session, params, body }) => {
    const wish = { ...body, supplierId: params.id, actor: session.name }
    refusedFor(await db.tenant(session.tenantId).transaction((tx) => removeFromSupplier(tx, wish)))
    return {}
  }

  const channelServices: Handler<'channelServices'> = ({ session, params }) =>
    db.read(session.tenantId, async (tx) => {
      const channel = await loadChannelForWork(tx, params.id)
      if (!channel || channel.removed) throw notFound()
      return {
        services: await listChannelServices(tx, params.id),
        waiting: await countWithoutService(tx, params.id),
        canDownload: connectorOf(channel.connector)?.orders.shippingServices !== undefined,
      }
    })

  const saveShippingMappings: Handler<'saveShippingMappings'> = async ({ session, params, body }) => {
    const wish = { channelId: params.id, drafts: body, actor: session.name }
    refusedFor(await db.tenant(session.tenantId).transaction((tx) => saveMappings(tx, wish)))
    return {}
  }

  const downloadChannelServices: Handler<'downloadChannelServices'> = async ({ session, params }) => {
    const started = await downloadShippingServices(db, session.tenantId, params.id)
    if (started.kind === 'refused') throw notStarted(started.reason, params.id)
    return {}
  }

  const applyToWaiting: Handler<'applyToWaiting'> = ({ session, params, body }) =>
    db.tenant(session.tenantId).transaction(async (tx) => {
      const wish = { ...body, channelId: params.id, after: body.after ?? null, actor: session.name }
      const result = await apply(tx, wish)
      if (result.kind === 'refused') throw notFound()
      const { orders, next } = result
      if (body.preview || next === null) return { orders, next, run: null }
      const run = await startRun(tx, { kind: 'apply-to-waiting', channelId: params.id })
      const step = { runId: run.id, channelId: params.id, what: body.what.join(','), after: next, actor: session.name }
      await tx.enqueue('apply-to-waiting', step, { key: run.id })
      return { orders, next: null, run: runAnswer(run) }
    })

  const chooseShippingService: Handler<'chooseShippingService'> = async ({ session, params, body }) => {
    const wish = { orderIds: [params.id], shippingServiceId: body.shippingServiceId, actor: session.name }
    const result = await db.tenant(session.tenantId).transaction((tx) => choose(tx, wish))
    if (result.kind === 'refused') throw badFields({ shippingServiceId: noSuchService })
    const [refused] = result.refused
    if (refused?.reason === 'not-found') throw notFound()
    if (refused) throw new Refused(409, refused.reason, notChosenTexts[refused.reason])
    return {}
  }

  return {
    shippingServices,
    addShippingService,
    changeShippingService,
    deleteShippingService,
    supplierServices,
    saveSupplierService,
    removeSupplierService,
    channelServices,
    saveShippingMappings,
    downloadChannelServices,
    applyToWaiting,
    chooseShippingService,
  } satisfies Partial<Handlers>
}

const noSuchService = 'This shipping service is switched off or gone.'
const nameTaken = () => badFields({ name: 'There is a shipping service of this name already.' })

function serviceRefused(refusal: ServiceRefusal): Refused {
  switch (refusal.reason) {
    case 'not-found':
      return notFound()
    case 'name-taken':
      return nameTaken()
    case 'on-orders':
      return new Refused(
        409,
        'used',
        'Orders went, or integrations once shipped, by this service, so it stays on record. Switch it off instead.',
      )
    case 'used': {
      const { defaults, mappings, suppliers, rules } = refusal.use
      const uses = [
        ...(defaults.length > 0 ? [`It is the default of ${defaults.join(', ')}.`] : []),
        ...(mappings > 0 ? [`${mappings} shipping ${mappings === 1 ? 'mapping leads' : 'mappings lead'} to it.`] : []),
        ...(suppliers > 0 ? [`${suppliers} ${suppliers === 1 ? 'supplier offers' : 'suppliers offer'} it.`] : []),
        ...(rules.length > 0
          ? [
              `${rules.length === 1 ? 'The pricing rule' : 'The pricing rules'} ${quoted(rules)} ${rules.length === 1 ? 'adds' : 'add'} its cost.`,
            ]
          : []),
      ]
      return new Refused(409, 'used', `${uses.join(' ')} Change that first.`)
    }
  }
}

const namesMax = 5

function quoted(names: string[]): string {
  const shown = names.slice(0, namesMax).map((name) => `“${name}”`)
  return names.length > namesMax ? `${shown.join(', ')} and ${names.length - namesMax} more` : shown.join(', ')
}
