// Reverb's categories, and what a listing says besides its texts: its condition, the shop's shipping profile, and what
// collectors ask for.
import { once } from '../connector.ts'
import type { Call, ListingAttribute, ListingCategory } from '../connector.ts'
import { asArray, asObject, asText, objectIn, pathPart } from '../reading.ts'
import type { JsonObject } from '../reading.ts'
import type { ReverbAccount } from './account.ts'
import { conditions } from './conditions.ts'
import { profileKey, rateKey, regionKey } from './shipping-rate.ts'

/** Attributes that go out under their own name. */
export const textAttributes = ['finish', 'year', 'storage_location', 'origin_country_code']
/** Category takes up to three UUIDs with commas between: the category and at most two below it. */
export const knownAttributes = ['condition', 'category', profileKey, rateKey, regionKey, ...textAttributes]
/** Reverb's own tree has two levels. */
const depthMax = 5

export async function listCategories(call: Call<ReverbAccount>, parentId: string | null): Promise<ListingCategory[]> {
  // The whole tree comes at once, so who walks it asks for it once.
  const all = await once(call, 'categories', () => askForCategories(call))
  return all.filter((one) => one.parentId === parentId)
}

async function askForCategories(call: Call<ReverbAccount>): Promise<ListingCategory[]> {
  const body = objectIn(await call.send({ method: 'GET', url: '/categories' }), 'its categories')
  return categoriesIn(body['categories'], null, depthMax)
}

function categoriesIn(list: unknown, parentId: string | null, depth: number): ListingCategory[] {
  if (depth === 0) return []
  return objectsIn(list).flatMap((category): ListingCategory[] => {
    const id = asText(category['uuid'])
    if (id === null) return []
    const below = categoriesIn(category['subcategories'], id, depth - 1)
    const name = asText(category['name']) ?? asText(category['full_name'])?.split(' / ').at(-1) ?? id
    return [{ id, parentId, name, isLeaf: below.length === 0, mayList: below.length === 0 }, ...below]
  })
}

/** The same for every category. */
export async function listAttributes(call: Call<ReverbAccount>): Promise<ListingAttribute[]> {
  const profiles = await once(call, 'shipping-profiles', () => askForProfiles(call))
  const regions = await once(call, 'shipping-regions', () => askForRegions(call))
  return [
    attribute('condition', 'Condition', {
      help: 'Left empty: Brand New. A used item is one of a kind.',
      choices: Object.entries(conditions)
        .toReversed()
        .map(([value, { name }]) => ({ value, label: name })),
      takesOwnText: false,
    }),
    attribute(profileKey, 'Shipping profile', {
      help: 'What shipping costs, as set in the shop at Reverb. A shipping price comes in its place.',
      // Without any of the two nobody can buy it; a shop without profiles sets its rates on each listing.
      isRequired: profiles.length > 0,
      unless: rateKey,
      ...(profiles.length === 0 ? {} : { choices: profiles, takesOwnText: false }),
    }),
    attribute(rateKey, 'Shipping price', {
      help: `What a buyer pays for shipping one, in ${call.site.currency}.`,
    }),
    attribute(regionKey, 'Shipping price holds for', {
      help: 'Buyers elsewhere cannot order it.',
      ...(regions.length === 0 ? {} : { choices: regions, takesOwnText: false }),
    }),
    attribute('finish', 'Finish', { help: 'Such as Sunburst.' }),
    attribute('year', 'Year', { help: 'Such as 2020 or mid-70s.' }),
    attribute('origin_country_code', 'Country of origin', { help: 'Two letters, such as GB.' }),
    attribute('storage_location', 'Storage location', { help: 'For yourself; buyers do not see it.' }),
  ]
}

async function askForProfiles(call: Call<ReverbAccount>): Promise<{ value: string; label: string }[]> {
  const url = `/shops/${pathPart(call.site.id)}/shipping_profiles`
  const body = objectIn(await call.send({ method: 'GET', url }), 'the shipping profiles')
  return objectsIn(body['shipping_profiles']).flatMap((profile) => {
    const value = asText(profile['id'])
    return value === null ? [] : [{ value, label: asText(profile['name']) ?? value }]
  })
}

/** Regions and what lies within them. */
async function askForRegions(call: Call<ReverbAccount>): Promise<{ value: string; label: string }[]> {
  const body = objectIn(await call.send({ method: 'GET', url: '/shipping/regions' }), 'the shipping regions')
  return regionsIn(body['shipping_regions'], depthMax)
}

function regionsIn(list: unknown, depth: number): { value: string; label: string }[] {
  if (depth === 0) return []
  return objectsIn(list).flatMap((region) => {
    const value = asText(region['code'])
    const below = regionsIn(region['children'], depth - 1)
    return value === null ? below : [{ value, label: asText(region['name']) ?? value }, ...below]
  })
}

function attribute(key: string, label: string, more: Partial<ListingAttribute>): ListingAttribute {
  return { key, label, isRequired: false, isVariation: false, isMultiple: false, takesOwnText: true, ...more }
}

function objectsIn(value: unknown): JsonObject[] {
  return (asArray(value) ?? []).flatMap((entry): JsonObject[] => {
    const object = asObject(entry)
    return object ? [object] : []
  })
}
