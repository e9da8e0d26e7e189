// Which addresses on the internet are for everybody. A name or number that a person typed leads only there: never to this
// machine, its network, or a cloud's own services.
import { lookup as systemLookup, type LookupAddress } from 'node:dns'
import type { LookupFunction } from 'node:net'
import ipaddr from 'ipaddr.js'

/** All addresses of a name. */
export type Resolve = (host: string) => Promise<LookupAddress[]>

export const systemResolve: Resolve = (host) =>
  new Promise((resolve, reject) => {
    systemLookup(host, { all: true }, (error, addresses) => (error ? reject(error) : resolve(addresses)))
  })

/** An address is public only where that is certain. One that carries another within itself is judged by that as well. */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false
  const address = ipaddr.process(text)
  if (address instanceof ipaddr.IPv4) return address.range() === 'unicast' && !cloudServices.has(address.toString())
  const carried = carriedIn(address)
  if (carried !== undefined) return isPublicAddress(carried)
  return address.range() === 'unicast' && address.match(globalUnicast)
}

/** Public numbers behind which clouds put services for their own machines. */
const cloudServices = new Set(['168.63.129.16'])
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3')
const translated = ipaddr.IPv6.parseCIDR('64:ff9b::/96')

/** Networks without IPv4 reach it through this prefix, so what counts there is the address inside. */
function carriedIn(address: ipaddr.IPv6): string | undefined {
  if (!address.match(translated)) return undefined
  return address.toByteArray().slice(-4).join('.')
}

/** The name leads, or may lead, to an address that is not for everybody. */
export class NotPublic extends Error {
  override name = 'NotPublic'
}

/**
 * Looks a name up for a connection that is about to be made, and hands on only what it checked: the connection goes to the
 * checked address, whatever the name says a moment later. One address in it that is not public spoils the name.
 */
export function publicLookup(resolve: Resolve = systemResolve): LookupFunction {
  return (host, options, answer) => {
    const wanted = options.family === 4 || options.family === 6 ? options.family : undefined
    const tell = (addresses: LookupAddress[]) => {
      const [first] = addresses
      if (first && !options.all) answer(null, first.address, first.family)
      else answer(null, addresses)
    }
    publicAddresses(host, resolve, wanted).then(tell, (error: NodeJS.ErrnoException) => answer(error, '', 0))
  }
}

async function publicAddresses(host: string, resolve: Resolve, family: 4 | 6 | undefined): Promise<LookupAddress[]> {
  const addresses = await resolve(host)
  const fitting = addresses.filter((found) => family === undefined || found.family === family)
  if (fitting.length > 0 && addresses.every(({ address }) => isPublicAddress(address))) return fitting
  throw new NotPublic('The address is not public.')
}
