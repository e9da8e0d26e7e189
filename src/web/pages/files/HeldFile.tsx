// A file that was held back: loud, with the reasons and the two ways out (E1).
import { Button, Group } from '@mantine/core'
import type { ReactNode } from 'react'
import { t } from '../../i18n.ts'
import { IconAlertTriangle, IconCheck, IconTrash } from '../../icons.ts'
import classes from './files.module.css'
import type { FileImport } from './import-look.ts'
import { useDecision } from './use-file.ts'

type Props = { file: Pick<FileImport, 'id' | 'fileName' | 'heldBecause'>; children?: ReactNode }

export function HeldFile({ file, children }: Props) {
  const { decide, deciding } = useDecision(file)
  return (
    <div className={classes.held} role="group" aria-label={`${file.fileName}: ${t('files.states.held')}`}>
      <h2>
        <IconAlertTriangle size={18} stroke={1.9} aria-hidden="true" />
        <span>
          <span className={classes.fileName}>{file.fileName}</span>: {t('files.heldTitle')}
        </span>
      </h2>
      <ul>
        {file.heldBecause.map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
      </ul>
      <p>{t('files.heldText')}</p>
      <Group gap="xs">
        <Button
          size="xs"
          leftSection={<IconCheck size={14} aria-hidden="true" />}
          onClick={() => decide('accept')}
          loading={deciding === 'accept'}
          disabled={deciding === 'discard'}
        >
          {t('files.accept')}
        </Button>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconTrash size={14} aria-hidden="true" />}
          onClick={() => decide('discard')}
          loading={deciding === 'discard'}
          disabled={deciding === 'accept'}
        >
          {t('files.discard')}
        </Button>
        {children}
      </Group>
    </div>
  )
}
