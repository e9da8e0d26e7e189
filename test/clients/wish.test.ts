// Nobody maintains a client of Wish's API, so one is made of the published spec: types generated from it, a program that
// knows nothing else, checked by the compiler and run against our sandbox.
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { specFolder, specsAreThere } from '../spec-check/documents.ts'
import { callableTypeScript, typesFromSpec } from '../support/types-from-spec.ts'
import { openSandbox, until } from './open-sandbox.ts'
import type { OpenSandbox } from './open-sandbox.ts'

/** As much of the program's types as is asserted on; the program itself is checked against those of the spec. */
type WishOrder = {
  id?: string
  state?: string
  product_information?: { sku?: string }
  processing_status?: string
  tracking_information?: { tracking_number?: string; shipping_provider?: { name?: string } }[]
}
type WishProduct = { category_id?: number; variations?: { id?: string; inventories?: { inventory: number }[] }[] }
type WishClient = {
  list(sku: string, inventory: number, categoryId: number): Promise<{ productId: string; variationId: string }>
  listed(parentSku: string): Promise<string[]>
  read(id: string): Promise<WishProduct>
  changeStock(id: string, variationId: string, inventory: number): Promise<void>
  orders(): Promise<WishOrder[]>
  order(id: string): Promise<WishOrder>
  ship(id: string, trackingNumber: string): Promise<string>
}

const run = promisify(execFile)
const folder = mkdtempSync(join(tmpdir(), 'wish-client-'))
const program = readFileSync(new URL('wish-program.txt', import.meta.url), 'utf8').replace(
  'TYPED_CALLER',
  fileURLToPath(new URL('../support/typed-caller.ts', import.meta.url)),
)
const types = specsAreThere ? await typesFromSpec(`${specFolder}/wish/wish-v3.0.65-subset.openapi.json`) : undefined
if (!specsAreThere) console.log(`Skipped: no client of Wish is made, for ${specFolder} is not there.`)
else if (types === undefined) {
  console.log(`Skipped: the client of Wish is run but not compiled, for there is no package ${callableTypeScript}.`)
}

afterAll(() => rmSync(folder, { recursive: true }))

describe.skipIf(types === undefined)('by the types of the spec', () => {
  beforeAll(() => {
    writeFileSync(join(folder, 'wish.ts'), types ?? '')
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['program.ts'] }))
  })

  test('the client compiles', async () => {
    expect(await complaintsAbout(program)).toEqual([])
  })

  test.each([
    ['a field of another name', 'origin_country:', 'country:'],
    ['money as text', 'amount: 12.5', "amount: '12.5'"],
    ['a call that is not there', "'/api/v3/orders'", "'/api/v3/order'"],
    ['a status that is not of the list', "['APPROVED']", "['PAID']"],
  ])('%s does not compile', async (_, right, wrong) => {
    expect(program).toContain(right)
    expect(await complaintsAbout(program.replaceAll(right, wrong))).not.toEqual([])
  })
})

describe.skipIf(!specsAreThere)('in the sandbox', () => {
  let sandbox: OpenSandbox
  let client: WishClient

  beforeAll(async () => {
    writeFileSync(join(folder, 'program.ts'), program)
    sandbox = await openSandbox('wish')
    await sandbox.control('no-delays', {})
    const made = (await import(pathToFileURL(join(folder, 'program.ts')).href)) as {
      wishClient(origin: string, token: string): WishClient
    }
    client = made.wishClient(sandbox.url, sandbox.account['accessToken'] ?? '')
  })
  afterAll(() => sandbox.stop())

  test('a client made of the spec lists, reads an order, changes stock and ships', async () => {
    const other = { sku: 'OTHER', title: 'Another', price: '9.00', inventory: 3 }
    const [known] = await sandbox.control<{ id: string }[]>('listings', other)
    const category = (await client.read(known?.id ?? '')).category_id ?? 0

    const { productId, variationId } = await client.list('SPEC-1', 5, category)
    expect(await client.listed('SPEC-1')).toEqual([productId])
    expect(await sandbox.listingOf('SPEC-1')).toMatchObject({
      id: productId,
      variantId: variationId,
      title: 'A lamp of the typed client',
      quantity: 5,
      isLive: true,
      price: { minor: 1250 },
    })

    const number = await sandbox.buy('SPEC-1', 2)
    expect((await client.orders()).map(({ id }) => id)).toEqual([number])
    expect(await client.order(number)).toMatchObject({
      state: 'APPROVED',
      product_information: { sku: 'SPEC-1', id: productId, variation_id: variationId },
      order_payment: { general_payment_details: { product_quantity: 2, product_price: { amount: 12.5 } } },
    })

    await client.changeStock(productId, variationId, 9)
    expect((await sandbox.listingOf('SPEC-1'))?.quantity).toBe(9)

    const provider = await client.ship(number, 'RM000000001GB')
    const shipped = await until(
      () => client.order(number),
      ({ processing_status }) => processing_status === 'SUCCEEDED',
    )
    expect(shipped).toMatchObject({
      state: 'SHIPPED',
      tracking_information: [{ tracking_number: 'RM000000001GB', shipping_provider: { name: provider } }],
    })
    expect((await sandbox.orderOf(number))?.isShipped).toBe(true)
    expect(await sandbox.confirmationsOf(number)).toMatchObject([
      { provider, trackingNumber: 'RM000000001GB', outcome: 'accepted' },
    ])
    expect(await client.orders()).toEqual([])
  })

  test('all that passed fits the published spec', () => {
    const held = sandbox.held()
    expect(held?.violations).toEqual([])
    expect(held?.checked).toBeGreaterThan(10)
  })
})

const compilerOptions = {
  target: 'es2024',
  lib: ['es2024', 'dom', 'dom.iterable'],
  module: 'preserve',
  types: [],
  strict: true,
  noUncheckedIndexedAccess: true,
  allowImportingTsExtensions: true,
  noEmit: true,
}

async function complaintsAbout(source: string): Promise<string[]> {
  writeFileSync(join(folder, 'program.ts'), source)
  try {
    await run('node_modules/.bin/tsc', ['-p', folder])
    return []
  } catch (error) {
    return (error as { stdout: string }).stdout.split('\n').filter((line) => line.includes('error TS'))
  }
}
