// The description as this marketplace takes it: formatted with only the buttons it knows, as HTML, or as plain lines.
import { Input, SegmentedControl, Text, Textarea } from '@mantine/core'
import { RichTextEditor, type RichTextEditorProps } from '@mantine/tiptap'
import '@mantine/tiptap/styles.css'
import { useEditor } from '@tiptap/react'
import { StarterKit } from '@tiptap/starter-kit'
import { useId, useState } from 'react'
import { elementsIn, plainText } from '../../../domain/listings/description.ts'
import { t } from '../../i18n.ts'
import { Counter } from './Counter.tsx'
import classes from './listings.module.css'

type Props = {
  html: string
  max: number
  tags: string[]
  onChange: (html: string) => void
  /** Left out: that this marketplace takes what has a button. */
  hint?: string
}

export default function DescriptionField(props: Props) {
  return props.tags.includes('p') ? <Rich {...props} /> : <Plain {...props} />
}

/** What the formatted view can hold; of more it would lose something. */
const kept = 'p br ul ol li b strong i em u h1 h2 h3 h4 h5 h6 blockquote'.split(' ')

function Rich(props: Props) {
  const { html, max, tags, onChange } = props
  const hasMore = elementsIn(html).some((name) => tags.includes(name) && !kept.includes(name))
  const [view, setView] = useState<'formatted' | 'html'>(hasMore ? 'html' : 'formatted')
  const id = useId()
  return (
    <div>
      <Input.Label id={id} component="div">
        {t('listings.editor.text')}
      </Input.Label>
      <SegmentedControl
        size="xs"
        mb={6}
        ml="sm"
        aria-label={t('listings.editor.how')}
        data={[
          { value: 'formatted', label: t('listings.editor.formatted'), disabled: hasMore },
          { value: 'html', label: t('listings.editor.html') },
        ]}
        value={view}
        onChange={(next) => setView(next === 'html' ? 'html' : 'formatted')}
      />
      {view === 'html' ? (
        <Textarea
          aria-labelledby={id}
          autosize
          minRows={10}
          maxRows={22}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 12.5 } }}
          value={html}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      ) : (
        <Formatted {...props} labelledBy={id} />
      )}
      <Counter length={html.length} max={max} />
      <Text size="xs" c="dimmed" mt={2}>
        {hasMore ? t('listings.editor.hasMore') : (props.hint ?? t('listings.editor.rich'))}
      </Text>
    </div>
  )
}

function Formatted({ html, tags, onChange, labelledBy }: Props & { labelledBy: string }) {
  const may = (...names: string[]) => names.some((name) => tags.includes(name))
  const levels = ([1, 2, 3, 4, 5, 6] as const).filter((level) => tags.includes(`h${level}`))
  const off = false as const
  const editor = useEditor({
    extensions: [
      StarterKit.configure({
        code: off,
        codeBlock: off,
        horizontalRule: off,
        link: off,
        strike: off,
        trailingNode: off,
        heading: levels.length > 0 ? { levels } : off,
        ...(may('blockquote') ? {} : { blockquote: off }),
        ...(may('strong', 'b') ? {} : { bold: off }),
        ...(may('em', 'i') ? {} : { italic: off }),
        ...(may('u') ? {} : { underline: off }),
        ...(may('ul') ? {} : { bulletList: off }),
        ...(may('ol') ? {} : { orderedList: off }),
        ...(may('ul', 'ol') ? {} : { listItem: off, listKeymap: off }),
        ...(may('br') ? {} : { hardBreak: off }),
      }),
    ],
    content: html,
    immediatelyRender: true,
    editorProps: {
      attributes: { 'aria-labelledby': labelledBy, role: 'textbox', 'aria-multiline': 'true' },
    },
    onUpdate: (update) => onChange(update.editor.isEmpty ? '' : update.editor.getHTML()),
  })
  return (
    <RichTextEditor editor={editor as RichTextEditorProps['editor']} className={classes.rich}>
      <RichTextEditor.Toolbar>
        <RichTextEditor.ControlsGroup>
          {may('strong', 'b') && <RichTextEditor.Bold />}
          {may('em', 'i') && <RichTextEditor.Italic />}
          {may('u') && <RichTextEditor.Underline />}
        </RichTextEditor.ControlsGroup>
        {levels.length > 0 && (
          <RichTextEditor.ControlsGroup>
            {levels.includes(2) && <RichTextEditor.H2 />}
            {levels.includes(3) && <RichTextEditor.H3 />}
          </RichTextEditor.ControlsGroup>
        )}
        {may('ul', 'ol', 'blockquote') && (
          <RichTextEditor.ControlsGroup>
            {may('ul') && <RichTextEditor.BulletList />}
            {may('ol') && <RichTextEditor.OrderedList />}
            {may('blockquote') && <RichTextEditor.Blockquote />}
          </RichTextEditor.ControlsGroup>
        )}
        <RichTextEditor.ControlsGroup>
          <RichTextEditor.Undo />
          <RichTextEditor.Redo />
        </RichTextEditor.ControlsGroup>
      </RichTextEditor.Toolbar>
      <RichTextEditor.Content />
    </RichTextEditor>
  )
}

/** Lines as they are; where the marketplace knows line ends, they are sent as such. */
function Plain({ html, max, tags, onChange }: Props) {
  const hasBreaks = tags.includes('br')
  const [text, setText] = useState(() => plainText(html))
  const sent = hasBreaks ? escaped(text).replaceAll('\n', '<br>') : text
  return (
    <div>
      <Textarea
        label={t('listings.editor.text')}
        description={t(hasBreaks ? 'listings.editor.lines' : 'listings.editor.plain')}
        autosize
        minRows={10}
        maxRows={22}
        value={text}
        onChange={(event) => {
          const next = event.currentTarget.value
          setText(next)
          // Kept as HTML, as every description is: a line is a line there too.
          onChange(escaped(next).replaceAll('\n', '<br>'))
        }}
      />
      <Counter length={sent.length} max={max} />
    </div>
  )
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
