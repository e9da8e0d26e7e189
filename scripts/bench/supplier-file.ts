// A supplier's stock file, first seen and then again with a tenth of its figures changed, beside the same rows written bare.
import { Readable } from 'node:stream'
import { startImport } from '../../src/domain/files/start-import.command.ts'
import { applyFile } from '../../src/engine/apply-file.ts'
import { systemIds } from '../../src/platform/ids.ts'
import { bareTransaction, describeTables, insertBare, readRows, updateBare } from './bare.ts'
import { fillShop, type Shop } from './shop.ts'
import { rates, timed, type Benchmark, type BenchWorld } from './world.ts'

export const supplierFile: Benchmark = {
  name: 'supplier-file',
  sentence: "rows of a supplier's stock file: as his first file, and again with a tenth of them changed",
  sizes: { alone: 50_000, among: 5_000, max: 1_000_000 },
  async run(world, size) {
    const shop = await fillShop(world.owner, { variants: size, channels: 0, offersEach: 0 })
    const supplierId = shop.supplierIds[0] ?? ''
    const first = await apply(world, { shop, supplierId, csv: csvOf(size, 0) })
    const firstBareMs = await writeFirst(world, shop, first.importId)
    const again = await apply(world, { shop, supplierId, csv: csvOf(size, 1) })
    const againBareMs = await writeAgain(world, shop, again.importId)
    const one = rates(size, { hubMs: first.milliseconds, bareMs: firstBareMs })
    const two = rates(size, { hubMs: again.milliseconds, bareMs: againBareMs })
    return {
      figures: { ...named(one.hub, two.hub), rssMb: world.rssMb() },
      limits: named(one.bare, two.bare),
      ratios: { firstPerSecond: one.ratio, againPerSecond: two.ratio },
      notes: [
        `First: both wrote ${size} supplier_offers and ${size} stock_movements.`,
        `Again: both changed ${size} supplier_offers (their age too) and wrote ${Math.ceil(size / 10)} stock_movements.`,
        'The hub besides: the file read and judged, its rows staged, marks of changed variants.',
      ],
    }
  },
}

type Rate = { seconds: number; perSecond: number }

function named(first: Rate, again: Rate) {
  return {
    firstSeconds: first.seconds,
    firstPerSecond: first.perSecond,
    againSeconds: again.seconds,
    againPerSecond: again.perSecond,
  }
}

function csvOf(rows: number, round: number): Buffer {
  const lines = Array.from({ length: rows }, (_, at) => {
    const isChanged = round > 0 && at % 10 === 0
    return `SKU-${at + 1},${1 + (at % 90) + (isChanged ? 1 : 0)},${5 + (at % 70)}.50`
  })
  return Buffer.from(['sku,stock,cost', ...lines].join('\n'))
}

type File = { shop: Shop; supplierId: string; csv: Buffer }

async function apply({ db }: BenchWorld, file: File): Promise<{ importId: string; milliseconds: number }> {
  const importId = systemIds.uuid()
  const { tenantId } = file.shop
  const parts = {
    db,
    uploads: { open: () => Readable.from([file.csv]), delete: async () => {} },
    log: { error: (details: object, message: string) => console.error(message, details) },
  }
  const milliseconds = await timed(async () => {
    await startImport(db, tenantId, {
      importId,
      kind: 'supplier-stock',
      supplierId: file.supplierId,
      fileName: 'stock.csv',
      sizeBytes: file.csv.length,
      layout: {
        encoding: 'utf-8',
        delimiter: ',',
        decimalMark: '.',
        columns: { sku: 'sku', onHand: 'stock', cost: 'cost' },
      },
      actor: 'bench',
    })
    await applyFile(parts, tenantId, importId)
  })
  const { rows } = await db.read(tenantId, async (tx) => ({
    rows: await tx.selectFrom('file_imports').select('state').where('id', '=', importId).execute(),
  }))
  if (rows[0]?.state !== 'applied') throw new Error(`The file is ${rows[0]?.state ?? 'lost'} and not applied.`)
  return { importId, milliseconds }
}

async function writtenBy({ owner }: BenchWorld, { tenantId }: Shop, importId: string) {
  const [offers, movements] = await describeTables(owner, ['supplier_offers', 'stock_movements'])
  if (!offers || !movements) throw new Error('A table is missing.')
  return {
    offers: await readRows(owner, offers, 'tenant_id = $1', [tenantId]),
    movements: await readRows(owner, movements, 'tenant_id = $1 and reference = $2', [tenantId, importId]),
  }
}

async function writeFirst(world: BenchWorld, shop: Shop, importId: string): Promise<number> {
  const { offers, movements } = await writtenBy(world, shop, importId)
  return bareTransaction(world.bare, shop.twinId, async () => {
    await insertBare(offers)(world.bare, shop.twinId)
    // Or its foreign key would be looked up as in an empty table.
    await world.bare.query('discard plans')
    await insertBare(movements)(world.bare, shop.twinId)
  })
}

async function writeAgain(world: BenchWorld, shop: Shop, importId: string): Promise<number> {
  const { offers, movements } = await writtenBy(world, shop, importId)
  await world.owner.query('analyze supplier_offers')
  const update = updateBare(offers, 'id', ['on_hand', 'on_hand_at', 'cost_minor', 'updated_at'])
  return bareTransaction(world.bare, shop.twinId, async () => {
    await update(world.bare, shop.twinId)
    await insertBare(movements)(world.bare, shop.twinId)
  })
}
