// A category of the catalogue: one of those in use, or a new one.
import { Autocomplete } from '@mantine/core'

type Props = {
  label: string
  description?: string
  value: string
  error?: string | undefined
  data: string[]
  onChange: (category: string) => void
  withinPortal?: boolean
}

const shownMax = 100

export function CategoryInput({ error, withinPortal = true, ...props }: Props) {
  return <Autocomplete {...props} limit={shownMax} {...(error ? { error } : {})} comboboxProps={{ withinPortal }} />
}
