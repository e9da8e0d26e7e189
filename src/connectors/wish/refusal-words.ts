// Wish's words for refusing a product → the part they are about and what to do. One code stands for nearly everything and
// the sentence is all there is (W13), so it is told apart by its words.
import type { ListingFault } from '../connector.ts'

export function explainRefusal(reason: string): ListingFault[] {
  for (const [pattern, words] of patterns) if (pattern.test(reason)) return [{ ...words, theirs: reason }]
  // A sentence of ours says itself what to do.
  const isOurs = /^(Wish (needs|takes|lists|asks)|The |This |There )/.test(reason) && !/parameter/i.test(reason)
  const message = isOurs ? reason : 'Wish refused the product. Its own words say why: change that.'
  return [{ field: null, message, theirs: reason }]
}

type Words = Pick<ListingFault, 'field' | 'attribute' | 'message'>

const category = { field: 'attribute', attribute: 'category_id' } as const
const shipping = { field: 'attribute', attribute: 'default_shipping_price' } as const
const country = { field: 'attribute', attribute: 'origin_country' } as const

/** The first that fits; those that name a thing closely come before those that only mention it. */
const patterns: [RegExp, Words][] = [
  [
    /existing product with such parent sku/i,
    { field: 'sku', message: 'Wish has a product under this SKU already: link that one, or change the SKU.' },
  ],
  [
    /existing variation with such sku|duplicate.*\bsku\b|same sku/i,
    { field: 'sku', message: 'Wish has a variation with this SKU already: link that one, or change the SKU.' },
  ],
  [
    /parent.?sku/i,
    { field: 'sku', message: 'The product’s SKU is missing or not valid: at most 80 characters are taken.' },
  ],
  [/html/i, { field: 'description', message: 'Wish takes no HTML in a description: use plain text.' }],
  [
    /description/i,
    { field: 'description', message: 'The description is missing or too long: at most 4,000 characters are taken.' },
  ],
  [
    /default.?shipping/i,
    { ...shipping, message: 'The shipping price is missing or wrong: give it in the currency of the account.' },
  ],
  [
    /origin.?country/i,
    { ...country, message: 'The country of origin is missing or wrong: give two letters, such as GB.' },
  ],
  [/clean image/i, { field: 'images', message: 'Exactly one main picture is wanted: check the pictures.' }],
  [
    /\bimages?\b|image.?url/i,
    { field: 'images', message: 'A picture is not taken: it must be reachable from the web.' },
  ],
  [
    /currency/i,
    {
      field: 'price',
      message: 'The price is in another currency than the account: all prices are in the account’s own.',
    },
  ],
  [
    /revenue|\bcost\b|\bprice\b/i,
    { field: 'price', message: 'The price is missing or not taken: it must be above 0.' },
  ],
  [
    /warehouse/i,
    { field: 'quantity', message: 'Wish does not know the warehouse: choose one in the settings of this integration.' },
  ],
  [/inventor/i, { field: 'quantity', message: 'The stock is not taken: it must be from 0 to 500,000.' }],
  [/categor/i, { ...category, message: 'The category is missing, closed or unknown: give another number.' }],
  [/gtin|upc|ean\b/i, { field: 'barcode', message: 'The barcode is wrong: it has 8 to 14 digits.' }],
  [
    /brand/i,
    { field: 'brand', message: 'Wish does not know the brand, or you may not sell it: choose another one or none.' },
  ],
  [
    /\btags?\b/i,
    { field: 'attribute', attribute: 'tags', message: 'The tags are not taken: at most 10, of at most 80 characters.' },
  ],
  [/\bname\b|title/i, { field: 'title', message: 'The title is missing or not taken: write another one.' }],
  [
    /400 variations|variations?\b.*(most|max)/i,
    { field: 'variations', message: 'There are more than 400 variations: split the product.' },
  ],
  [/\bskus?\b/i, { field: 'sku', message: 'The SKU is missing or too long: at most 80 characters are taken.' }],
  [
    /color|size|options?\b|variation/i,
    { field: 'variations', message: 'What tells the variations apart is not taken: check colours and sizes.' },
  ],
  [/removed/i, { field: null, message: 'The product was removed at Wish and cannot be changed: list it anew.' }],
  [
    /policy|refused it|blocked/i,
    { field: null, message: 'Wish looked at the product and refused it: read its policy and change what it names.' },
  ],
]
