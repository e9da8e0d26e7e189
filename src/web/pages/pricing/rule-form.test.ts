import { expect, test } from 'vitest'
import type { RuleDraft, RuleFields } from './rule-form.ts'
import { draftOf, fieldOf, fieldsOf } from './rule-form.ts'
import { differences, ruleSentence } from './rule-words.ts'

const typed = (fields: Partial<RuleFields> = {}): RuleFields => ({
  ...fieldsOf(undefined, 'GBP'),
  name: 'Every shop',
  ...fields,
})

const rule = (fields: Partial<RuleFields> = {}): RuleDraft => {
  const { draft, faults } = draftOf(typed(fields))
  if (!draft) throw new Error(JSON.stringify(faults))
  return draft
}

test.each([
  { minor: 999, every: 1000 },
  { minor: 99, every: 1000 },
  { minor: 9, every: 10 },
] as const)('F7: a rule that ends with $minor every $every comes out of its form as it went in', (ending) => {
  const whole: RuleDraft = {
    name: 'Strings',
    channelIds: ['c1'],
    scope: { kind: 'categories', names: ['Strings'] },
    currency: 'GBP',
    shippingServiceId: 's1',
    markup: { kind: 'margin', basisPoints: 1250 },
    fee: { basisPoints: 825, fixedMinor: 30 },
    vat: { from: 'rule', rateBasisPoints: 0 },
    ending,
    floorMinor: 500,
    ceilingMinor: 10_000,
  }
  expect(draftOf(fieldsOf(whole, 'EUR'))).toEqual({ draft: whole, faults: {} })
})

test.each([
  ['.99', { minor: 99, every: 100 }],
  ['99', { minor: 99, every: 100 }],
  ['0,95', { minor: 95, every: 100 }],
  ['…0.95', { minor: 95, every: 1000 }],
  ['9.99', { minor: 999, every: 1000 }],
  ['9', { minor: 9, every: 10 }],
  ['.00', { minor: 0, every: 100 }],
  ['', null],
])('F7: the ending %j is understood', (ending, understood) => {
  expect(rule({ ending }).ending).toEqual(understood)
})

test.each(['.9', 'x', '…', '99.99.9', '-1', '123456'])('the ending %j is refused at its field', (ending) => {
  expect(draftOf(typed({ ending })).faults).toHaveProperty('ending')
})

test('what cannot be is said at its field, and nothing is sent', () => {
  const { draft, faults } = draftOf(
    typed({
      name: ' ',
      markup: 'a third',
      feePercent: '120',
      feeFixed: '1.234',
      floor: '0',
      ceiling: '-4',
      vatFrom: 'rule',
      scopeKind: 'suppliers',
      addShipping: true,
    }),
  )
  expect(draft).toBeNull()
  expect(Object.keys(faults).toSorted()).toEqual(
    [
      'name',
      'markup',
      'feePercent',
      'feeFixed',
      'floor',
      'ceiling',
      'vatRate',
      'supplierIds',
      'shippingServiceId',
    ].toSorted(),
  )
})

test('a ceiling below the floor is said at the ceiling, as the hub would say it', () => {
  expect(draftOf(typed({ floor: '10', ceiling: '9.99' })).faults).toHaveProperty('ceiling')
  expect(fieldOf('rule.ceilingMinor', typed())).toBe('ceiling')
  expect(fieldOf('rule.scope.ids.0', typed({ scopeKind: 'products' }))).toBe('productIds')
  expect(fieldOf('rule.fee.fixedMinor', typed())).toBe('feeFixed')
})

test('F7: a rule is told in one sentence, and a change by what it was and is', () => {
  const before = rule({ feePercent: '10', vatFrom: 'rule', vatRate: '20' })
  const after = rule({ feePercent: '12.5', vatFrom: 'rule', vatRate: '20', floor: '5', ending: '' })
  expect(ruleSentence(before, null)).toBe('Cost plus 30%, marketplace fee 10%, 20% VAT, up to .99')
  const names = { channels: new Map(), suppliers: new Map(), services: new Map() }
  expect(differences(before, after, names)).toEqual([
    'Marketplace fee: from 10% to 12.5%',
    'Ends with: from .99 to none',
    'Never below: from none to £5.00',
  ])
})
