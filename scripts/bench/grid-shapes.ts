// The ways in which people ask the listings grid: every sort up and down, alone and with words and filters, pairs of them,
// words common, rare, half typed and never together, and pages far from the first.
import { gridSorts, type GridFilter, type GridOrder } from '../../src/domain/listings/grid.store.ts'

export type GridQuestion = { filter: Omit<GridFilter, 'channelId'>; order?: Partial<GridOrder> }
type Ask = (at: number) => GridQuestion

/** The first is in half of the titles, the last in a thousandth. */
const words = ['cotton', 'blue', 'large', 'ceramic', 'mug', 'guitar', 'walnut', 'brass', 'zinc']
const word = (at: number) => words[at % words.length] ?? ''
const category = (at: number) => `Category ${1 + ((at * 3) % 39)}`
const deep = {
  after: { key: 'maker5 cotton', id: '01900000-0000-7000-8000-000000000000' },
  count: { value: 10_000, more: true },
}
const last = { ...deep, after: { ...deep.after, key: 'zenith z' } }

export function gridShapes(supplierIds: string[]): Record<string, Ask> {
  const supplierId = (at: number) => supplierIds[at % supplierIds.length]
  const sorted: Record<string, Ask> = {
    all: () => ({ filter: {} }),
    word: (at) => ({ filter: { search: word(at) } }),
    maker: () => ({ filter: { search: 'zenith' } }),
    category: (at) => ({ filter: { category: category(at) } }),
    dearCategory: () => ({ filter: { category: 'Watches' } }),
    supplier: (at) => ({ filter: { supplierId: supplierId(at) } }),
    inStock: () => ({ filter: { inStock: true } }),
    outOfStock: () => ({ filter: { inStock: false } }),
    notListed: () => ({ filter: { states: ['not-listed'] } }),
    listedOfSupplier: (at) => ({ filter: { states: ['listed'], supplierId: supplierId(at) } }),
    wordOfCategory: (at) => ({ filter: { search: word(at), category: category(at) } }),
  }
  const shapes: Record<string, Ask> = {}
  for (const [name, ask] of Object.entries(sorted))
    for (const sort of gridSorts)
      for (const descending of [false, true])
        shapes[`${name} by ${sort}${descending ? ' down' : ''}`] = (at) => ({ ...ask(at), order: { sort, descending } })
  return { ...shapes, ...wordShapes(), ...pairs(supplierId), ...pages() }
}

function wordShapes(): Record<string, Ask> {
  return {
    sku: (at) => ({ filter: { search: `SKU-${1 + at * 373}` } }),
    halfSku: (at) => ({ filter: { search: `SKU-${1 + at}` } }),
    letter: (at) => ({ filter: { search: 'abcmwz'[at % 6] } }),
    number: (at) => ({ filter: { search: String(at + 1) } }),
    smallMaker: (at) => ({ filter: { search: `maker${100 + at * 7}` } }),
    halfMaker: (at) => ({ filter: { search: `maker${at * 7}` } }),
    twoWords: (at) => ({ filter: { search: `${word(at)} ${word(at + 1)}` } }),
    threeWords: (at) => ({ filter: { search: `${word(at)} ${word(at + 1)} ${word(at + 2)}` } }),
    commonWords: () => ({ filter: { search: 'cotton blue' }, order: { sort: 'price' } }),
    neverTogether: () => ({ filter: { search: 'zenith maker3' } }),
    commonNeverTogether: () => ({ filter: { search: 'zenith maker' } }),
    unknownWord: () => ({ filter: { search: 'cotton nothing' } }),
  }
}

function pairs(supplierId: (at: number) => string | undefined): Record<string, Ask> {
  return {
    wordNotListed: (at) => ({ filter: { search: word(at), states: ['not-listed'] } }),
    wordOutOfStock: (at) => ({
      filter: { search: word(at), inStock: false },
      order: { sort: 'price', descending: true },
    }),
    wordOfSupplier: (at) => ({ filter: { search: word(at), supplierId: supplierId(at) }, order: { sort: 'cost' } }),
    categoryListed: (at) => ({ filter: { category: category(at), states: ['listed'] } }),
    categoryOutOfStock: (at) => ({ filter: { category: category(at), inStock: false }, order: { sort: 'stock' } }),
    categoryOfSupplier: (at) => ({ filter: { category: category(at), supplierId: supplierId(at) } }),
    supplierOutOfStock: (at) => ({ filter: { supplierId: supplierId(at), inStock: false }, order: { sort: 'cost' } }),
    everyFilter: (at) => ({
      filter: { category: category(at), supplierId: supplierId(at), inStock: true, states: ['listed'] },
      order: { sort: 'price' },
    }),
    everything: (at) => ({
      filter: {
        search: `${word(at)} ${word(at + 2)}`,
        category: category(at),
        supplierId: supplierId(at),
        inStock: true,
        states: ['listed'],
      },
      order: { sort: 'price' },
    }),
    errors: () => ({ filter: { states: ['error'] } }),
    noMatch: () => ({ filter: { category: 'Category 1', states: ['error'], inStock: false } }),
  }
}

function pages(): Record<string, Ask> {
  return {
    deep: () => ({ filter: {}, order: deep }),
    deepWord: (at) => ({ filter: { search: word(at) }, order: deep }),
    deepCategory: (at) => ({ filter: { category: category(at) }, order: deep }),
    deepWordListed: (at) => ({ filter: { search: word(at), states: ['listed'] }, order: deep }),
    lastOfWord: (at) => ({ filter: { search: word(at) }, order: last }),
    lastOfCategory: (at) => ({ filter: { category: category(at) }, order: last }),
  }
}
