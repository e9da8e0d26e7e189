// What any marketplace would refuse of a draft, said before it is sent: each fault at the part it is about, with what to do.
// What only one marketplace knows is said by its connector.
import { readGtin } from '../catalog/gtin.ts'
import { moneyText } from '../money.ts'
import type { Money } from '../money.ts'
import { elementsIn, plainText } from './description.ts'
import type { ListingAttribute, ListingDraft, ListingFault, ListingLimits, ListingVariation } from './draft.ts'

export type DraftRules = {
  limits: ListingLimits
  /** Those of the chosen category; none as long as they are not known. */
  attributes: ListingAttribute[]
  /** What this sales channel takes prices in. */
  currencies: string[]
  /** It joins a product that the marketplace has, whose texts, pictures and attributes are the marketplace's. */
  onlyOffer?: boolean
}

/** Of many at once the first tell enough. */
const toldMax = 5

export function draftFaults(draft: ListingDraft, rules: DraftRules): ListingFault[] {
  const whole = rules.onlyOffer === true ? [] : [titleFaults, descriptionFaults, imageFaults, attributeFaults]
  const sold = draft.variations ?? [draft]
  return [
    ...whole.flatMap((faultsIn) => faultsIn(draft, rules)),
    ...(draft.variations ? variationFaults(draft.variations, rules) : []),
    ...sold.flatMap((one) => offerFaults(one, rules, draft.variations !== undefined)),
    ...repeatedFaults(sold),
  ]
}

/** With what only one marketplace knows. An attribute is said to be wrong once, by what holds everywhere. */
export function joinedFaults(general: ListingFault[], own: ListingFault[]): ListingFault[] {
  const said = new Set(general.filter(({ field }) => field === 'attribute').map(placeOfFault))
  return [...general, ...own.filter((fault) => !said.has(placeOfFault(fault)))]
}

export function placeOfFault({ field, attribute, channelSku }: ListingFault): string {
  return JSON.stringify([field, attribute ?? null, channelSku ?? null])
}

/** The faults as one text, for a publish that is refused before anything is sent. */
export function textOfFaults(faults: ListingFault[]): string | undefined {
  const texts = faults.map(({ channelSku, message }) =>
    channelSku === undefined ? message : `${channelSku}: ${message}`,
  )
  return texts.length === 0 ? undefined : texts.slice(0, toldMax).join(' ')
}

function titleFaults({ title }: ListingDraft, { limits }: DraftRules): ListingFault[] {
  const { titleMax } = limits
  const length = title.trim().length
  if (length === 0) return [{ field: 'title', message: 'The title is empty. Write one.' }]
  const faults = forbiddenFaults('title', title, limits)
  if (length <= titleMax) return faults
  const message = `The title has ${length} characters, ${length - titleMax} too many. At most ${titleMax} are taken: shorten it.`
  return [{ field: 'title', message }, ...faults]
}

function descriptionFaults({ description }: ListingDraft, { limits }: DraftRules): ListingFault[] {
  const { descriptionMax, descriptionTags } = limits
  const text = plainText(description)
  if (text === '') return [{ field: 'description', message: 'The description is empty. Write one.' }]
  const faults = forbiddenFaults('description', text, limits)
  const length = descriptionTags.length === 0 ? text.length : description.length
  if (length > descriptionMax) {
    const message = `The description has ${length} characters, ${length - descriptionMax} too many. At most ${descriptionMax} are taken: shorten it.`
    faults.unshift({ field: 'description', message })
  }
  const others = elementsIn(description).filter((name) => !descriptionTags.includes(name))
  if (others.length > 0) {
    const taken = descriptionTags.length === 0 ? 'plain text only' : `only ${descriptionTags.join(', ')}`
    const message = `The description has formatting that is not taken (${others.join(', ')}). It may have ${taken}: remove the rest.`
    faults.push({ field: 'description', message })
  }
  return faults
}

function forbiddenFaults(field: 'title' | 'description', text: string, { forbiddenWords }: ListingLimits) {
  const found = forbiddenWords.filter((word) => hasWord(text.toLowerCase(), word))
  const named = found.map((word) => `“${word}”`).join(', ')
  const faults: ListingFault[] = []
  if (found.length > 0) faults.push({ field, message: `The ${field} must not say ${named}: remove it.` })
  return faults
}

/** As a word of its own: "afree" does not say "free". */
function hasWord(text: string, word: string): boolean {
  const isLetter = (character: string | undefined) => character !== undefined && /[\p{L}\p{N}]/u.test(character)
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (!isLetter(text[at - 1]) && !isLetter(text[at + word.length])) return true
  }
  return false
}

