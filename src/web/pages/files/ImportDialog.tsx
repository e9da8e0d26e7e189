// Bringing a file in: choose or drop it, see what was found and adjust it, import it, and watch it being read (E1, G1).
import { Modal, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import type { z } from 'zod'
import type { fileKind } from '../../../api/contract.ts'
import { countLabel } from '../../format.ts'
import { t } from '../../i18n.ts'
import { ErrorState } from '../../parts/ErrorState.tsx'
import { DropZone } from './DropZone.tsx'
import { ImportOutcome } from './ImportOutcome.tsx'
import { LayoutForm } from './LayoutForm.tsx'
import { useImport } from './use-import.ts'

export type FileKind = z.infer<typeof fileKind>

type Props = {
  kind: FileKind
  supplier?: { id: string; name: string }
  opened: boolean
  onClose: () => void
}

export function ImportDialog(props: Props) {
  const { kind, supplier, opened, onClose } = props
  // Opened anew it starts anew; what was begun goes on in the hub.
  const [round, setRound] = useState(0)
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      onExitTransitionEnd={() => setRound(round + 1)}
      title={
        kind === 'shopify-products'
          ? t(`files.title.${kind}`)
          : t(`files.title.${kind}`, { name: supplier?.name ?? '' })
      }
      size={860}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Steps key={round} {...props} />
    </Modal>
  )
}

function Steps({ kind, supplier, onClose }: Props) {
  const work = useImport(kind, supplier?.id)
  const { looking, importing, file, tooLarge } = work
  if (importing.data) return <ImportOutcome id={importing.data.id} onClose={onClose} />
  return (
    <Stack gap="md">
      {!looking.data && (
        <>
          <Text size="sm" c="dimmed">
            {t(`files.intro.${kind}`)}
          </Text>
          <DropZone
            onFile={work.look}
            busy={looking.isPending && file ? t('files.inspecting', { name: file.name }) : undefined}
          />
          {tooLarge !== undefined && (
            <Text size="sm" c="var(--mantine-color-error)" role="alert">
              {t('files.tooLarge', { size: `${countLabel(Math.ceil(tooLarge / 1024 / 1024))} MB` })}
            </Text>
          )}
          {looking.error && <ErrorState error={looking.error} title={file?.name ?? ''} />}
        </>
      )}
      {looking.data && file && (
        <LayoutForm
          key={file.name + file.lastModified}
          kind={kind}
          file={file}
          found={looking.data}
          importing={importing}
          onOther={work.startOver}
        />
      )}
    </Stack>
  )
}
