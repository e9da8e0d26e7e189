// Our carrier code → Amazon's word. The list in force is behind Seller Central; what is not here goes out as "Other" with
// the carrier's own name, which is always accepted.

export const otherCarrier = 'Other'

export const carriers: Record<string, string> = {
  'royal-mail': 'Royal Mail',
  parcelforce: 'Parcelforce',
  hermes: 'Hermes Logistik Gruppe',
  yodel: 'Yodel',
  dpd: 'DPD',
  dhl: 'DHL',
  'dhl-global-mail': 'DHL Global Mail',
  ups: 'UPS',
  'ups-mail-innovations': 'UPSMI',
  fedex: 'FedEx',
  usps: 'USPS',
  gls: 'GLS',
  tnt: 'TNT',
  'deutsche-post': 'Deutsche Post',
  'la-poste': 'La Poste',
  chronopost: 'Chronopost',
  'poste-italiane': 'Poste Italiane',
  sda: 'SDA',
  ontrac: 'OnTrac',
  lasership: 'Lasership',
  'canada-post': 'Canada Post',
  'australia-post': 'Australia Post',
  fastway: 'Fastway',
  aramex: 'Aramex',
  bluedart: 'BlueDart',
  delhivery: 'Delhivery',
  yamato: 'YAMATO',
  sagawa: 'SAGAWA',
  'nippon-express': 'Nippon Express',
  other: otherCarrier,
}

/** Our code, or their word as suppliers write it ("Royal Mail", "royal mail"). */
export function carrierOf(carrier: string): { carrierCode: string; carrierName?: string } {
  const plain = plainCarrier(carrier)
  const known = Object.entries(carriers).find(
    ([code, word]) => plainCarrier(code) === plain || plainCarrier(word) === plain,
  )
  if (known && known[1] !== otherCarrier) return { carrierCode: known[1] }
  return { carrierCode: otherCarrier, carrierName: carrier.trim() === '' ? otherCarrier : carrier.trim() }
}

function plainCarrier(text: string): string {
  return text.toLowerCase().replace(/[\s_-]+/g, '')
}
