// What a file looks like and how much of it we take. The words of the column table are what sellers' and suppliers'
// files really call their columns; a match is a suggestion that a person sees before anything is imported.

export type FileKind = 'shopify-products' | 'supplier-stock' | 'tracking'

export type FileLayout = {
  encoding: 'utf-8' | 'windows-1252' | 'utf-16le'
  delimiter: ',' | ';' | '\t' | '|'
  decimalMark: '.' | ','
  /** Our column → the header as the file has it; null: not in the file. */
  columns: Record<string, string | null>
}

export const fileLimits = {
  fileBytesMax: 512 * 1024 * 1024,
  rowsMax: 1_000_000,
  columnsMax: 500,
  cellCharactersMax: 65_536,
  /** A longer line is no line of a table; it is left out without being held in memory. */
  lineCharactersMax: 1_048_576,
  /** A quoted cell may span this many lines; beyond, the quote was never closed. */
  recordLinesMax: 2_000,
  headBytes: 131_072,
}

export type FileLimits = typeof fileLimits

/** The file cannot be taken at all; the message is a sentence for the seller. */
export class FileRefused extends Error {
  override name = 'FileRefused'
}

export type WantedColumn = { column: string; label: string; required: boolean; words: string[] }

const shopify = (column: string, label: string, words: string[], required = false): WantedColumn => ({
  column,
  label,
  required,
  words,
})

/** Our columns of each kind of file. `words` are compared with letters and digits only, in lower case. */
export const wantedColumns: Record<FileKind, WantedColumn[]> = {
  'supplier-stock': [
    {
      column: 'sku',
      label: 'SKU (yours or the supplier’s)',
      required: true,
      words: [
        'sku',
        'stockcode',
        'suppliersku',
        'supplierreference',
        'productcode',
        'itemcode',
        'itemnumber',
        'itemno',
        'articlenumber',
        'articleno',
        'partnumber',
        'partno',
        'code',
        'item',
        'reference',
        'ref',
        'artikelnummer',
        'artikelnr',
        'artnr',
        'bestellnummer',
        'referencia',
        'codigo',
        'codice',
        'codicearticolo',
        'codearticle',
        'artikelcode',
        'kodproduktu',
        'kod',
        'indeks',
        'artikkelinumero',
        'varenummer',
      ],
    },
    {
      column: 'onHand',
      label: 'Stock (units)',
      required: false,
      words: [
        'stock',
        'qty',
        'quantity',
        'onhand',
        'stockonhand',
        'quantityonhand',
        'qtyonhand',
        'stockqty',
        'stocklevel',
        'stockquantity',
        'freestock',
        'available',
        'availablestock',
        'availableqty',
        'availability',
        'inventory',
        'inventoryquantity',
        'inventoryqty',
        'instock',
        'units',
        'balance',
        'bestand',
        'lagerbestand',
        'menge',
        'verfugbar',
        'verfuegbar',
        'quantite',
        'disponible',
        'disponibilite',
        'existencias',
        'cantidad',
        'giacenza',
        'quantita',
        'disponibilita',
        'voorraad',
        'aantal',
        'stan',
        'ilosc',
        'stanmagazynowy',
        'quantidade',
        'estoque',
        'lagersaldo',
        'antal',
      ],
    },
    {
      column: 'cost',
      label: 'Cost without VAT',
      required: false,
      words: [
        'cost',
        'costprice',
        'unitcost',
        'tradeprice',
        'trade',
        'netprice',
        'nett',
        'wholesaleprice',
        'wholesale',
        'dealerprice',
        'buyprice',
        'purchaseprice',
        'costexvat',
        'costperitem',
        'price',
        'unitprice',
        'einkaufspreis',
        'ek',
        'ekpreis',
        'nettopreis',
        'preis',
        'prix',
        'prixachat',
        'prixht',
        'cout',
        'coste',
        'precio',
        'preciocoste',
        'prezzo',
        'costo',
        'inkoopprijs',
        'prijs',
        'cena',
        'cenanetto',
        'cenazakupu',
        'preco',
        'custo',
        'pris',
      ],
    },
  ],
  tracking: [
    {
      column: 'purchaseOrder',
      label: 'Purchase order',
      required: true,
      words: [
        'purchaseorder',
        'purchaseordernumber',
        'purchaseorderno',
        'ponumber',
        'pono',
        'po',
        'ordernumber',
        'orderno',
        'order',
        'yourreference',
        'reference',
        'bestellnummer',
        'bestellung',
        'numerocommande',
        'commande',
        'pedido',
        'ordine',
        'inkooporder',
        'zamowienie',
      ],
    },
    {
      column: 'trackingNumber',
      label: 'Tracking number',
      required: true,
      words: [
        'trackingnumber',
        'trackingno',
        'tracking',
        'trackingcode',
        'trackingid',
        'trackandtrace',
        'consignmentnumber',
        'consignment',
        'parcelnumber',
        'waybill',
        'awb',
        'sendungsnummer',
        'paketnummer',
        'numerosuivi',
        'numerodesuivi',
        'suivi',
        'seguimiento',
        'numeroseguimiento',
        'codicetracking',
        'numerprzesylki',
      ],
    },
    {
      column: 'carrier',
      label: 'Carrier',
      required: true,
      words: [
        'carrier',
        'carriername',
        'carriercode',
        'courier',
        'shippingcarrier',
        'shipper',
        'shippedby',
        'versanddienstleister',
        'paketdienst',
        'transporteur',
        'transportista',
        'corriere',
        'vervoerder',
        'przewoznik',
      ],
    },
    {
      column: 'supplierSku',
      label: 'SKU (yours or the supplier’s)',
      required: false,
      words: [
        'suppliersku',
        'sku',
        'stockcode',
        'productcode',
        'itemcode',
        'itemnumber',
        'itemno',
        'articlenumber',
        'artikelnummer',
        'artikelnr',
        'codigo',
        'codice',
      ],
    },
    {
      column: 'quantity',
      label: 'Quantity',
      required: false,
      words: [
        'quantity',
        'qty',
        'quantityshipped',
        'shippedquantity',
        'units',
        'menge',
        'quantite',
        'cantidad',
        'aantal',
      ],
    },
    {
      column: 'shippedAt',
      label: 'Date sent',
      required: false,
      words: [
        'date',
        'shippedat',
        'shipdate',
        'shippeddate',
        'dispatchdate',
        'dispatched',
        'despatchdate',
        'shippingdate',
        'datesent',
        'versanddatum',
        'datum',
        'dateexpedition',
        'fecha',
        'data',
      ],
    },
  ],
  'shopify-products': [
    shopify('handle', 'Handle', ['handle', 'urlhandle'], true),
    shopify('title', 'Title', ['title'], true),
    shopify('description', 'Description', ['bodyhtml', 'body', 'description']),
    shopify('brand', 'Vendor', ['vendor', 'brand']),
    shopify('productType', 'Type', ['type', 'producttype', 'customproducttype']),
    shopify('category', 'Category', [
      'productcategory',
      'standardproducttype',
      'googleshoppinggoogleproductcategory',
      'category',
    ]),
    shopify('tags', 'Tags', ['tags']),
    shopify('option1Name', 'Option 1 name', ['option1name']),
    shopify('option1Value', 'Option 1 value', ['option1value']),
    shopify('option2Name', 'Option 2 name', ['option2name']),
    shopify('option2Value', 'Option 2 value', ['option2value']),
    shopify('option3Name', 'Option 3 name', ['option3name']),
    shopify('option3Value', 'Option 3 value', ['option3value']),
    shopify('sku', 'SKU', ['variantsku', 'sku']),
    shopify('barcode', 'Barcode', ['variantbarcode', 'barcode', 'gtin', 'ean']),
    shopify('price', 'Price inc. VAT', ['variantprice', 'price', 'priceincvat']),
    shopify('cost', 'Cost per item', ['costperitem', 'cost']),
    shopify('onHand', 'Stock (units)', ['variantinventoryqty', 'inventoryquantity', 'inventoryqty']),
    shopify('grams', 'Weight in grams', ['variantgrams', 'weightvaluegrams', 'weighting']),
    shopify('weight', 'Weight in its unit', ['variantweight']),
    shopify('weightUnit', 'Weight unit', ['variantweightunit', 'weightunitfordisplay']),
    shopify('vatRate', 'VAT rate in %', ['vatrate']),
    shopify('lengthMm', 'Length in mm', ['lengthinmm']),
    shopify('widthMm', 'Width in mm', ['widthinmm']),
    shopify('heightMm', 'Height in mm', ['heightinmm']),
    shopify('imageUrl', 'Image', ['imagesrc', 'productimageurl', 'picture']),
    shopify('imagePosition', 'Image position', ['imageposition', 'pictureposition']),
    shopify('imageAlt', 'Image alt text', ['imagealttext', 'picturetext']),
    shopify('variantImageUrl', 'Image of the variant', ['variantimage', 'variantimageurl', 'variantpicture']),
  ],
}

