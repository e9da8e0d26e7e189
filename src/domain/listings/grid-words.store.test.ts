import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts'
import { createOrdersWorld, type OrdersWorld } from '../../../test/support/orders-world.ts'
import { findGridProducts } from './grid.store.ts'
import type { WordSurvey } from './grid-common-words.store.ts'
import { settleGrid } from './settle-grid.command.ts'

let database: TestDatabase
let world: OrdersWorld

beforeAll(async () => {
  database = await createTestDatabase()
  world = await createOrdersWorld(database)
})
afterAll(() => database.dispose())

const words = ['blue', 'bluebell', 'blouse', 'mug', 'muggy', 'étude', '🎸pick', '🎹stool']
const searches = ['b', 'bl', 'blue', 'bluebell', 'mu', 'mug blue', 'etude', 'p', 'mug pick b', 'nothing']

type Step =
  | { kind: 'add'; title: string }
  | { kind: 'change'; at: number; title: string }
  | { kind: 'archive' | 'restore' | 'remove'; at: number }
  | { kind: 'settle'; survey: WordSurvey }

type Plain = { id: string; title: string; isArchived: boolean }

const title = fc.uniqueArray(fc.constantFrom(...words), { minLength: 1, maxLength: 4 }).map((some) => some.join(' '))
const at = fc.nat(30)
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('add' as const), title }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('change' as const), at, title }) },
  fc.record({ kind: fc.constantFrom('archive' as const, 'restore' as const, 'remove' as const), at }),
  fc.record({
    kind: fc.constant('settle' as const),
    survey: fc.record({
      productsMin: fc.constantFrom(1, 1_000_000),
      commonPart: fc.constantFrom(0.2, 0.6, 0),
      readyMax: fc.constantFrom(1, 100),
    }),
  }),
)

async function take(plain: Plain[], step: Step): Promise<void> {
  const one = 'at' in step ? plain[step.at % Math.max(1, plain.length)] : undefined
  if (step.kind === 'settle') while ((await settleGrid(world.db, world.tenantId, step.survey)) === 'more');
  if (step.kind === 'add') {
    const [row] = await database.asOwner<{ id: string }>(
      `insert into products (tenant_id, id, handle, title) values ($1, uuidv7(), uuidv7(), $2) returning id`,
      [world.tenantId, step.title],
    )
    plain.push({ id: row?.id ?? '', title: step.title, isArchived: false })
  }
  if (!one) return
  if (step.kind === 'change') {
    one.title = step.title
    await database.asOwner('update products set title = $2 where id = $1', [one.id, step.title])
  }
  if (step.kind === 'archive' || step.kind === 'restore') {
    one.isArchived = step.kind === 'archive'
    await database.asOwner('update products set archived_at = case when $2 then app_now() end where id = $1', [
      one.id,
      one.isArchived,
    ])
  }
  if (step.kind === 'remove') {
    plain.splice(plain.indexOf(one), 1)
    await database.asOwner('delete from products where id = $1', [one.id])
  }
}

const usual: WordSurvey = { productsMin: 1_000_000, commonPart: 1, readyMax: 1 }

function met(plain: Plain[], search: string): string[] {
  const plainText = (text: string) => text.normalize('NFKD').replaceAll(/[^a-z ]/gu, '')
  const asked = search.split(' ')
  return plain
    .filter(({ title: text, isArchived }) => {
      const terms = plainText(text).split(' ')
      return !isArchived && asked.every((word) => terms.some((term) => term.startsWith(word)))
    })
    .map(({ id }) => id)
    .toSorted()
}

test('F2: whatever is added, renamed, archived and removed, words find the products that have them, common or not', async () => {
  let readySeen = 0
  let freeSeen = 0
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), async (steps) => {
      const plain: Plain[] = []
      for (const one of steps) await take(plain, one)
      await take(plain, { kind: 'settle', survey: usual })
      for (const search of searches) {
        const found = await world.db.read(world.tenantId, (tx) =>
          findGridProducts(
            tx,
            { channelId: world.channelId, search },
            { sort: 'title', descending: false, limit: 100 },
            // Counts as the bits have it, not as the rows do.
            { few: 0, walked: 100, sorted: 0, sortedByText: 0, beginning: 0, counted: 100 },
          ),
        )
        const expected = met(plain, search)
        expect(found.products.map(({ id }) => id).toSorted()).toEqual(expected)
        expect(found.count).toEqual({ value: expected.length, more: false })
      }
      const [seen] = await database.asOwner<{ ready: number; free: number; doubled: number; stale: number }>(
        `select (select count(*)::int from common_words) as ready, (select count(*)::int from free_slots) as free,
           (select count(*)::int from free_slots f join product_words w on w.tenant_id = f.tenant_id and w.slot = f.slot) as doubled,
           (select count(*)::int from product_terms t where not exists (
             select from product_words w where w.tenant_id = t.tenant_id and w.slot = t.slot and w.looked_up)) as stale`,
      )
      expect(seen).toMatchObject({ doubled: 0, stale: 0 })
      readySeen = Math.max(readySeen, seen?.ready ?? 0)
      freeSeen = Math.max(freeSeen, seen?.free ?? 0)
      await database.asOwner('delete from products')
      await database.asOwner('delete from common_words')
      await database.asOwner('delete from word_bits')
      await database.asOwner('update product_slots set surveyed = 0')
      await take([], { kind: 'settle', survey: usual })
    }),
    { numRuns: 25 },
  )
  expect(readySeen).toBeGreaterThan(5)
  expect(freeSeen).toBeGreaterThan(0)
})
