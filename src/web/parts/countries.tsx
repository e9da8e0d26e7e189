// Countries by name, and the fields that choose them: found by their letters or their name.
import {
  MultiSelect,
  Select,
  type ComboboxItem,
  type MultiSelectProps,
  type OptionsFilter,
  type SelectProps,
} from '@mantine/core'
import { countryCodes } from '../../domain/countries.ts'
import { t } from '../i18n.ts'

const regions = new Intl.DisplayNames('en-GB', { type: 'region', fallback: 'code' })

export function countryName(code: string): string {
  return /^[A-Z]{2}$/.test(code) ? (regions.of(code) ?? code) : code
}

const options = countryCodes
  .map((value) => ({ value, label: `${countryName(value)} (${value})` }))
  .toSorted((one, other) => one.label.localeCompare(other.label, 'en-GB'))

/** Letters typed are a code before they are the beginning of a name, and that before any part of one. */
const byCodeOrName: OptionsFilter = ({ options: all, search }) => {
  const typed = search.trim().toLowerCase()
  const code = typed === 'uk' ? 'gb' : typed
  const rank = ({ value, label }: ComboboxItem) => {
    const name = label.toLowerCase()
    if (value.toLowerCase() === code) return 0
    if (name.startsWith(typed)) return 1
    return name.includes(typed) ? 2 : 3
  }
  return (all as ComboboxItem[]).filter((option) => rank(option) < 3).toSorted((one, other) => rank(one) - rank(other))
}

const common = { data: options, filter: byCodeOrName, searchable: true, nothingFoundMessage: t('common.noCountry') }

export function CountrySelect(props: Omit<SelectProps, keyof typeof common>) {
  return <Select {...common} selectFirstOptionOnChange {...props} />
}

export function CountriesSelect(props: Omit<MultiSelectProps, keyof typeof common>) {
  return <MultiSelect {...common} hidePickedOptions selectFirstOptionOnChange {...props} />
}
