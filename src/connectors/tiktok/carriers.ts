// Carriers. TikTok Shop knows them by ids that differ from one delivery option to the next, so the names decide.

/** Our carrier code → their name for it. Names of the United Kingdom as sellers see them there. */
export const carriers: Record<string, string> = {
  'royal-mail': 'Royal Mail',
  evri: 'Hermes/EVRI',
  'dpd-uk': 'DPD',
  yodel: 'Yodel',
  'amazon-logistics': 'Amazon Logistics',
  parcel2go: 'Parcel2Go',
  parcelforce: 'Parcel Force',
  'uk-mail': 'UK Mail',
  ups: 'UPS',
  dhl: 'DHL',
  'dhl-express': 'DHL Express',
  'dhl-ecommerce': 'DHL eCommerce',
  fedex: 'FedEx',
  usps: 'USPS',
  gls: 'GLS',
  'an-post': 'An Post',
  'la-poste': 'La Poste',
  hermes: 'Hermes/EVRI',
  inpost: 'InPost',
  tnt: 'TNT',
  other: 'Other',
}

/** Other names of the same company. "DHL" and "DHL eCommerce" are two. */
const aliases = [
  ['evri', 'hermes', 'hermesevri', 'evrihermes', 'myhermes'],
  ['parcelforce', 'parcelforceworldwide'],
  ['dpd', 'dpduk'],
  ['ups', 'upsuk'],
  ['dhl', 'dhluk', 'dhlparceluk', 'dhlexpress', 'dhlexpressuk'],
  ['fedex', 'fedexuk'],
  ['amazonlogistics', 'amazonlogisticsuk', 'amazonshipping'],
  ['yodel', 'yodeluk'],
]

export type Provider = { id: string; name: string }

/** The one of theirs that is meant by our code, or by their own or another name as suppliers write it. */
export function providerFor(carrier: string, providers: Provider[]): Provider | undefined {
  const theirs = Object.hasOwn(carriers, carrier) ? carriers[carrier] : undefined
  const wanted = [theirs ?? carrier, carrier].map(plainName)
  const exact = wanted.flatMap((name) => providers.find((provider) => plainName(provider.name) === name) ?? [])[0]
  if (exact) return exact
  const known = new Set(aliases.filter((names) => names.some((name) => wanted.includes(name))).flat())
  return (
    providers.find((provider) => known.has(plainName(provider.name))) ??
    providers.find((provider) => /^others?$/.test(plainName(provider.name)))
  )
}

function plainName(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '')
}
