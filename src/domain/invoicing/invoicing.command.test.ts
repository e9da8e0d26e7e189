import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts'
import { invoiceFaults } from '../../../test/support/invoice-faults.ts'
import {
  createInvoicingWorld,
  type InvoicingWorld,
  type OrderWish,
  type Terms,
} from '../../../test/support/invoicing-world.ts'
import type { Database, Tx } from '../../platform/database.ts'
import { systemIds } from '../../platform/ids.ts'
import { writePurchaseOrders } from '../purchasing/purchase-orders.store.ts'
import { creditPurchaseOrders } from './credit-purchase-orders.command.ts'
import { payInvoice, paySupplier, type NewPayment } from './record-payment.command.ts'
import { issueDays, settleInvoices } from './settle-invoices.command.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())

const connect = () => {
  const other = database.connect()
  other.attachQueue({ send: async () => {} })
  return other
}

const payment = (amountMinor: number, more: Partial<NewPayment> = {}): NewPayment => ({
  id: systemIds.uuid(),
  amountMinor,
  currency: 'GBP',
  paidOn: '2026-03-02',
  method: 'bank',
  reference: '',
  mayOverpay: false,
  actor: 'test',
  ...more,
})

type InvoiceRow = {
  id: string
  number: string | null
  kind: string
  state: string
  total: number
  paid: number
  credited: number
  due_on: string | null
}

const invoicesOf = async (world: InvoicingWorld) =>
  (
    await database.asOwner<Record<string, string>>(
      `select id, number, kind, state, total_minor as total, paid_minor as paid, credited_minor as credited, due_on::text as due_on
       from invoices where tenant_id = $1 order by kind desc, number nulls last`,
      [world.tenantId],
    )
  ).map((row) => ({
    ...row,
    total: Number(row.total),
    paid: Number(row.paid),
    credited: Number(row.credited),
  })) as unknown as InvoiceRow[]

const stateOfOrder = async (id: string) =>
  (await database.asOwner<{ state: string }>('select state from purchase_orders where id = $1', [id]))[0]?.state

const one = (supplierId: string, cost: number, more: Partial<OrderWish> = {}): OrderWish => ({
  supplierId,
  lines: [{ quantity: 1, cost, vatRate: 0 }],
  ...more,
})

test('D8: an invoice has goods, shipping and VAT of each line, half a penny rounded up, and is due after the payment days', async () => {
  const world = await createInvoicingWorld(database)
  const supplierId = await world.addSupplier({ paymentDays: 14 })
  await world.transaction((tx) =>
    world.raise(tx, [
      {
        supplierId,
        lines: [
          { quantity: 3, cost: 333, vatRate: 2000 },
          { quantity: 1, cost: 5, vatRate: 1000 },
        ],
        shipping: 250,
        shippingVatRate: 2000,
      },
    ]),
  )
  const [invoice] = await invoicesOf(world)
  // 999 + 200 (199.8), 5 + 1 (0.5), 250 + 50.
  expect(invoice).toMatchObject({ number: 'INV-000001', state: 'unpaid', total: 1505 })
  const [days] = await database.asOwner<{ days: number }>(
    `select due_on - (app_now() at time zone 'Europe/London')::date as days from invoices where id = $1`,
    [invoice?.id],
  )
  expect(days?.days).toBe(14)
  expect(await invoiceFaults(database, world.tenantId)).toEqual([])
})

test('D8: prepaid waits until its invoice is paid in full, and goes once', async () => {
  const world = await createInvoicingWorld(database)
  const supplierId = await world.addSupplier({ terms: 'prepaid' })
  const [first, second] = await world.transaction((tx) => world.raise(tx, [one(supplierId, 100), one(supplierId, 50)]))
  expect([first?.gate, first?.reason, second?.gate]).toEqual(['waiting', 'prepaid', 'waiting'])
  expect(await stateOfOrder(first?.id ?? '')).toBe('queued-for-payment')
  const [invoice] = await invoicesOf(world)
  await world.transaction((tx) => payInvoice(tx, invoice?.id ?? '', payment(99)))
  expect(await stateOfOrder(first?.id ?? '')).toBe('queued-for-payment')
  const last = payment(1)
  const answers = await Promise.all([
    world.transaction((tx) => payInvoice(tx, invoice?.id ?? '', last)),
    world.transaction((tx) => payInvoice(tx, invoice?.id ?? '', last), connect()),
  ])
  expect(answers.filter((answer) => answer.kind === 'paid' && answer.again)).toHaveLength(1)
  expect([await stateOfOrder(first?.id ?? ''), await stateOfOrder(second?.id ?? '')]).toEqual([
    'sent',
    'queued-for-payment',
  ])
  expect((await invoicesOf(world))[0]).toMatchObject({ state: 'paid', paid: 100 })
  expect(await invoiceFaults(database, world.tenantId)).toEqual([])
})