function imageFaults({ images, variations }: ListingDraft, { limits }: DraftRules): ListingFault[] {
  const { imagesMin, imagesMax } = limits
  const faults: ListingFault[] = []
  const say = (message: string, channelSku?: string) =>
    faults.push({ field: 'images', ...(channelSku === undefined ? {} : { channelSku }), message })
  if (images.length < imagesMin) {
    const needed = imagesMin === 1 ? 'At least one is needed' : `At least ${imagesMin} are needed`
    say(`There ${images.length === 0 ? 'is no picture' : `are only ${images.length}`}. ${needed}: add one.`)
  }
  if (images.length > imagesMax) {
    say(`There are ${images.length} pictures and at most ${imagesMax} are taken: remove ${images.length - imagesMax}.`)
  }
  for (const link of images.filter((one) => !isLink(one))) say(`“${link}” is no address of a picture: replace it.`)
  for (const { channelSku, image } of variations ?? []) {
    if (image !== null && !isLink(image)) say(`“${image}” is no address of a picture: replace it.`, channelSku)
  }
  return faults
}

/** For a marketplace that fetches pictures itself: one of ours must be below an address that the web reaches. */
export function fetchedPictureFaults({ images, variations }: ListingDraft, marketplace: string): ListingFault[] {
  const own = [...images, ...(variations ?? []).flatMap(({ image }) => image ?? [])].filter((link) =>
    link.startsWith('/'),
  )
  if (own.length === 0) return []
  const message = `${marketplace} fetches pictures from the web, where this hub has no address: ask its operator to set one.`
  return [{ field: 'images', message }]
}

/** Elsewhere, or a picture of our own below our own address. */
function isLink(text: string): boolean {
  if (text.startsWith('/') && !text.startsWith('//')) return true
  const url = URL.parse(text)
  return url !== null && ['http:', 'https:'].includes(url.protocol)
}

function attributeFaults(draft: ListingDraft, { attributes }: DraftRules): ListingFault[] {
  const variations = draft.variations ?? []
  return attributes.flatMap((attribute) => {
    const { key } = attribute
    const own = draft.attributes[key]?.trim() ?? ''
    if (own !== '') return valueFaults(attribute, own)
    const given = variations.filter((one) => (one.attributes[key]?.trim() ?? '') !== '')
    // Which of the variations lacks it is said with the variations.
    if (given.length > 0) {
      return given.flatMap(({ channelSku, attributes: values }) =>
        valueFaults(attribute, values[key] ?? '').map((fault) => ({ ...fault, channelSku })),
      )
    }
    const isSpared = attribute.unless !== undefined && (draft.attributes[attribute.unless]?.trim() ?? '') !== ''
    if (!attribute.isRequired || isSpared) return []
    return [{ field: 'attribute' as const, attribute: key, message: `“${attribute.label}” is missing: fill it in.` }]
  })
}

function valueFaults(attribute: ListingAttribute, text: string): ListingFault[] {
  const { key, label, choices, takesOwnText, isMultiple, unit } = attribute
  const say = (message: string): ListingFault[] => [{ field: 'attribute', attribute: key, message }]
  if (unit !== undefined && !isPositiveNumber(text)) {
    return say(`“${label}” must be a number of ${unit} above 0, such as 1.5, not “${text}”.`)
  }
  if (!choices || takesOwnText) return []
  const values = text.split('|').map((value) => value.trim())
  if (!isMultiple && values.length > 1) return say(`“${label}” takes one value, not ${values.length}: choose one.`)
  const unknown = values.filter((value) => !choices.some((choice) => choice.value === value))
  if (unknown.length === 0) return []
  return say(`“${label}” cannot be ${unknown.map((value) => `“${value}”`).join(', ')}: choose one of the list.`)
}

function isPositiveNumber(text: string): boolean {
  return /^\d+([.,]\d+)?$/.test(text) && Number(text.replace(',', '.')) > 0
}

function variationFaults(variations: ListingVariation[], { limits, attributes }: DraftRules): ListingFault[] {
  const { variationsMax, variationAttributesMax } = limits
  const say = (message: string): ListingFault => ({ field: 'variations', message })
  if (variations.length === 0) return [say('There is no variation to list: add one.')]
  const faults: ListingFault[] = []
  if (variations.length > variationsMax) {
    const whatToDo =
      variationsMax === 1
        ? 'Variations are not taken: list each on its own.'
        : `At most ${variationsMax} are taken: split the product.`
    faults.push(say(`The product has ${variations.length} variations. ${whatToDo}`))
  }
  const labelOf = (key: string) => attributes.find((one) => one.key === key)?.label ?? key
  const keys = [...new Set(variations.flatMap((one) => Object.keys(one.attributes)))].filter((key) =>
    variations.some((one) => valueOf(one, key) !== ''),
  )
  if (keys.length > variationAttributesMax) {
    const labels = keys.map((key) => `“${labelOf(key)}”`).join(', ')
    faults.push(
      say(`Variations differ in ${keys.length} ways (${labels}). At most ${variationAttributesMax} are taken.`),
    )
  }
  for (const one of variations) {
    for (const attribute of keys.filter((key) => valueOf(one, key) === '')) {
      const message = `“${labelOf(attribute)}” is missing here and given for other variations: fill it in.`
      faults.push({ field: 'attribute', attribute, channelSku: one.channelSku, message })
    }
  }
  return [...faults, ...twinFaults(variations, keys)]
}

