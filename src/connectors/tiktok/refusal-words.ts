// TikTok Shop's words for refusing a product → the part they are about and what to do. Codes of "create product", "edit
// product" and "upload product image" from the reference (2026-09); a review names the part in its own words.
import type { ListingFault } from '../connector.ts'
import { keys } from './attribute-keys.ts'

type Words = Pick<ListingFault, 'field' | 'attribute' | 'message'>

export function explainRefusal(reason: string): ListingFault[] {
  const pieces = reason.split(' · ').filter((piece) => piece.trim() !== '')
  return pieces.map((piece) => ({ ...wordsOf(piece), theirs: piece }))
}

/** One code with its words, as the listing check tells them. */
export function explainCode(code: number, message: string | null): ListingFault {
  const words = wordsByCode.get(code) ?? wordsOf(message ?? '')
  return { ...words, theirs: `${message ?? 'Refused'} (code ${code})` }
}

function wordsOf(piece: string): Words {
  const code = /\(code (\d+)\)/.exec(piece)?.[1]
  const known = code === undefined ? undefined : wordsByCode.get(Number(code))
  if (known) return known
  const audit = /^([^:]{2,40}): (.+)$/s.exec(piece)
  const field = audit && code === undefined ? fieldAt(audit[1] ?? '') : undefined
  if (audit && field !== undefined) {
    return { field, message: `The review did not pass it: ${audit[2] ?? ''} Change it and send it again.` }
  }
  // A sentence of ours says itself what to do.
  if (code === undefined) return { field: piece.startsWith('The picture ') ? 'images' : null, message: piece }
  return {
    field: fieldAt(piece) ?? null,
    message: 'TikTok Shop refused it. Its own words say why: change that and send it again.',
  }
}

const positions: [RegExp, ListingFault['field']][] = [
  [/image|picture|photo/i, 'images'],
  [/title|product name/i, 'title'],
  [/description/i, 'description'],
  [/brand/i, 'brand'],
  [/categor/i, 'category'],
  [/identifier|gtin|barcode/i, 'barcode'],
  [/price/i, 'price'],
  [/inventory|stock|quantity/i, 'quantity'],
  [/variation|sales? (property|attribute)|sku property/i, 'variations'],
  [/sku/i, 'sku'],
  [/attribute|property|certif|qualification|size.?chart|package|parcel|weight/i, 'attribute'],
  [/^product$/i, null],
]

function fieldAt(text: string): ListingFault['field'] | undefined {
  return positions.find(([pattern]) => pattern.test(text))?.[1]
}

