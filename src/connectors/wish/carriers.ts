// Our carrier codes and Wish's names. The names Wish takes today are asked for when a parcel is confirmed; this table only
// says which name to look for, so a name that changed is found by our code as well.

/** Our carrier code → their name. */
export const carriers: Record<string, string> = {
  ups: 'UPS',
  usps: 'USPS',
  fedex: 'FedEx',
  dhl: 'DHL',
  'dhl-de': 'DHLGermany',
  'dhl-express': 'DHLExpress',
  'dhl-global-mail': 'DHLGlobalMail',
  'canada-post': 'CanadaPost',
  'royal-mail': 'RoyalMail',
  postnl: 'PostNL',
  'australia-post': 'AustraliaPost',
  ems: 'EMS',
  'la-poste': 'LaPoste',
  'china-post': 'ChinaPost',
  gls: 'GLS',
  parcelforce: 'ParcelForce',
  purolator: 'Purolator',
  'correos-es': 'CorreosSpain',
  'ukraine-post': 'UkrPost',
  'dpd-de': 'DPDGermany',
  'dpd-uk': 'DPDUK',
  'dpd-fr': 'DPDFrance',
  canpar: 'Canpar',
  hermes: 'Hermes',
  tnt: 'TNT',
  other: 'Other',
}

/** The name among those Wish takes: ours, the same with its country left out, or their "other". Undefined: none fits. */
export function carrierNameAmong(names: string[], carrier: string): string | undefined {
  const plain = plainCarrier(carrier)
  const code = Object.keys(carriers).find(
    (known) => plainCarrier(known) === plain || plainCarrier(carriers[known] ?? '') === plain,
  )
  const wanted = [plain, plainCarrier(carriers[code ?? ''] ?? ''), plainCarrier(code ?? ''), plainFamily(code ?? '')]
  const byPlain = new Map(names.map((name) => [plainCarrier(name), name]))
  const found = wanted.find((word) => word !== '' && byPlain.has(word))
  return byPlain.get(found ?? 'other') ?? names.find((name) => /^other\b/i.test(name))
}

function plainCarrier(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '')
}

/** "dpd-uk" is DPD where Wish does not tell its countries apart. */
function plainFamily(code: string): string {
  const family = /^(dpd|dhl|correos)-/.exec(code)?.[1]
  return family ?? ''
}