test('D8: what would exceed the credit limit waits, and goes oldest first as credit is free again', async () => {
  const world = await createInvoicingWorld(database)
  const supplierId = await world.addSupplier({ creditLimit: 100 })
  const orders = await world.transaction((tx) =>
    world.raise(tx, [one(supplierId, 60), one(supplierId, 40), one(supplierId, 30), one(supplierId, 20)]),
  )
  expect(orders.map((order) => order.gate)).toEqual(['open', 'open', 'waiting', 'waiting'])
  expect(orders[2]?.reason).toBe('credit-limit')
  await world.transaction((tx) => paySupplier(tx, supplierId, payment(40)))
  const states = () => Promise.all(orders.map((order) => stateOfOrder(order.id)))
  expect(await states()).toEqual(['sent', 'sent', 'sent', 'queued-for-payment'])
  const cut = await world.transaction(async (tx) => {
    const whole = await world.cut(tx, orders[1]?.id ?? '', 'all')
    await creditPurchaseOrders(tx, [whole])
    return whole
  })
  expect(cut.isWhole).toBe(true)
  await settleInvoices(database.db, world.tenantId)
  expect(await states()).toEqual(['sent', 'cancelled', 'sent', 'sent'])
  expect(await invoiceFaults(database, world.tenantId)).toEqual([])
})

test('D8: two pages at once cannot both use the last of the credit', async () => {
  const other = connect()
  for (let round = 0; round < 8; round++) {
    const world = await createInvoicingWorld(database)
    const supplierId = await world.addSupplier({ creditLimit: 100 })
    const gates = await Promise.all([
      world.transaction((tx) => world.raise(tx, [one(supplierId, 60)])),
      world.transaction((tx) => world.raise(tx, [one(supplierId, 60)]), other),
    ])
    expect(
      gates
        .flat()
        .map((order) => order.gate)
        .toSorted(),
    ).toEqual(['open', 'waiting'])
    expect(await invoiceFaults(database, world.tenantId)).toEqual([])
  }
})

test('P5: numbers have no gap when transactions run at once and some roll back', async () => {
  const world = await createInvoicingWorld(database)
  const supplierId = await world.addSupplier()
  const connections = [database.db, connect(), connect()]
  await Promise.all(
    Array.from({ length: 24 }, (_, index) =>
      world
        .transaction(
          async (tx) => {
            await world.raise(tx, [one(supplierId, 1), one(supplierId, 2)])
            if (index % 3 === 0) throw new Error('Rolled back on purpose.')
          },
          connections[index % 3] as Database,
        )
        .catch(() => {}),
    ),
  )
  const numbers = (await invoicesOf(world)).map((invoice) => invoice.number)
  expect(numbers).toEqual(Array.from({ length: 32 }, (_, index) => `INV-${String(index + 1).padStart(6, '0')}`))
  expect(await invoiceFaults(database, world.tenantId)).toEqual([])
})

test('P5: cuts take the same pennies off as were charged, however they are sliced', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        quantity: fc.integer({ min: 1, max: 7 }),
        cost: fc.integer({ min: 1, max: 99 }),
        vatRate: fc.constantFrom(0, 500, 777, 2000),
        cuts: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 7 }),
      }),
      async ({ quantity, cost, vatRate, cuts }) => {
        const world = await createInvoicingWorld(database)
        const supplierId = await world.addSupplier()
        const [order] = await world.transaction((tx) =>
          world.raise(tx, [{ supplierId, lines: [{ quantity, cost, vatRate }], shipping: 99, shippingVatRate: 2000 }]),
        )
        for (const units of [...cuts, 99]) {
          await world.transaction(async (tx) => {
            const cut = await world.cut(tx, order?.id ?? '', new Map([[order?.lineIds[0] ?? '', units]]))
            await creditPurchaseOrders(tx, [cut])
          })
        }
        const [invoice] = await invoicesOf(world)
        expect(invoice).toMatchObject({ state: 'credited', credited: invoice?.total })
        expect(await invoiceFaults(database, world.tenantId)).toEqual([])
      },
    ),
    // Of 36 the VAT is 7, of each 12 it is 2: the last cut takes 3.
    { numRuns: 15, examples: [[{ quantity: 3, cost: 12, vatRate: 2000, cuts: [1, 1] }]] },
  )
})

