// One attribute as its category asks for it: chosen from its values, written, or both; one or several; with its unit.
import { Autocomplete, MultiSelect, Select, TagsInput, TextInput } from '@mantine/core'
import type { ReactNode } from 'react'
import { useState } from 'react'
import { t } from '../../i18n.ts'
import type { Attribute } from './use-wizard.ts'

type Props = {
  id: string
  attribute: Attribute
  /** Undefined: products have different ones. Empty: none. */
  value: string | undefined
  /** Nobody has typed it: it follows from the product. */
  isDerived?: boolean
  error?: ReactNode
  /** In a table, where the label stands in the head. */
  bare?: string
  onSave: (value: string | null) => void
}

const choicesShown = 100

export function AttributeField(props: Props) {
  const { id, attribute, value, isDerived = false, error, bare } = props
  const { label, isRequired, isMultiple, choices } = attribute
  // Some marketplaces say the label again as help.
  const help = attribute.help === label ? undefined : attribute.help
  const differs = value === undefined
  const common = {
    id,
    size: 'sm',
    ...(bare === undefined ? { label } : { 'aria-label': bare, size: 'xs' }),
    // Said, not enforced by the browser: a listing may be finished tomorrow.
    withAsterisk: isRequired && bare === undefined,
    'aria-required': isRequired,
    ...(bare === undefined && (help || differs || isDerived)
      ? {
          description: [
            help,
            differs && t('wizard.attributes.differsHelp'),
            isDerived && t('wizard.attributes.derived'),
          ]
            .filter(Boolean)
            .join(' '),
        }
      : {}),
    error: error ?? null,
  }
  const kind = { ...props, common, differs }
  if (isMultiple) return <Several {...kind} />
  if (!choices || choices.length === 0) return <Written {...kind} />
  return attribute.takesOwnText ? <ChosenOrWritten {...kind} /> : <Chosen {...kind} />
}

type Kind = Props & { common: object; differs: boolean }

function Chosen({ attribute, value, common, differs, onSave }: Kind) {
  return (
    <Select
      {...common}
      searchable
      clearable
      limit={choicesShown}
      data={unique(attribute)}
      value={value || null}
      placeholder={t(differs ? 'wizard.attributes.differs' : 'wizard.attributes.choose')}
      clearButtonProps={{ 'aria-label': t('common.clear') }}
      nothingFoundMessage={t('wizard.attributes.noChoice')}
      onChange={onSave}
    />
  )
}

function Written({ attribute, value, common, differs, onSave }: Kind) {
  const [text, setText] = useTyped(value ?? '')
  const save = () => {
    if (text.trim() !== (value ?? '')) onSave(text.trim() === '' ? null : text.trim())
  }
  return (
    <TextInput
      {...common}
      value={text}
      maxLength={5000}
      {...(attribute.unit
        ? {
            inputMode: 'decimal',
            rightSection: <span>{attribute.unit}</span>,
            rightSectionWidth: unitWidth(attribute.unit),
          }
        : {})}
      placeholder={differs ? t('wizard.attributes.differs') : attribute.unit ? t('wizard.attributes.number') : ''}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={save}
      onKeyDown={(event) => event.key === 'Enter' && save()}
    />
  )
}

/** A choice is sent as the marketplace's own value, other text as it stands. */
function ChosenOrWritten({ attribute, value, common, differs, onSave }: Kind) {
  const labelOf = (own: string) => attribute.choices?.find((choice) => choice.value === own)?.label ?? own
  const [text, setText] = useTyped(labelOf(value ?? ''))
  const save = (typed: string) => {
    const plain = typed.trim()
    const choice = attribute.choices?.find(({ label }) => label.toLowerCase() === plain.toLowerCase())
    const next = choice?.value ?? plain
    if (next !== (value ?? '')) onSave(next === '' ? null : next)
  }
  return (
    <Autocomplete
      {...common}
      data={[...new Set(attribute.choices?.map(({ label }) => label))]}
      limit={choicesShown}
      value={text}
      maxLength={5000}
      placeholder={t(differs ? 'wizard.attributes.differs' : 'wizard.attributes.ownText')}
      onChange={setText}
      onOptionSubmit={save}
      onBlur={() => save(text)}
      onKeyDown={(event) => event.key === 'Enter' && save(text)}
    />
  )
}

function Several({ attribute, value, common, differs, onSave }: Kind) {
  const values = value ? value.split('|') : []
  const save = (next: string[]) => onSave(next.length === 0 ? null : next.join('|'))
  const shared = {
    ...common,
    placeholder: values.length > 0 ? '' : t(differs ? 'wizard.attributes.differs' : 'wizard.attributes.several'),
    limit: choicesShown,
    clearable: true,
    clearButtonProps: { 'aria-label': t('common.clear') },
  }
  if (attribute.choices && !attribute.takesOwnText)
    return (
      <MultiSelect {...shared} searchable hidePickedOptions data={unique(attribute)} value={values} onChange={save} />
    )
  const labels = new Map(attribute.choices?.map((choice) => [choice.value, choice.label]))
  const valueOf = (label: string) => attribute.choices?.find((choice) => choice.label === label)?.value ?? label
  return (
    <TagsInput
      {...shared}
      splitChars={['|']}
      data={[...new Set(labels.values())]}
      value={values.map((one) => labels.get(one) ?? one)}
      onChange={(next) => save(next.map(valueOf))}
    />
  )
}

/** What is typed, until another value comes from the hub. */
export function useTyped(value: string): [string, (text: string) => void] {
  const [typed, setTyped] = useState({ over: value, text: value })
  if (typed.over !== value) setTyped({ over: value, text: value })
  return [typed.over === value ? typed.text : value, (text) => setTyped({ over: value, text })]
}

/** Some marketplaces name a choice twice; a select takes each value once. */
function unique({ choices = [] }: Attribute) {
  return [...new Map(choices.map((choice) => [choice.value, choice])).values()]
}

function unitWidth(unit: string): number {
  return 20 + unit.length * 8
}
