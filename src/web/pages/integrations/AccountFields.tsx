// The marketplace's own credential fields, as its connector describes them. Secrets are typed, never shown.
import { PasswordInput, TextInput } from '@mantine/core'
import type { Answer } from '../../api.ts'

type Field = Answer<'marketplaces'>[number]['accountFields'][number]
type Props = {
  fields: Field[]
  form: { getInputProps: (path: string) => object }
  autoFocus?: boolean
  placeholder?: string
}

export function AccountFields({ fields, form, autoFocus, placeholder }: Props) {
  return fields.map(({ key, label, help, secret }, index) => {
    const common = {
      label,
      description: help,
      placeholder,
      autoComplete: 'off',
      spellCheck: false,
      autoFocus: autoFocus === true && index === 0,
      ...form.getInputProps(`account.${key}`),
    }
    // "new-password" keeps browsers from filling in the person's own.
    return secret ? (
      <PasswordInput key={key} {...common} autoComplete="new-password" />
    ) : (
      <TextInput key={key} {...common} />
    )
  })
}

export function emptyAccount(fields: Field[]): Record<string, string> {
  return Object.fromEntries(fields.map(({ key }) => [key, '']))
}

/** A refusal's fields as the form names them: "token" and "account.token" are the same field. */
export function accountErrors(refused: Record<string, string>, fields: Field[]): Record<string, string> {
  const known = new Set(fields.map(({ key }) => key))
  return Object.fromEntries(
    Object.entries(refused).map(([name, text]) => [known.has(name) ? `account.${name}` : name, text]),
  )
}