test('D8: one invoice a day collects as a draft, gives back what is cut, and is issued when its day is over', async () => {
  const world = await createInvoicingWorld(database)
  const supplierId = await world.addSupplier({ invoicePer: 'day' })
  const [first] = await world.transaction((tx) => world.raise(tx, [one(supplierId, 100)]))
  const [second] = await world.transaction((tx) => world.raise(tx, [one(supplierId, 30)]))
  expect(await invoicesOf(world)).toMatchObject([{ state: 'draft', total: 130, number: null }])
  const cutAll = (id: string) =>
    world.transaction(async (tx) => creditPurchaseOrders(tx, [await world.cut(tx, id, 'all')]))
  await cutAll(first?.id ?? '')
  expect(await invoicesOf(world)).toMatchObject([{ state: 'draft', total: 30 }])
  expect(await world.transaction(issueDays)).toBe(0)
  await database.asOwner('update invoices set for_day = for_day - 1 where tenant_id = $1', [world.tenantId])
  await settleInvoices(database.db, world.tenantId)
  expect(await invoicesOf(world)).toMatchObject([{ state: 'unpaid', total: 30, number: 'INV-000001' }])
  const [third] = await world.transaction((tx) => world.raise(tx, [one(supplierId, 7)]))
  await cutAll(third?.id ?? '')
  await cutAll(second?.id ?? '')
  expect(await invoicesOf(world)).toMatchObject([
    { kind: 'invoice', state: 'credited', total: 30 },
    { kind: 'credit-note', number: 'CN-000001', total: 30 },
  ])
  expect(await invoiceFaults(database, world.tenantId)).toEqual([])
})

test('D8: a payment is not more than is owed unless it is meant, and can be taken back', async () => {
  const world = await createInvoicingWorld(database)
  const supplierId = await world.addSupplier()
  await world.transaction((tx) => world.raise(tx, [one(supplierId, 100)]))
  const [invoice] = await invoicesOf(world)
  const pay = (wish: NewPayment) => world.transaction((tx) => payInvoice(tx, invoice?.id ?? '', wish))
  expect(await pay(payment(101))).toEqual({ kind: 'refused', reason: 'more-than-owed' })
  expect(await pay(payment(-1))).toEqual({ kind: 'refused', reason: 'more-than-paid' })
  expect(await pay(payment(50, { currency: 'EUR' }))).toEqual({ kind: 'refused', reason: 'wrong-currency' })
  expect((await pay(payment(120, { mayOverpay: true }))).kind).toBe('paid')
  expect((await pay(payment(-70))).kind).toBe('paid')
  expect((await invoicesOf(world))[0]).toMatchObject({ state: 'part-paid', paid: 50 })
  expect(await invoiceFaults(database, world.tenantId)).toEqual([])
})

test('P4: entries of the ledger cannot be changed or removed', async () => {
  const world = await createInvoicingWorld(database)
  const supplierId = await world.addSupplier()
  await world.transaction((tx) => world.raise(tx, [one(supplierId, 100)]))
  await expect(
    world.transaction((tx) =>
      sql`update ledger_entries set debit_minor = 1 where tenant_id = ${tx.tenantId}`.execute(tx),
    ),
  ).rejects.toThrow('append-only')
  await expect(
    world.transaction((tx) => sql`delete from ledger_entries where tenant_id = ${tx.tenantId}`.execute(tx)),
  ).rejects.toThrow('append-only')
})

test('a page of any size is written and invoiced in the same number of statements', async () => {
  const world = await createInvoicingWorld(database)
  const suppliers = [await world.addSupplier(), await world.addSupplier({ creditLimit: 1_000_000 })]
  const countFor = (size: number) =>
    world.transaction(async (tx) => {
      const wishes = Array.from({ length: size }, (_, index) => one(suppliers[index % 2] ?? '', 10, { shipping: 5 }))
      const drafts = await world.draftsOf(tx, wishes)
      let count = 0
      const { tenantId, attempt, ids, enqueue, notify, afterCommit } = tx
      const counting = tx.withPlugin({
        transformQuery: ({ node }) => {
          count += 1
          return node
        },
        transformResult: async ({ result }) => result,
      })
      const counted = Object.assign(counting, { tenantId, attempt, ids, enqueue, notify, afterCommit }) as Tx
      await writePurchaseOrders(counted, drafts)
      return count
    })
  const few = await countFor(2)
  expect(await countFor(150)).toBe(few)
  expect(few).toBeLessThanOrEqual(11)
})

const termsOf = fc.oneof(
  fc.constant<Terms>({}),
  fc.constant<Terms>({ terms: 'prepaid' }),
  fc.integer({ min: 0, max: 3000 }).map((creditLimit): Terms => ({ creditLimit })),
  fc.constant<Terms>({ invoicePer: 'day' }),
  fc.integer({ min: 0, max: 3000 }).map((creditLimit): Terms => ({ creditLimit, invoicePer: 'day' })),
)

const line = fc.record({
  quantity: fc.integer({ min: 1, max: 4 }),
  cost: fc.integer({ min: 0, max: 999 }),
  vatRate: fc.constantFrom(0, 500, 777, 2000),
})

