// The search of a page: `/` goes to it, Escape empties and leaves it, and it asks when typing pauses.
import { CloseButton, Kbd, TextInput } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { after } from '../browser.ts'
import { t } from '../i18n.ts'
import { IconSearch } from '../icons.ts'

type Props = {
  value: string
  onChange: (value: string) => void
  label: string
  width?: number | string
  /** Where a page has two searches, `/` goes to the first. */
  slash?: boolean
}

const pauseMs = 220

export function SearchBox({ value, onChange, label, width = 320, slash = true }: Props) {
  const [text, setText] = useState(value)
  const input = useRef<HTMLInputElement>(null)
  const told = useRef(value)
  useEffect(() => {
    // The address changed under us (back button, cleared filters): show what it says.
    if (value === told.current) return
    told.current = value
    setText(value)
  }, [value])
  useEffect(() => {
    if (text === told.current) return undefined
    return after(pauseMs, () => {
      told.current = text
      onChange(text)
    })
  }, [text, onChange])
  return (
    <TextInput
      ref={input}
      type="search"
      aria-label={label}
      placeholder={label}
      value={text}
      maxLength={200}
      w={width}
      maw="100%"
      size="sm"
      leftSection={<IconSearch size={15} aria-hidden="true" />}
      rightSection={
        text ? (
          <CloseButton size="sm" aria-label={t('common.clear')} onClick={() => setText('')} />
        ) : slash ? (
          <Kbd size="xs" visibleFrom="sm" aria-hidden="true">
            /
          </Kbd>
        ) : null
      }
      data-slash={slash || undefined}
      onChange={(event) => setText(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        setText('')
        input.current?.blur()
      }}
    />
  )
}