/** A header as the column table compares it: "Qty. (on hand)" → "qtyonhand". */
export function headerWord(header: string): string {
  return header
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')
}

/** Which of our columns a file's headers seem to be. A word nearer the front of our list wins; no header serves twice. */
export function suggestColumns(kind: FileKind, headers: string[]): Record<string, string | null> {
  const words = headers.map(headerWord)
  const taken = new Set<number>()
  const columns: Record<string, string | null> = {}
  for (const wanted of wantedColumns[kind]) {
    const found = wanted.words
      .map((word) => words.findIndex((header, at) => header === word && !taken.has(at)))
      .find((at) => at >= 0)
    if (found !== undefined) taken.add(found)
    columns[wanted.column] = found === undefined ? null : (headers[found] ?? null)
  }
  return columns
}

/** Where each of our columns stands in the file, or the sentence that says why the columns cannot be used. */
export function columnPositions(
  kind: FileKind,
  headers: string[],
  columns: Record<string, string | null>,
): { kind: 'positions'; at: Record<string, number> } | { kind: 'refused'; reason: string } {
  const at: Record<string, number> = {}
  const names = headers.map((header) => header.trim())
  for (const wanted of wantedColumns[kind]) {
    const header = columns[wanted.column]?.trim()
    if (!header) {
      if (wanted.required) return { kind: 'refused', reason: `Choose which column of the file is “${wanted.label}”.` }
      continue
    }
    const first = names.indexOf(header)
    if (first < 0) return { kind: 'refused', reason: `The file has no column “${header}” (chosen as ${wanted.label}).` }
    if (names.indexOf(header, first + 1) >= 0)
      return {
        kind: 'refused',
        reason: `Two columns of the file are called “${header}”. Rename one of them and upload the file again.`,
      }
    at[wanted.column] = first
  }
  if (kind === 'supplier-stock' && at.onHand === undefined && at.cost === undefined)
    return { kind: 'refused', reason: 'Choose a column for the stock, for the cost, or for both.' }
  return { kind: 'positions', at }
}
