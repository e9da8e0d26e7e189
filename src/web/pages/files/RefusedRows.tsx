// The rows that were refused, with line, column and reason; all of them in the download.
import { Button, Group, Table, Text } from '@mantine/core'
import { href } from '../../api.ts'
import { countLabel } from '../../format.ts'
import { t } from '../../i18n.ts'
import { IconDownload } from '../../icons.ts'
import classes from './files.module.css'
import type { FileImport } from './import-look.ts'

export function RefusedRows({ file }: { file: FileImport }) {
  const shown = file.refusals ?? []
  return (
    <div>
      <Group justify="space-between" mb={6}>
        <h3 className={classes.heading}>
          {file.rowsRefused === 0
            ? t('files.leftOutTitle')
            : t('files.refusedTitle', { count: file.rowsRefused, shown: countLabel(file.rowsRefused) })}
        </h3>
        <Button
          component="a"
          href={href('refusedRows', { params: { id: file.id } })}
          download
          size="xs"
          variant="default"
          leftSection={<IconDownload size={14} aria-hidden="true" />}
        >
          {t('files.refusedDownload')}
        </Button>
      </Group>
      {shown.length > 0 && (
        <div className={classes.refused} tabIndex={0} role="region" aria-label={t('files.rowsRefused')}>
          <Table fz="sm" verticalSpacing={4} stickyHeader>
            <Table.Thead>
              <Table.Tr>
                <Table.Th ta="right">{t('files.line')}</Table.Th>
                <Table.Th>{t('files.column')}</Table.Th>
                <Table.Th>{t('files.reason')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {shown.map((row, index) => (
                <Table.Tr key={index}>
                  <Table.Td ta="right" className="figure">
                    {countLabel(row.line)}
                  </Table.Td>
                  <Table.Td>{row.column}</Table.Td>
                  <Table.Td>{row.reason}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
      )}
      {shown.length > 0 && shown.length < file.rowsRefused && (
        <Text size="xs" c="dimmed" mt={4}>
          {t('files.refusedShown', { shown: shown.length })}
        </Text>
      )}
    </div>
  )
}
