// What tells variations apart where nothing was said: the options of our variants, by the names and choices of the category.
import type { ListingAttribute } from './draft.ts'

/** An option the category has no attribute for goes out under its own name: some marketplaces take such. */
export function matchedAttributes(
  options: Record<string, string>,
  attributes: ListingAttribute[],
): Record<string, string> {
  const variation = attributes.filter(({ isVariation }) => isVariation)
  const given = Object.entries(options).filter(([name, value]) => value.trim() !== '' && !isPlaceholder(name, value))
  return Object.fromEntries(
    given.map(([name, value]) => {
      const attribute = variation.find((one) => plain(one.label) === plain(name) || plain(one.key) === plain(name))
      if (!attribute) return [name, value.trim()]
      const choice = attribute.choices?.find((one) => plain(one.label) === plain(value) || one.value === value)
      return [attribute.key, choice?.value ?? value.trim()]
    }),
  )
}

/** What shops write of a product that has no options. */
function isPlaceholder(name: string, value: string): boolean {
  return plain(name) === 'title' && plain(value) === 'defaulttitle'
}

function plain(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
    .replaceAll('colour', 'color')
}