function twinFaults(variations: ListingVariation[], keys: string[]): ListingFault[] {
  const seen = new Map<string, ListingVariation>()
  return variations.flatMap((one): ListingFault[] => {
    const values = keys.map((key) => valueOf(one, key))
    const place = JSON.stringify(values.map((value) => value.toLowerCase()))
    const twin = seen.get(place)
    if (!twin) {
      seen.set(place, one)
      return []
    }
    const message =
      keys.length === 0
        ? 'Nothing tells this variation from the others: choose an attribute such as colour or size.'
        : `It has the same values as “${twin.channelSku}” (${values.join(', ')}): change one of them.`
    return [{ field: 'variations', channelSku: one.channelSku, message }]
  })
}

function valueOf(variation: ListingVariation, key: string): string {
  return variation.attributes[key]?.trim() ?? ''
}

type Sold = Pick<ListingVariation, 'channelSku' | 'price' | 'quantity' | 'barcode'>

function offerFaults(one: Sold, rules: DraftRules, isVariation: boolean): ListingFault[] {
  const { limits } = rules
  const { skuMax, quantityMax } = limits
  const { channelSku, quantity, barcode } = one
  const faults: ListingFault[] = []
  const say = (field: ListingFault['field'], message: string) =>
    faults.push({ field, ...(isVariation ? { channelSku } : {}), message })
  const sku = channelSku.trim()
  if (sku === '') say('sku', 'The SKU is empty: give it one.')
  if (sku.length > skuMax) {
    say('sku', `The SKU has ${sku.length} characters, ${sku.length - skuMax} too many. At most ${skuMax} are taken.`)
  }
  const price = whyNoPrice(one.price, rules)
  if (price !== undefined) say('price', price)
  if (!Number.isSafeInteger(quantity) || quantity < 0) {
    say('quantity', `${quantity} is no stock figure: it must be a whole number from 0.`)
  } else if (quantityMax !== null && quantity > quantityMax) {
    say(
      'quantity',
      `A stock of ${quantity} is too much. At most ${quantityMax} are taken: set “Max quantity to advertise”.`,
    )
  }
  if (barcode !== null && readGtin(barcode) === undefined) {
    say(
      'barcode',
      `The barcode “${barcode}” is wrong: it needs 8, 12, 13 or 14 digits, and the last must fit the others.`,
    )
  }
  return faults
}

function whyNoPrice(price: Money, { limits, currencies }: DraftRules): string | undefined {
  if (!Number.isSafeInteger(price.minor) || price.minor <= 0) return 'The price must be above 0.'
  if (currencies.length > 0 && !currencies.includes(price.currency)) {
    return `Prices here are in ${currencies.join(' or ')}, and this one is in ${price.currency}.`
  }
  const { price: range } = limits
  if (range === null || range.min.currency !== price.currency) return undefined
  if (price.minor >= range.min.minor && price.minor <= range.max.minor) return undefined
  const [from, to] = [moneyText(range.min), moneyText(range.max)]
  return `The price of ${moneyText(price)} ${price.currency} is not taken: it must be from ${from} to ${to}.`
}

function repeatedFaults(sold: Sold[]): ListingFault[] {
  const skus = new Set<string>()
  const barcodes = new Map<string, string>()
  return sold.flatMap(({ channelSku, barcode }): ListingFault[] => {
    const faults: ListingFault[] = []
    const sku = channelSku.trim()
    if (sku !== '' && skus.has(sku)) {
      faults.push({ field: 'sku', channelSku, message: `Two variations have the SKU “${sku}”: change one of them.` })
    }
    skus.add(sku)
    const digits = barcode === null ? undefined : readGtin(barcode)
    if (digits === undefined) return faults
    const first = barcodes.get(digits)
    barcodes.set(digits, first ?? channelSku)
    if (first === undefined) return faults
    const message = `It has the same barcode as “${first}”: each variation has one of its own.`
    return [...faults, { field: 'barcode', channelSku, message }]
  })
}
