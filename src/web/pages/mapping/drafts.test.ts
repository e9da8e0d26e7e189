import { expect, test } from 'vitest'
import { changesOf, changesPerRequest, componentsLabel, withDraft, withoutDraft } from './drafts.ts'

const strings = { variantId: 'v1', sku: 'FL-1', title: 'Strings', quantity: 1 }
const picks = { variantId: 'v2', sku: 'FL-2', title: 'Picks', quantity: 2 }
const listing = { id: 'l1', channelSku: 'A', title: 'Kit', mapping: [strings] }

test('B4: mapping and unlinking are drafts, and what comes to the saved mapping is none', () => {
  const mapped = withDraft(new Map(), listing, [strings, picks])
  expect([...mapped.keys()]).toEqual(['l1'])
  expect(withDraft(mapped, listing, [strings]).size).toBe(0)
  const cut = withDraft(mapped, listing, null)
  expect(cut.get('l1')?.components).toBeNull()
  expect(withDraft(cut, { ...listing, mapping: null }, null).size).toBe(0)
  expect(withoutDraft(cut, 'l1').size).toBe(0)
})

test('B5: the order of a kit does not matter, its quantities do', () => {
  const kit = { ...listing, mapping: [strings, picks] }
  expect(withDraft(new Map(), kit, [picks, strings]).size).toBe(0)
  expect(withDraft(new Map(), kit, [{ ...picks, quantity: 3 }, strings]).size).toBe(1)
})

test('B4: Save sends ids and quantities only, in requests no larger than allowed', () => {
  let drafts = withDraft(new Map(), listing, [picks])
  drafts = withDraft(drafts, { ...listing, id: 'l2' }, null)
  expect(changesOf(drafts)).toEqual([
    { map: [{ listingId: 'l1', components: [{ variantId: 'v2', quantity: 2 }] }], unlink: ['l2'] },
  ])
  const many = new Map(
    Array.from({ length: changesPerRequest + 1 }, (_, at) => [`l${at}`, { listing, components: null }]),
  )
  expect(changesOf(many).map(({ unlink }) => unlink.length)).toEqual([changesPerRequest, 1])
})

test('B7: a proposal keeps its evidence until Save, and changing it by hand takes that away', () => {
  const proposed = withDraft(new Map(), { ...listing, mapping: null }, [picks], 'barcode')
  expect(changesOf(proposed)[0]?.map[0]).toMatchObject({ evidence: 'barcode' })
  const byHand = withDraft(proposed, { ...listing, mapping: null }, [strings])
  expect(changesOf(byHand)[0]?.map[0]).not.toHaveProperty('evidence')
})

test('B5: a mapping reads as packs and kits', () => {
  expect(componentsLabel([strings])).toBe('FL-1')
  expect(componentsLabel([strings, picks])).toBe('FL-1 + 2 × FL-2')
})