const wordsByCode = new Map<number, Words>([
  ...about('title', 'The title is too long: shorten it.', [12052051]),
  ...about('title', 'The title is empty: write one.', [12052261]),
  ...about(
    'title',
    'The title has characters that are not taken (emojis, HTML, only signs, long repeats): rewrite it.',
    [12052931, 12052263],
  ),
  ...about(
    'title',
    'Chinese characters are not taken in the title: write it in the language of the market.',
    [12052262],
  ),
  ...about('description', 'The description is too long: shorten it.', [12052013]),
  ...about('description', 'The description is empty: write one.', [12052015]),
  ...about(
    'description',
    'The description is not taken as it is written: use plain paragraphs and lists.',
    [12019006, 12052344, 12052345, 12052346, 12052348, 12052349, 12052350, 12052352, 12052932],
  ),
  ...about(
    'description',
    'A picture in the description is not taken: remove it.',
    [12052056, 12052324, 12052340, 12052341, 12052342, 12052343],
  ),
  ...about(
    'category',
    'The category no longer exists, or takes no products itself: choose another one.',
    [12052002, 12052023, 12052024, 12052025, 12052217, 12052230, 12052446],
  ),
  ...about(
    'category',
    'This shop may not sell in this category. Apply in the Qualification Center of the Seller Center, or choose another one.',
    [12052220, 12052221, 12052223, 12052225, 12052226, 12052227],
  ),
  ...about(
    'brand',
    'TikTok Shop does not have this brand, or its approval has ended: choose another one or none.',
    [12019013, 12052026, 12052200],
  ),
  ...about(
    'brand',
    'This shop may not sell this brand yet. Apply in the Qualification Center of the Seller Center.',
    [12052201, 12052208],
  ),
  ...about('images', 'There is no main picture: add one.', [12052028]),
  ...about('images', 'There are more than 9 main pictures: remove some.', [12052306]),
  ...about(
    'images',
    'A picture is too small, too large or of the wrong shape: use one of 300 to 4000 pixels a side.',
    [12052301, 12052302, 12052305, 12052521, 12052524, 12052671, 12019116, 12038014],
  ),
  ...about('images', 'A picture has more than 10 MB: use a smaller file.', [12038005]),
  ...about(
    'images',
    'A picture cannot be read: use JPG, PNG or WEBP.',
    [12038002, 12038004, 12038015, 12052304, 12052523],
  ),
  ...about('images', 'TikTok Shop no longer has an uploaded picture: send it again.', [12052300, 12052520, 12052722]),
  ...about(
    'images',
    'Pictures go with one attribute of the variations, and each of its values needs one.',
    [12052522, 12052528],
  ),
  ...about('price', 'The price is outside what this market takes: change it.', [12052570]),
  ...about(
    'price',
    'The price is not valid: it must be above 0 with at most two digits behind the point.',
    [12052073, 12052092, 12052375, 12052383],
  ),
  ...about('price', 'This shop takes prices in the currency of its market only.', [12052084]),
  ...about('quantity', 'The stock is outside what is taken: 0 to 99,999 each warehouse.', [12052055]),
  ...about(
    'quantity',
    'The warehouse is closed, unknown or no sales warehouse: choose another one in the settings of this integration.',
    [12052094, 12052096, 12052097, 12052115, 12052530, 12052531, 12052532],
  ),
  ...about('sku', 'The SKU is too long: at most 50 characters are taken.', [12052054]),
  ...about('sku', 'The SKU is not valid: blanks are not taken.', [12019059]),
  ...about('barcode', 'The barcode is wrong: check its digits.', [12052591, 12052598, 12052600]),
  ...about('barcode', 'Another product or variation has this barcode already: each has one of its own.', [12052592]),
  ...about('barcode', 'The barcode cannot be changed any more: leave it as it was first sent.', [12052593]),
  ...about('variations', 'There are more than 100 variations: split the product.', [12052050]),
  ...about('variations', 'At most 3 attributes may tell variations apart.', [12052525, 12052526]),
  ...about(
    'variations',
    'Every variation needs a value for each attribute that tells them apart.',
    [12019019, 12052550],
  ),
  ...about(
    'variations',
    'Two variations have the same values: change one of them.',
    [12052253, 12052254, 12052251, 12052560],
  ),
  ...about(
    'variations',
    'The name or a value of what tells variations apart is not taken: use short, plain words.',
    [12052152, 12052153, 12052527, 12052554, 12052933, 12052934],
  ),
  ...about(
    'attribute',
    'A required attribute is missing: open the category’s attributes and fill it in.',
    [12052104, 12052182, 12052248, 12052241],
  ),
  ...about(
    'attribute',
    'An attribute has a value that is not on its list, or more than one where one is taken: choose again.',
    [12052240, 12052246, 12052247, 12052529],
  ),
  ...about(
    'attribute',
    'An attribute holds words or characters that are not taken: rewrite it.',
    [12052151, 12052245, 12052249, 12052250, 12052935],
  ),
  ...about('attribute', 'An attribute must be left empty with what else is chosen: empty it.', [12052183]),
  ...about('attribute', 'An attribute must be a number above 0.', [12052256]),
  ...about(
    'attribute',
    'The weight of the parcel is missing or wrong: give it in kg.',
    [12019011, 12052006, 12052181],
    keys.weight,
  ),
  ...about(
    'attribute',
    'The size of the parcel is missing or wrong: give length, width and height in whole cm.',
    [12019012, 12052003, 12052004, 12052005, 12052116, 12052915],
    keys.length,
  ),
  ...about(
    'attribute',
    'The category needs a size chart: add a picture of it.',
    [12052128, 12052670, 12052673],
    keys.sizeChart,
  ),
  ...about(
    'attribute',
    'The category needs a certificate: add pictures of it.',
    [12052105, 12052650, 12052655, 12052657],
  ),
  ...about(
    'attribute',
    'The law of this market needs the manufacturer or the responsible person: add them in the Seller Center.',
    [12052282, 12052287],
  ),
  ...about(
    null,
    'Today’s number of new products is used up, or the shop is full: send it again tomorrow, or remove others.',
    [12052093],
  ),
  ...about(
    null,
    'The shop is not active: finish its set-up in the Seller Center.',
    [12052332, 12052402, 12052535, 12052700, 12052703, 12052923, 12052995],
  ),
])

function about(field: ListingFault['field'], message: string, codes: number[], attribute?: string): [number, Words][] {
  return codes.map((code) => [code, { field, ...(attribute === undefined ? {} : { attribute }), message }])
}
