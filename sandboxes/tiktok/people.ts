// Buyers and where they live: plainly made up, and the same for the same number.
import type { Address, Order } from './state.ts'

export function buyerNumbered(number: number): Order['buyer'] {
  const name = String(number).padStart(4, '0')
  return {
    id: `7494${String(100_000_000_000_000 + number)}`,
    email: `v4b${name}@scs.tiktokw.example`,
    message: '',
  }
}

export function addressNumbered(number: number, countryCode = 'GB'): Address {
  const place = places.find((one) => one.region === countryCode) ?? {
    town: 'Neustadt',
    county: 'Example County',
    postalCode: '10001',
    region: countryCode,
    country: countryCode,
  }
  const towns = places.filter((one) => one.region === countryCode)
  const chosen = towns[number % Math.max(1, towns.length)] ?? place
  const name = `Buyer ${String(number).padStart(4, '0')}`
  return {
    name,
    phone: `(+44)07700900${String(number % 1000).padStart(3, '0')}`,
    line1: `${1 + (number % 400)} Example Street`,
    line2: number % 5 === 0 ? `Flat ${1 + (number % 30)}` : '',
    town: chosen.town,
    county: chosen.county,
    country: chosen.country,
    region: chosen.region,
    postalCode: chosen.postalCode,
  }
}

const uk = { region: 'GB', country: 'United Kingdom' }
const places = [
  { town: 'Ashford', county: 'Kent', postalCode: 'TN23 1PH', ...uk },
  { town: 'Leeds', county: 'West Yorkshire', postalCode: 'LS1 4AP', ...uk },
  { town: 'Cardiff', county: 'Glamorgan', postalCode: 'CF10 1EP', ...uk },
  { town: 'Inverness', county: 'Highland', postalCode: 'IV1 1HT', ...uk },
  { town: 'Belfast', county: 'Antrim', postalCode: 'BT1 5GS', ...uk },
]
