// A figure that can be changed where it stands: Enter or leaving it saves, Escape does not. The new figure shows at once
// and goes back, with the reason, where the hub refuses it.
import { TextInput, Tooltip } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import type { KeyboardEvent, ReactNode, RefObject } from 'react'
import { useRef, useState } from 'react'
import { tell, tellRefusal } from './ask.tsx'
import classes from './EditableFigure.module.css'
import { errorText } from './ErrorState.tsx'

type Props<Value> = {
  /** What is edited, for those who cannot see the table: "Price of FL-1001". */
  label: string
  value: Value
  /** How a value is written in the field; an empty text where there is none. */
  toText: (value: Value) => string
  /** Undefined: no such value. */
  fromText: (text: string) => Value | undefined
  help: string
  wrong: string
  renderFigure: (value: Value) => ReactNode
  save: (value: Value) => Promise<unknown>
  /** What undoing saves, where that is another than what was shown. */
  undoTo?: Value
  /** Words instead of a figure: written from the left, as wide as there is room. */
  words?: { maxLength: number }
  saved: string
}

/** A table has hundreds of them: as long as nobody touches one, it is a plain button. */
export function EditableFigure<Value>(props: Props<Value>) {
  const [isTouched, setTouched] = useState(false)
  if (isTouched) return <TouchedFigure {...props} />
  return <FigureButton {...props} figure={props.renderFigure(props.value)} onBegin={() => setTouched(true)} />
}

type ButtonProps = {
  label: string
  /** Words alone, or something drawn. */
  figure: ReactNode
  words?: object
  /** Shown where somebody points; empty: the words, where they are cut off. */
  hint?: string | undefined
  button?: RefObject<HTMLButtonElement | null>
  onBegin: () => void
}

/** It keeps nothing of its own, so that it may stand for another row the next moment. */
export function FigureButton({ label, figure, words, hint, button, onBegin }: ButtonProps) {
  const isText = typeof figure === 'string'
  return (
    <button
      type="button"
      ref={button}
      className={classes.figure}
      aria-label={isText ? `${label}: ${figure}` : undefined}
      data-hint={hint}
      data-words={words ? true : undefined}
      onClick={onBegin}
      data-keeps-click
    >
      {!isText && <span className={classes.label}>{label}: </span>}
      {figure}
    </button>
  )
}

/** From the moment it was touched; it shows its field at first. */
export function TouchedFigure<Value>(props: Props<Value>) {
  const { label, value, toText, fromText, renderFigure } = props
  const [text, setText] = useState<string | undefined>(() => toText(value))
  const [wrong, setWrong] = useState<string>()
  const button = useRef<HTMLButtonElement>(null)
  const saving = useSaving(props)
  const isEditing = text !== undefined

  const begin = () => setText(toText(value))
  const leave = (options?: { focus: boolean }) => {
    setText(undefined)
    setWrong(undefined)
    if (options?.focus) requestAnimationFrame(() => button.current?.focus())
  }
  const commit = (options?: { focus: boolean }) => {
    if (text === undefined) return
    const next = fromText(text)
    if (next === undefined) {
      setWrong(props.wrong)
      return
    }
    leave(options)
    if (toText(next) !== toText(value))
      saving.mutate(next, {
        onError: (error) => {
          setText(toText(next))
          setWrong(errorText(error))
        },
      })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation()
    if (event.key === 'Enter') commit({ focus: true })
    else if (event.key === 'Escape') leave({ focus: true })
  }

  if (!isEditing)
    return (
      <FigureButton
        label={label}
        figure={renderFigure(saving.isPending ? saving.variables : value)}
        {...(props.words ? { words: props.words } : {})}
        button={button}
        onBegin={begin}
      />
    )
  return (
    <Tooltip label={wrong ?? props.help} opened multiline maw={280} {...(wrong ? { color: 'red.9' } : {})}>
      <TextInput
        className={classes.field}
        size="xs"
        autoFocus
        aria-label={label}
        aria-description={wrong ?? props.help}
        value={text}
        error={wrong !== undefined}
        inputMode={props.words ? 'text' : 'decimal'}
        maxLength={props.words?.maxLength ?? 20}
        data-words={props.words ? true : undefined}
        data-keeps-click
        onFocus={(event) => event.currentTarget.select()}
        onChange={(event) => {
          setText(event.currentTarget.value)
          setWrong(undefined)
        }}
        onKeyDown={onKeyDown}
        onBlur={() => commit()}
      />
    </Tooltip>
  )
}

function useSaving<Value>({ value, save, saved, undoTo }: Props<Value>) {
  const before = useRef(value)
  return useMutation({
    mutationFn: (next: Value) => {
      before.current = undoTo === undefined ? value : undoTo
      return save(next)
    },
    onSuccess: () => {
      const back = before.current
      tell(saved, () => void save(back).catch(tellRefusal))
    },
  })
}