const step = fc.oneof(
  fc.record({
    does: fc.constant('raise' as const),
    orders: fc.array(
      fc.record({
        supplier: fc.nat(2),
        lines: fc.array(line, { minLength: 1, maxLength: 3 }),
        shipping: fc.integer({ min: 0, max: 300 }),
        fails: fc.boolean(),
      }),
      { minLength: 1, maxLength: 4 },
    ),
    rollsBack: fc.integer({ min: 0, max: 4 }),
  }),
  fc.record({
    does: fc.constant('cut' as const),
    order: fc.nat(30),
    units: fc.array(fc.nat(3), { maxLength: 3 }),
    all: fc.boolean(),
  }),
  fc.record({
    does: fc.constant('pay' as const),
    invoice: fc.nat(30),
    percent: fc.constantFrom(1, 50, 100, 150, -100),
    twice: fc.boolean(),
  }),
  fc.record({
    does: fc.constant('pay-supplier' as const),
    supplier: fc.nat(2),
    amount: fc.integer({ min: 1, max: 4000 }),
  }),
  fc.constant({ does: 'day-ends' as const }),
  fc.constant({ does: 'settle' as const }),
)

type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never

async function run(
  world: InvoicingWorld,
  suppliers: string[],
  terms: Terms[],
  steps: Step[],
  db: Database,
): Promise<void> {
  const written: { id: string; lineIds: string[] }[] = []
  for (const next of steps) {
    if (next.does === 'raise') {
      const wishes = next.orders.map(({ supplier, ...order }) => ({
        ...order,
        supplierId: suppliers[supplier] ?? '',
        shippingVatRate: 2000,
      }))
      const raised = await world
        .transaction(async (tx) => {
          const orders = await world.raise(tx, wishes)
          if (next.rollsBack === 0) throw new Error('Rolled back on purpose.')
          return orders
        }, db)
        .catch((error: unknown) => {
          if (error instanceof Error && error.message.includes('on purpose')) return []
          throw error
        })
      written.push(...raised)
    } else if (next.does === 'cut') {
      const order = written[next.order % Math.max(1, written.length)]
      if (!order) continue
      const units = new Map(next.units.map((count, index) => [order.lineIds[index] ?? '', count]))
      await world.transaction(async (tx) => {
        await sql`select from orders where tenant_id = ${tx.tenantId} order by id for no key update`.execute(tx)
        await creditPurchaseOrders(tx, [await world.cut(tx, order.id, next.all ? 'all' : units)])
      }, db)
    } else if (next.does === 'pay') {
      const invoices = (await invoicesOf(world)).filter((each) => each.kind === 'invoice' && each.number !== null)
      const invoice = invoices[next.invoice % Math.max(1, invoices.length)]
      if (!invoice) continue
      const amount = Math.round(((invoice.total - invoice.credited) * next.percent) / 100)
      // What is taken back is owed again, so a limit may be passed by it; that is no fault.
      if (amount === 0 || (amount < 0 && terms.some((each) => each.creditLimit !== undefined))) continue
      const wish = payment(amount, { mayOverpay: next.percent === 150 })
      for (let count = next.twice ? 2 : 1; count > 0; count--)
        await world.transaction((tx) => payInvoice(tx, invoice.id, wish), db)
    } else if (next.does === 'pay-supplier') {
      const wish = payment(next.amount)
      await world.transaction((tx) => paySupplier(tx, suppliers[next.supplier] ?? '', wish), db)
    } else if (next.does === 'day-ends') {
      await database
        .asOwner(`update invoices set for_day = for_day - 1 where tenant_id = $1 and state = 'draft'`, [world.tenantId])
        // Another draft of that day may be there already.
        .catch(() => {})
      await world.transaction(issueDays, db)
    } else {
      await settleInvoices(db, world.tenantId)
    }
  }
}

test('P4, P5, D8: they hold after any steps of two people at once, with repeats and rollbacks', async () => {
  const other = connect()
  await fc.assert(
    fc.asyncProperty(
      fc.array(termsOf, { minLength: 3, maxLength: 3 }),
      fc.array(step, { minLength: 2, maxLength: 10 }),
      fc.array(step, { maxLength: 8 }),
      async (terms, here, there) => {
        const world = await createInvoicingWorld(database)
        const suppliers: string[] = []
        for (const each of terms) suppliers.push(await world.addSupplier(each))
        await Promise.all([run(world, suppliers, terms, here, database.db), run(world, suppliers, terms, there, other)])
        expect(await invoiceFaults(database, world.tenantId)).toEqual([])
        await settleInvoices(database.db, world.tenantId)
        expect(await invoiceFaults(database, world.tenantId)).toEqual([])
      },
    ),
    { numRuns: 40 },
  )
})
