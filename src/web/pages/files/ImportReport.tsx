// What became of a file: counts while it is read and after, reasons where it was held, and the refused rows.
import { Alert, Stack, Text } from '@mantine/core'
import { countLabel } from '../../format.ts'
import { t } from '../../i18n.ts'
import { IconBan, IconCircleCheck, IconCircleX } from '../../icons.ts'
import { Figure, Figures } from '../../parts/Figure.tsx'
import { Progress } from '../../parts/Progress.tsx'
import classes from './files.module.css'
import { HeldDiff } from './HeldDiff.tsx'
import { HeldFile } from './HeldFile.tsx'
import type { FileImport } from './import-look.ts'
import { RefusedRows } from './RefusedRows.tsx'

export function ImportReport({ file }: { file: FileImport }) {
  return (
    <Stack gap="md">
      {file.state === 'reading' && (
        <div>
          <Progress label={t('files.reading', { name: file.fileName })} done={file.rowsRead} total={null} />
          <Text size="xs" c="dimmed" mt={4}>
            {t('files.goesOn')}
          </Text>
        </div>
      )}
      {file.state === 'held' && <HeldFile file={file} />}
      {file.state === 'held' && file.supplierId && <HeldDiff id={file.id} />}
      {file.state === 'applied' && (
        <p className={classes.applied} role="status">
          <IconCircleCheck size={18} stroke={1.9} aria-hidden="true" />
          {file.rowsApplied > 0 ? t('files.done') : t('files.doneNothing')}
        </p>
      )}
      {file.state === 'discarded' && (
        <Alert color="gray" variant="light" icon={<IconBan />} title={t('files.discardedTitle')} />
      )}
      {file.state === 'failed' && (
        <Alert color="red" variant="light" role="alert" icon={<IconCircleX />} title={t('files.failedTitle')}>
          {file.failure}
        </Alert>
      )}
      <Figures>
        <Figure label={t('files.rowsRead')}>{countLabel(file.rowsRead)}</Figure>
        <Figure label={t('files.rowsApplied')}>{countLabel(file.rowsApplied)}</Figure>
        <Figure label={t('files.rowsUnchanged')}>{countLabel(file.rowsUnchanged)}</Figure>
        <Figure label={t('files.rowsRefused')}>
          <span className={file.rowsRefused > 0 ? classes.bad : undefined}>{countLabel(file.rowsRefused)}</span>
        </Figure>
      </Figures>
      {(file.rowsRefused > 0 || (file.refusals?.length ?? 0) > 0) && file.state !== 'reading' && (
        <RefusedRows file={file} />
      )}
    </Stack>
  )
}
