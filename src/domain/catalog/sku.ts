// Codes of ours. Case counts: 85123A and 85123a are two things. What is compared loosely is kept beside, never instead.

export const skuCharactersMax = 200

/** Letters and digits only, upper case: what auto-map compares second. */
export function skuNormalized(sku: string): string {
  return sku
    .normalize('NFKC')
    .replace(/[^\p{L}\p{N}]/gu, '')
    .toUpperCase()
}

/** The SKU of a variant that came without one: the same for the same handle and options, whenever it is imported. */
export function skuFromHandle(handle: string, optionValues: string[]): string {
  const tidy = (text: string) => text.trim().replace(/[\s/]+/g, '-')
  return [handle.trim(), ...optionValues.map(tidy)].join('/')
}

/** The words of a search box: each must occur in the lower-case text beside a row. */
export function searchWords(search: string | undefined): string[] {
  const wordsMax = 8
  return (search ?? '').toLowerCase().split(/\s+/).filter(Boolean).slice(0, wordsMax)
}
