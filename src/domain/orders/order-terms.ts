// The words by which an order is found. Titles are taken apart; ids and SKUs stay whole.

export const termsMax = 60
const termLengthMax = 60

/** As it is stored and as it is looked for: without case, accents and punctuation around it. */
export function plainWord(text: string): string {
  return (
    text
      .normalize('NFKD')
      .replaceAll(/\p{M}/gu, '')
      .toLowerCase()
      .replaceAll(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '')
      .slice(0, termLengthMax)
      // Half a character would read as another word here than where it is stored.
      .toWellFormed()
  )
}

export type WordsOf = { ids: (string | null)[]; skus: (string | null)[]; titles: string[] }

export function termsOf({ ids, skus, titles }: WordsOf): string[] {
  const whole = [...ids, ...skus].map((text) => wholeTerm(text ?? ''))
  return [...new Set([...whole, ...titles.flatMap(wordsOf)])].filter((word) => word.length > 1).slice(0, termsMax)
}

/** An id or SKU with a space in it is found by each of its words. */
function wholeTerm(text: string): string {
  return plainWord(text.trim())
}

/** "T-Shirt" is found as it stands, and by "shirt". */
export function wordsOf(text: string): string[] {
  return text.split(/\s+/u).flatMap((part) => {
    const word = plainWord(part)
    const pieces = word.split(/[^\p{L}\p{N}]+/u)
    return pieces.length > 1 ? [word, ...pieces] : [word]
  })
}

export type BuyerWords = { names: (string | null | undefined)[]; email: string | null; postalCode: string }

/** Only whole words of a buyer are ever looked for, and only their hashes are kept. */
export function buyerWords({ names, email, postalCode }: BuyerWords): string[] {
  const postcode = postalCode.split(/\s+/u)
  const words = [...names.flatMap((name) => (name ?? '').split(/\s+/u)), email ?? '', ...postcode, postcode.join('')]
  return [...new Set(words.map(plainWord))].filter((word) => word.length > 1).slice(0, termsMax)
}

/** What was typed, word by word. */
export function typedWords(search: string | undefined): string[] {
  return (search ?? '').trim().split(/\s+/u).filter(Boolean).slice(0, typedWordsMax)
}

const typedWordsMax = 8
