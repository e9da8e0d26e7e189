// Carriers we know by name, and whose tracking numbers tell them apart. A carrier that is not here is taken all the same.
import { plainTracking } from './parcel.ts'

type Carrier = {
  name: string
  /** As people write it: letters and digits only, in lower case. */
  words: string[]
  /** Only where no other carrier's numbers look like that. */
  shape?: RegExp
}

const carriers: Carrier[] = [
  { name: 'Royal Mail', words: ['royalmail', 'rm'], shape: /^[A-Z]{2}\d{9}GB$/ },
  { name: 'UPS', words: ['ups', 'unitedparcelservice'], shape: /^1Z[0-9A-Z]{16}$/ },
  { name: 'USPS', words: ['usps', 'uspostalservice'], shape: /^(9[2-5]\d{20}|[A-Z]{2}\d{9}US)$/ },
  { name: 'La Poste', words: ['laposte', 'colissimo', 'chronopost'], shape: /^[A-Z]{2}\d{9}FR$/ },
  { name: 'Deutsche Post', words: ['deutschepost'], shape: /^[A-Z]{2}\d{9}DE$/ },
  { name: 'PostNL', words: ['postnl'], shape: /^3S[A-Z0-9]{11,13}$/ },
  { name: 'Canada Post', words: ['canadapost'], shape: /^[A-Z]{2}\d{9}CA$/ },
  { name: 'Australia Post', words: ['australiapost', 'auspost'], shape: /^[A-Z]{2}\d{9}AU$/ },
  { name: 'DHL', words: ['dhl', 'dhlexpress', 'dhlparcel', 'dhlde', 'dhlecommerce', 'dhlglobalmail'] },
  { name: 'DPD', words: ['dpd', 'dpduk', 'dpdde', 'dpdfr', 'dpdlocal'] },
  { name: 'Evri', words: ['evri', 'hermes'] },
  { name: 'FedEx', words: ['fedex', 'federalexpress'] },
  { name: 'GLS', words: ['gls'] },
  { name: 'InPost', words: ['inpost'] },
  { name: 'Parcelforce', words: ['parcelforce', 'parcelforceworldwide'] },
  { name: 'TNT', words: ['tnt'] },
  { name: 'Yodel', words: ['yodel'] },
  { name: 'An Post', words: ['anpost'] },
  { name: 'bpost', words: ['bpost'] },
  { name: 'Correos', words: ['correos', 'correoses'] },
  { name: 'Poste Italiane', words: ['posteitaliane'] },
  { name: 'PostNord', words: ['postnord'] },
  { name: 'Purolator', words: ['purolator'] },
  { name: 'China Post', words: ['chinapost'] },
  { name: 'EMS', words: ['ems'] },
]

/** What a person should know of a carrier and a number that do not seem to belong together; null: nothing. */
export function carrierNote(typed: string, trackingNumber: string): string | null {
  const word = typed.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
  const known = carriers.find(({ words }) => words.includes(word))
  const number = plainTracking(trackingNumber)
  const shown = carriers.find(({ shape }) => shape?.test(number))
  if (shown && known && shown !== known)
    return `The number ${number} looks like one of ${shown.name}, but ${known.name} was given as its carrier.`
  if (!known) return `“${typed.trim()}” is not a carrier known here. It was taken as it is.`
  return null
}
