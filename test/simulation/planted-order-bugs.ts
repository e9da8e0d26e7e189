// Bugs put in on purpose between an order and its money: of what goes to suppliers, what is kept in one transaction, and
// what is billed. Around the engine's own work, never inside of it.
import { sql } from 'kysely'
import type { ChannelOrder, Page } from '../../src/connectors/connector.ts'
import type { ChannelRun } from '../../src/engine/channel-run.ts'
import type { EngineParts } from '../../src/engine/channel-run.ts'
import type { Tx } from '../../src/platform/database.ts'
import type { Plant } from './planted-bugs.ts'
import type { Work } from './simulation.ts'

/** A purchase order without an answer goes out again: nobody asks the supplier's server whether he has it. */
export const sendsWithoutLooking: Plant = withSending((parts) => ({
  ...parts,
  outside: {
    ...parts.outside,
    request: (request) =>
      request.method === 'GET'
        ? Promise.resolve({ status: 404, headers: {}, bytes: new Uint8Array() })
        : parts.outside.request(request),
  },
}))

/** Each try puts down a file of another name. */
export const namesEachFile: Plant = withSending((parts) => ({
  ...parts,
  sftp: {
    ...parts.sftp,
    use: (address, work) =>
      parts.sftp.use(address, (files) =>
        work({
          ...files,
          size: () => Promise.resolve(null),
          write: (path, content) => files.write(path.replace(/-r/, `-${parts.clock.now().getTime()}-r`), content),
        }),
      ),
  },
}))

/** A mail that may have arrived goes out again by itself. */
export const mailsAgain: Plant = (work) => ({
  ...work,
  tenantJobs: work.tenantJobs.map((job) => {
    if (job.name !== 'send-purchase-orders') return job
    return {
      ...job,
      async run(parts, data) {
        await parts.db.tenant(data.tenantId).transaction((tx) =>
          sql`
            update effects set state = 'intended', data = data - 'asksPerson'
            where tenant_id = ${tx.tenantId} and kind = 'send-purchase-order' and state = 'unknown'
          `.execute(tx),
        )
        await job.run(parts, data)
      },
    }
  }),
})

/** What an older page says counts as new, whatever a newer one said since. */
export const takesOldForNew: Plant = (work) => {
  const first = new Map<string, ChannelOrder>()
  return withPull(async (run, pull) => {
    const page = await pull()
    const here = new Set(page.items.map((order) => order.marketplaceOrderId))
    const old = [...first.values()].filter((order) => !here.has(order.marketplaceOrderId)).slice(-20)
    for (const order of page.items) if (!first.has(order.marketplaceOrderId)) first.set(order.marketplaceOrderId, order)
    return { ...page, items: [...page.items, ...old.map((order) => ({ ...order, updatedAt: run.call.now }))] }
  })(work)
}

/** What is to be sent is written down after the commit, and now and then no more. */
export const writesOutboxAfterwards: Plant = afterPull((tx, turn) =>
  turn % 3 === 0
    ? sql`
        delete from effects where tenant_id = ${tx.tenantId} and kind = 'send-purchase-order' and state = 'intended' and attempts = 0
      `.execute(tx)
    : Promise.resolve(),
)

/** The invoice comes in a transaction of its own, and now and then not at all. */
export const invoicesAfterwards: Plant = afterPull(async (tx) => {
  const { rows } = await sql<{ id: string }>`
    select purchase_order_id as id from invoice_lines where tenant_id = ${tx.tenantId} order by purchase_order_id desc limit 1
  `.execute(tx)
  await sql`delete from invoice_lines where tenant_id = ${tx.tenantId} and purchase_order_id = ${rows[0]?.id ?? null}`.execute(
    tx,
  )
})

/** Who cancels forgets that it was invoiced. */
export const forgetsCreditNotes: Plant = afterPull(async (tx) => {
  await sql`
    delete from invoice_lines l using invoices i
    where i.tenant_id = ${tx.tenantId} and i.kind = 'credit-note' and l.tenant_id = i.tenant_id and l.invoice_id = i.id
  `.execute(tx)
})

/** Nobody asks whether a supplier is to be paid first. */
export const forgetsGates: Plant = afterPull((tx) =>
  sql`
    update purchase_orders set state = 'sent', sent_at = app_now()
    where tenant_id = ${tx.tenantId} and state = 'queued-for-payment'
  `.execute(tx),
)

function withSending(change: (parts: EngineParts) => EngineParts): Plant {
  return (work) => ({
    ...work,
    tenantJobs: work.tenantJobs.map((job) =>
      job.name === 'send-purchase-orders' ? { ...job, run: (parts, data) => job.run(change(parts), data) } : job,
    ),
  })
}

type Pull = (run: ChannelRun, pull: () => Promise<Page<ChannelOrder>>) => Promise<Page<ChannelOrder>>

function withPull(change: Pull): Plant {
  return withOperation((run, goOn) => {
    const pull: typeof run.connector.orders.pull = (call, from) =>
      change(run, () => run.connector.orders.pull(call, from))
    return goOn({ ...run, connector: { ...run.connector, orders: { ...run.connector.orders, pull } } })
  })
}

function afterPull(act: (tx: Tx, turn: number) => Promise<unknown>): Plant {
  let turn = 0
  return withOperation(async (run, goOn) => {
    const ended = await goOn(run)
    turn += 1
    await run.transaction(async (tx) => {
      await act(tx, turn)
      await tx.notify('orders')
    })
    return ended
  })
}

type Operation = Work['operations'][number]

function withOperation(change: (run: ChannelRun, goOn: Operation['run']) => ReturnType<Operation['run']>): Plant {
  return (work) => ({
    ...work,
    operations: work.operations.map((operation) =>
      operation.name === 'pull-orders'
        ? { ...operation, run: (run) => change(run, (changed) => operation.run(changed)) }
        : operation,
    ),
  })
}
