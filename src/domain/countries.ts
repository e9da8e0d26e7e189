// Countries by their two letters (ISO 3166-1 alpha-2), as marketplaces and suppliers name them.
import { iso31661 } from 'iso-3166'

/** With Kosovo, which the standard leaves out and carriers write XK. */
export const countryCodes: readonly string[] = [...iso31661.map(({ alpha2 }) => alpha2), 'XK']

const known = new Set(countryCodes)

/** In capitals only. */
export function isCountry(code: string): boolean {
  return known.has(code)
}
