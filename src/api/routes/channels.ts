import { loadChannelRow } from '../../domain/channels/channel-views.store.ts'
import { changeChannelSettings } from '../../domain/channels/change-settings.command.ts'
import {
  downloadListings as startListings,
  downloadOrders as startOrders,
  type DownloadResult,
} from '../../domain/channels/download.command.ts'
import { removeChannel as remove } from '../../domain/channels/remove-channel.command.ts'
import { checkChannelName as checkName, renameChannel as rename } from '../../domain/channels/rename-channel.command.ts'
import { listRuns } from '../../domain/channels/runs.store.ts'
import { switchChannel as turn } from '../../domain/channels/switch-channel.command.ts'
import { downloadAgain } from '../../domain/orders/download-again.command.ts'
import { listSkippedOrders } from '../../domain/orders/skipped-orders.store.ts'
import { connectChannel, reauthoriseChannel as reauthorise } from '../../engine/connect.ts'
import type { Handler, Handlers } from '../handler.ts'
import { notFound, Refused, refusedFor } from '../refusals.ts'
import { channelPage, channelRow, channelRows, runAnswer } from './channel-answers.ts'
import type { RouteParts } from './route-parts.ts'

/** Settings › Sales channel integrations (A). */
export function channelRoutes({ parts, publicUrl }: RouteParts) {
  const { db } = parts
  const row = (tenantId: string, id: string) => db.read(tenantId, (tx) => channelRow(tx, id))
  const page = (tenantId: string, id: string) => db.read(tenantId, (tx) => channelPage(tx, id, { ...parts, publicUrl }))

  const channels: Handler<'channels'> = ({ session }) => db.read(session.tenantId, channelRows)
  const channel: Handler<'channel'> = ({ session, params }) => page(session.tenantId, params.id)
  const checkChannelName: Handler<'checkChannelName'> = ({ session, query }) =>
    checkName(db, session.tenantId, query.name)

  const addChannel: Handler<'addChannel'> = async ({ session, body }) => {
    const added = await connectChannel(parts, session.tenantId, {
      ...body,
      currency: body.currency.toUpperCase(),
      actor: session.name,
    })
    if (added.kind === 'refused') throw new Refused(422, 'not-connected', added.message, { fields: added.fields })
    return row(session.tenantId, added.channelId)
  }

  const reauthoriseChannel: Handler<'reauthoriseChannel'> = async ({ session, params, body }) => {
    const done = await reauthorise(parts, session.tenantId, {
      channelId: params.id,
      account: body.account,
      actor: session.name,
    })
    if (done.kind === 'refused') {
      if (done.reason === 'not-found') throw notFound()
      throw new Refused(422, 'not-connected', done.message, { fields: done.fields })
    }
    return page(session.tenantId, params.id)
  }

  const saveChannelSettings: Handler<'saveChannelSettings'> = async ({ session, params, body }) => {
    refusedFor(
      await changeChannelSettings(db, session.tenantId, { channelId: params.id, change: body, actor: session.name }),
    )
    return page(session.tenantId, params.id)
  }

  const renameChannel: Handler<'renameChannel'> = async ({ session, params, body }) => {
    refusedFor(await rename(db, session.tenantId, { channelId: params.id, name: body.name, actor: session.name }))
    return page(session.tenantId, params.id)
  }

  const switchChannel: Handler<'switchChannel'> = async ({ session, params, body }) => {
    refusedFor(await turn(db, session.tenantId, { channelId: params.id, enabled: body.enabled, actor: session.name }))
    return row(session.tenantId, params.id)
  }

  const removeChannel: Handler<'removeChannel'> = async ({ session, params }) => {
    refusedFor(await remove(db, session.tenantId, { channelId: params.id, actor: session.name }))
    return {}
  }

  const downloadOrders: Handler<'downloadOrders'> = async ({ session, params }) => {
    started(await startOrders(db, session.tenantId, params.id), params.id)
    return {}
  }

  const skippedOrders: Handler<'skippedOrders'> = ({ session, params, query }) =>
    db.read(session.tenantId, async (tx) => {
      if (!(await loadChannelRow(tx, params.id))) throw notFound()
      const list = await listSkippedOrders(tx, params.id, query)
      return { ...list, rows: list.rows.map((row) => ({ ...row, at: row.at.toISOString() })) }
    })

  const downloadSkippedOrder: Handler<'downloadSkippedOrder'> = async ({ session, params, body }) => {
    const { marketplaceOrderId } = body
    const input = { channelId: params.id, marketplaceOrderId, actor: session.name }
    const asked = await downloadAgain(db, session.tenantId, input)
    if (asked.kind === 'refused') throw notStarted(asked.reason, params.id)
    return {}
  }

  const downloadListings: Handler<'downloadListings'> = async ({ session, params }) => {
    const run = started(await startListings(db, session.tenantId, params.id), params.id)
    if (!run) throw new Error('A download of listings has a run to watch.')
    return runAnswer(run)
  }

  const runs: Handler<'runs'> = ({ session, query }) =>
    db.read(session.tenantId, async (tx) => (await listRuns(tx, query)).map(runAnswer))

  const run: Handler<'run'> = async ({ session, params }) => {
    const [found] = await db.read(session.tenantId, (tx) => listRuns(tx, { id: params.id }))
    if (!found) throw notFound()
    return runAnswer(found)
  }

  return {
    channels,
    channel,
    checkChannelName,
    addChannel,
    reauthoriseChannel,
    saveChannelSettings,
    renameChannel,
    switchChannel,
    removeChannel,
    downloadOrders,
    skippedOrders,
    downloadSkippedOrder,
    downloadListings,
    runs,
    run,
  } satisfies Partial<Handlers>
}

function started(result: DownloadResult, channelId: string) {
  if (result.kind === 'started') return result.run
  throw notStarted(result.reason, channelId)
}

export function notStarted(reason: 'not-found' | keyof typeof downloadRefusals, channelId: string): Refused {
  if (reason === 'not-found') return notFound()
  const action = { label: 'Open the integration', href: `/settings/channels/${channelId}` }
  return new Refused(409, reason, downloadRefusals[reason], { action })
}

const downloadRefusals = {
  'switched-off': 'This integration is switched off. Switch it on to download.',
  'signed-out': 'The marketplace no longer accepts these credentials. Reauthorise the integration first.',
}
