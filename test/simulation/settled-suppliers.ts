// P3 at rest: the suppliers' own books against the hub's. Each sent purchase order is there exactly once and as it stands
// now, a cancelled one was told once, and nothing is there that was never sent.
import { sql } from 'kysely'
import type { Tx } from '../../src/platform/database.ts'
import type { Unmet } from './settled.ts'
import type { Simulation } from './simulation.ts'

type Row = {
  number: string
  revision: number
  state: string
  supplierId: string
  sentAt: Date | null
  units: number
  open: string[]
}

type Told = { revision: number; isCancelled: boolean; units: number | null; place: string }

export async function wrongPurchaseOrders(tx: Tx, { suppliers, peers }: Simulation): Promise<Unmet[]> {
  const unmet: Unmet[] = []
  const tell = (sentence: string) => unmet.push({ invariant: 'P3', sentence })
  for (const [key, all] of Map.groupBy(peers.received, (one) => one.key))
    if (all.length > 1) tell(`${key} is at its supplier ${all.length} times`)
  const told = Map.groupBy(
    peers.received.map((one) => ({ number: one.key.split('/')[0] ?? '', ...readTold(one) })),
    ({ number }) => number,
  )
  const rows = await readRows(tx)
  for (const number of told.keys())
    if (!rows.some((row) => row.number === number)) tell(`${number} is at a supplier and not here`)
  for (const row of rows) {
    const supplier = suppliers.find(({ id }) => id === row.supplierId)
    if (!supplier || supplier.way === 'screen') continue
    const his = told.get(row.number) ?? []
    if (his.some(({ place }) => place !== supplier.place)) tell(`${row.number} of ${supplier.name} went to another`)
    const fault = faultOf(row, his)
    if (fault !== undefined) tell(`${row.number} (${row.state}, revision ${row.revision}) by ${supplier.way}: ${fault}`)
  }
  return unmet
}

function faultOf({ state, revision, units, open, sentAt }: Row, his: Told[]): string | undefined {
  if (open.length > 0) return `is still ${open.join(', ')}`
  const last = his.toSorted((one, other) => one.revision - other.revision).at(-1)
  if (state === 'queued-for-payment') return last && 'was sent although it waits for payment'
  if (state === 'cancelled') {
    if (!last) return sentAt ? 'counts as sent and is not there' : undefined
    return last.isCancelled ? undefined : 'was cancelled and he was not told'
  }
  if (!last) return 'is not there'
  if (last.isCancelled) return 'he was told it is cancelled'
  if (last.revision !== revision) return `he has revision ${last.revision}`
  if (last.units !== null && last.units !== units) return `he has ${last.units} units and not ${units}`
  return undefined
}

function readTold({ way, key, body, table, place }: Simulation['peers']['received'][number]): Told {
  const revision = Number(key.split('/')[1])
  if (way === 'webhook') {
    const { type, lines } = JSON.parse(body) as { type: string; lines: { quantity: number }[] }
    const isCancelled = type === 'purchase-order.cancelled'
    return { revision, isCancelled, units: lines.reduce((sum, line) => sum + line.quantity, 0), place }
  }
  const text = way === 'email' ? (table ?? '') : body
  const [head = [], ...rows] = text
    .replace('\ufeff', '')
    .trim()
    .split(/\r?\n/)
    .map((line) =>
      [...line.matchAll(/"((?:[^"]|"")*)"(?:,|$)|([^,]*)(?:,|$)/g)].map((cell) => cell[1] ?? cell[2] ?? ''),
    )
  const at = (name: string) => head.indexOf(name)
  return {
    revision,
    isCancelled: rows.some((cells) => cells[at('State')] === 'cancelled'),
    units: rows.reduce((sum, cells) => sum + Number(cells[at('Quantity')] ?? 0), 0),
    place,
  }
}

async function readRows(tx: Tx): Promise<Row[]> {
  const { rows } = await sql<Row>`
    select p.number, p.revision, p.state, p.supplier_id as "supplierId", p.sent_at as "sentAt", (
        select coalesce(sum(l.quantity - l.cancelled_quantity), 0)::int from purchase_order_lines l
        where l.tenant_id = p.tenant_id and l.purchase_order_id = p.id
      ) as units, array(
        select e.state from effects e where e.tenant_id = p.tenant_id and e.subject_id = p.id and e.kind = 'send-purchase-order'
          and e.state in ('intended', 'in-flight', 'unknown', 'rejected') order by e.id
      ) as open
    from purchase_orders p where p.tenant_id = ${tx.tenantId} order by p.number
  `.execute(tx)
  return rows
}

/** M5: in doubt for a quarter of an hour, and nobody is told. */
export function createDoubtWatch({ report, clock }: Pick<Simulation, 'report' | 'clock'>) {
  const since = new Map<string, number>()
  return async (tx: Tx): Promise<void> => {
    const { rows } = await sql<{ id: string; number: string; isShown: boolean }>`
      select e.id, p.number, exists (
        select from problems q where q.tenant_id = e.tenant_id and q.closed_at is null and q.key like '%/' || e.id
      ) as "isShown"
      from effects e join purchase_orders p on p.tenant_id = e.tenant_id and p.id = e.subject_id
      where e.tenant_id = ${tx.tenantId} and e.kind = 'send-purchase-order' and e.state = 'unknown'
    `.execute(tx)
    const now = clock.now().getTime()
    for (const id of since.keys()) if (!rows.some((row) => row.id === id)) since.delete(id)
    for (const { id, number, isShown } of rows) {
      const first = since.get(id) ?? now
      since.set(id, first)
      if (!isShown && now - first > doubtMinutesMax * 60_000)
        report('M5', `Purchase order ${number} is in doubt since ${new Date(first).toISOString()}, and nobody is told`)
    }
  }
}

const doubtMinutesMax = 15
