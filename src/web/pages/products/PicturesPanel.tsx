// The pictures in their order, the first the main one: uploaded together, moved by drag or by button, each with its text.
import { ActionIcon, Badge, Button, FileButton, Group, TextInput, Title, VisuallyHidden } from '@mantine/core'
import { useState, type DragEvent } from 'react'
import { call } from '../../api.ts'
import { t } from '../../i18n.ts'
import { IconArrowDown, IconArrowUp, IconUpload, IconX } from '../../icons.ts'
import { errorText } from '../../parts/ErrorState.tsx'
import { Picture } from './Picture.tsx'
import classes from './products.module.css'
import type { Editing } from './use-product.ts'

type Props = { editing: Editing; title: string }
type Image = Editing['form']['images'][number]

export function PicturesPanel({ editing, title }: Props) {
  const { form, change, faults } = editing
  const [said, setSaid] = useState('')
  const [dragged, setDragged] = useState<number>()
  const uploads = useUploads((urls) => {
    const known = new Set(form.images.map(({ url }) => url))
    change({ images: [...form.images, ...urls.filter((url) => !known.has(url)).map((url) => ({ url, alt: '' }))] })
  })
  const move = (from: number, to: number) => {
    const images = [...form.images]
    const [moved] = images.splice(from, 1)
    if (!moved || to < 0 || to > images.length) return
    images.splice(to, 0, moved)
    change({ images })
    setSaid(t('productEditor.pictures.moved', { number: to + 1 }))
  }
  const onDrop = (event: DragEvent) => {
    event.preventDefault()
    if (event.dataTransfer.files.length > 0) void uploads.add([...event.dataTransfer.files])
  }
  return (
    <section
      className={`panel ${classes.block}`}
      aria-label={t('product.images')}
      onDragOver={(event) => event.preventDefault()}
      onDrop={onDrop}
    >
      <Group justify="space-between" mb={8}>
        <Title order={2}>{t('product.images')}</Title>
        <FileButton multiple accept="image/*" onChange={(files) => void uploads.add(files)}>
          {(button) => (
            <Button
              {...button}
              size="xs"
              variant="default"
              loading={uploads.progress !== undefined}
              leftSection={<IconUpload size={14} aria-hidden="true" />}
            >
              {t('productEditor.pictures.add')}
            </Button>
          )}
        </FileButton>
      </Group>
      <p className={classes.quiet} role="status">
        {uploads.progress ? t('productEditor.pictures.uploading', uploads.progress) : t('productEditor.pictures.hint')}
      </p>
      <VisuallyHidden aria-live="polite">{said}</VisuallyHidden>
      {uploads.refused.length > 0 && (
        <div role="alert">
          <ul className={classes.why} aria-label={t('productEditor.pictures.refused')}>
            {uploads.refused.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </div>
      )}
      {faults['images'] && <p className={classes.fault}>{faults['images']}</p>}
      <ol className={classes.pictures}>
        {form.images.map((image, at) => (
          <Card
            key={image.url}
            image={image}
            at={at}
            last={form.images.length - 1}
            title={title}
            fault={faults[`images.${at}`]}
            dragging={dragged === at}
            onDrag={setDragged}
            onDropHere={() => {
              if (dragged !== undefined) move(dragged, at)
              setDragged(undefined)
            }}
            onMove={(to) => move(at, to)}
            onText={(alt) => change({ images: form.images.with(at, { ...image, alt }) })}
            onRemove={() =>
              change({
                images: form.images.filter((_, index) => index !== at),
                variants: form.variants.map((variant) =>
                  variant.imageUrl === image.url ? { ...variant, imageUrl: null } : variant,
                ),
              })
            }
          />
        ))}
      </ol>
    </section>
  )
}

type CardProps = {
  image: Image
  at: number
  last: number
  title: string
  fault: string | undefined
  dragging: boolean
  onDrag: (at: number | undefined) => void
  onDropHere: () => void
  onMove: (to: number) => void
  onText: (alt: string) => void
  onRemove: () => void
}

function Card({ image, at, last, title, fault, dragging, ...on }: CardProps) {
  const number = at + 1
  return (
    <li
      className={classes.card}
      data-dragging={dragging || undefined}
      draggable
      onDragStart={() => on.onDrag(at)}
      onDragEnd={() => on.onDrag(undefined)}
      onDrop={on.onDropHere}
    >
      <div className={classes.cardPicture}>
        <Picture url={image.url} alt={image.alt || title || t('product.picture', { number })} size="100%" />
        {at === 0 && (
          <Badge className={classes.mainBadge} variant="filled" color="dark.7" size="sm" radius="sm" tt="none">
            {t('productEditor.pictures.main')}
          </Badge>
        )}
      </div>
      <TextInput
        size="xs"
        aria-label={t('productEditor.pictures.text', { number })}
        placeholder={t('productEditor.pictures.textHint')}
        value={image.alt}
        error={fault}
        onChange={(event) => on.onText(event.currentTarget.value)}
      />
      <Group gap={2} justify="space-between">
        <Group gap={2}>
          <Tool
            label={t('productEditor.pictures.earlier', { number })}
            disabled={at === 0}
            onClick={() => on.onMove(at - 1)}
          >
            <IconArrowUp size={15} className={classes.sideways} aria-hidden="true" />
          </Tool>
          <Tool
            label={t('productEditor.pictures.later', { number })}
            disabled={at === last}
            onClick={() => on.onMove(at + 1)}
          >
            <IconArrowDown size={15} className={classes.sideways} aria-hidden="true" />
          </Tool>
        </Group>
        <Tool label={t('productEditor.pictures.remove', { number })} onClick={on.onRemove}>
          <IconX size={15} aria-hidden="true" />
        </Tool>
      </Group>
    </li>
  )
}

function Tool(props: { label: string; disabled?: boolean; onClick: () => void; children: React.ReactNode }) {
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size="sm"
      aria-label={props.label}
      title={props.label}
      disabled={props.disabled ?? false}
      onClick={props.onClick}
    >
      {props.children}
    </ActionIcon>
  )
}

/** One after another, so that each has its sentence where it is refused, and the good ones stay. */
function useUploads(onAdded: (urls: string[]) => void) {
  const [progress, setProgress] = useState<{ at: number; of: number }>()
  const [refused, setRefused] = useState<string[]>([])
  const add = async (files: File[]) => {
    const urls: string[] = []
    const sentences: string[] = []
    for (const [index, file] of files.entries()) {
      setProgress({ at: index + 1, of: files.length })
      const body = new FormData()
      body.set('file', file)
      await call('uploadPicture', { body }).then(
        ({ url }) => urls.push(url),
        (error: unknown) => sentences.push(errorText(error)),
      )
    }
    setProgress(undefined)
    setRefused(sentences)
    if (urls.length > 0) onAdded(urls)
  }
  return { add, progress, refused }
}
