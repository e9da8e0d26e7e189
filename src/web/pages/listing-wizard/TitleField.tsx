// A title with its length as it is typed: red where the marketplace takes no more.
import { TextInput } from '@mantine/core'
import { t } from '../../i18n.ts'
import { useTyped } from './AttributeField.tsx'
import classes from './wizard.module.css'

type Props = {
  id: string
  label: string
  /** What would be sent. */
  value: string
  max: number | undefined
  fault: string | undefined
  onSave: (title: string | null) => void
}

export function TitleField({ id, label, value, max, fault, onSave }: Props) {
  const [text, setText] = useTyped(value)
  const length = text.trim().length
  const isOver = max !== undefined && length > max
  const count = max === undefined ? String(length) : t('wizard.products.titleCount', { length, max })
  const save = () => {
    if (text.trim() !== value.trim()) onSave(text.trim() === '' ? null : text.trim())
  }
  return (
    <div className={classes.titleField}>
      <TextInput
        id={id}
        size="xs"
        aria-label={label}
        aria-description={[count, fault].filter(Boolean).join('. ')}
        value={text}
        maxLength={1000}
        error={isOver || fault !== undefined}
        onChange={(event) => setText(event.currentTarget.value)}
        onBlur={save}
        onKeyDown={(event) => {
          if (event.key === 'Enter') save()
          if (event.key === 'Escape') setText(value)
        }}
      />
      <span className={classes.count} data-over={isOver || undefined} aria-hidden="true">
        {count}
      </span>
    </div>
  )
}
