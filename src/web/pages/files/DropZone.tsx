// The place a file is dropped on, or chosen from; one file at a time.
import { Button, FileButton, Loader, Text } from '@mantine/core'
import type { DragEvent } from 'react'
import { useState } from 'react'
import { t } from '../../i18n.ts'
import { IconUpload } from '../../icons.ts'
import classes from './files.module.css'

type Props = { onFile: (file: File) => void; busy: string | undefined }

export function DropZone({ onFile, busy }: Props) {
  const [over, setOver] = useState(false)
  const [fault, setFault] = useState(false)
  const onDrop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    const [file, ...others] = event.dataTransfer.files
    const isOne = file !== undefined && others.length === 0
    setFault(!isOne)
    if (isOne) onFile(file)
  }
  return (
    <div
      className={classes.drop}
      data-over={over || undefined}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
    >
      {busy ? (
        <div className={classes.dropBusy} role="status">
          <Loader size="sm" aria-hidden="true" /> {busy}
        </div>
      ) : (
        <>
          <IconUpload size={28} stroke={1.4} aria-hidden="true" />
          <Text fw={600}>{t('files.drop')}</Text>
          <Text size="sm" c="dimmed">
            {t('files.or')}
          </Text>
          <FileButton onChange={(file) => file && onFile(file)} accept=".csv,.txt,.tsv,text/csv,text/plain">
            {(button) => (
              <Button {...button} data-autofocus variant="default">
                {t('files.choose')}
              </Button>
            )}
          </FileButton>
          <Text size="xs" c="dimmed" mt={4}>
            {t('files.limit')}
          </Text>
          {fault && (
            <Text size="sm" c="var(--mantine-color-error)" role="alert">
              {t('files.notFile')}
            </Text>
          )}
        </>
      )}
    </div>
  )
}
