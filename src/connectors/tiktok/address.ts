// Where an order goes. Missing until the buyer's hour to cancel has passed; blacked out where TikTok delivers itself.
import type { Address } from '../connector.ts'
import { asArray, asObject, asText } from '../reading.ts'
import type { JsonObject } from '../reading.ts'

/** Null where a parcel could not find its way: absent, or blacked out with asterisks. */
export function addressOf(address: JsonObject | undefined): Address | null {
  if (!address) return null
  const part = (name: string) => asText(address[name])
  const districts = districtsOf(address)
  const firstAndLast = asText([part('first_name'), part('last_name')].filter((text) => text !== null).join(' '))
  const [line1, ...others] = ['address_line1', 'address_line2', 'address_line3', 'address_line4'].map(part)
  const read: Address = {
    name: part('name') ?? firstAndLast ?? '',
    street: line1 ?? part('address_detail') ?? part('full_address') ?? '',
    extended: others.filter((line) => line !== null).join(', '),
    city: part('post_town') ?? cityIn(districts) ?? '',
    region: districts.find((district) => district.level === 'L1')?.name ?? '',
    postalCode: part('postal_code') ?? '',
    countryCode: countryCodeOf(part('region_code') ?? districts.find(({ level }) => level === 'L0')?.code ?? ''),
    phone: plainText(address['phone_number']) ?? '',
  }
  const { phone, countryCode, ...mustBeClear } = read
  const texts = Object.values(mustBeClear)
  if (texts.some(isBlackedOut) || [phone, countryCode, ...texts].every((text) => text === '')) return null
  return read
}

/** The text, or null where it is missing or blacked out. */
export function plainText(value: unknown): string | null {
  const text = asText(value)
  return text === null || isBlackedOut(text) ? null : text
}

type District = { level: string; levelName: string; name: string; code: string | null }

function districtsOf(address: JsonObject): District[] {
  return (asArray(address['district_info']) ?? []).flatMap((entry): District[] => {
    const district = asObject(entry) ?? {}
    const [level, name] = [asText(district['address_level']), asText(district['address_name'])]
    if (level === null || name === null) return []
    return [
      { level, name, levelName: asText(district['address_level_name']) ?? '', code: asText(district['iso_code']) },
    ]
  })
}

// Levels mean something else in every country; their names tell. Otherwise the smallest one that is no country or state.
function cityIn(districts: District[]): string | null {
  const named = districts.find(({ levelName }) => /city|town|municipality/i.test(levelName))
  const smallest = districts
    .filter(({ level }) => level >= 'L2')
    .toSorted((one, other) => (one.level < other.level ? 1 : -1))
  return named?.name ?? smallest[0]?.name ?? null
}

function countryCodeOf(text: string): string {
  const code = text.toUpperCase()
  return code === 'UK' ? 'GB' : code
}

function isBlackedOut(text: string): boolean {
  return text.includes('**')
}
