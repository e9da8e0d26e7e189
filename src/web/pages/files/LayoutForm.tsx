// What was found in a file, each part of it adjustable: how it is written, and which column is which.
import { Alert, Button, Collapse, Group, List, Select, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import type { UseMutationResult } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { columnPositions, suggestColumns } from '../../../domain/files/layout.ts'
import type { Answer } from '../../api.ts'
import { t } from '../../i18n.ts'
import { IconAlertTriangle, IconFileSpreadsheet } from '../../icons.ts'
import { ErrorState } from '../../parts/ErrorState.tsx'
import { ColumnTable } from './ColumnTable.tsx'
import classes from './files.module.css'
import type { FileKind } from './ImportDialog.tsx'
import { previewOf } from './preview.ts'
import { SampleTable } from './SampleTable.tsx'
import type { Layout, Look } from './use-import.ts'

type Props = {
  kind: FileKind
  file: File
  found: Look
  importing: UseMutationResult<Answer<'importFile'>, Error, Layout>
  onOther: () => void
}

/** Few enough to be seen at once; a Shopify file has two dozen. */
const columnsShownAtOnce = 6

export function LayoutForm({ kind, file, found, importing, onOther }: Props) {
  const [layout, setLayout] = useState(found.layout)
  const [showsColumns, { toggle }] = useDisclosure(found.wanted.length <= columnsShownAtOnce)
  const isAsFound = layout.encoding === found.layout.encoding && layout.delimiter === found.layout.delimiter
  const { headers, rows } = useMemo(
    () => (isAsFound ? { headers: found.headers, rows: found.sample } : previewOf(found.head, layout, found.whole)),
    [isAsFound, found, layout],
  )
  const change = (part: Partial<Layout>) => {
    const next = { ...layout, ...part }
    if (!part.encoding && !part.delimiter) return setLayout(next)
    // Read otherwise, the file has other columns: what was chosen stays where it still exists.
    const preview = previewOf(found.head, next, found.whole).headers
    const suggested = suggestColumns(kind, preview)
    const kept = Object.entries(next.columns).map(([column, header]) =>
      header !== null && preview.includes(header) ? [column, header] : [column, suggested[column] ?? null],
    )
    setLayout({ ...next, columns: Object.fromEntries(kept) as Layout['columns'] })
  }
  const positions = columnPositions(kind, headers, layout.columns)
  const columnsFound = Object.values(layout.columns).filter((header) => header !== null).length
  const missesRequired = found.wanted.some(({ column, required }) => required && !layout.columns[column])
  return (
    <>
      <Group gap={8}>
        <IconFileSpreadsheet size={18} stroke={1.6} aria-hidden="true" />
        <Text fw={600} className={classes.fileName}>
          {file.name}
        </Text>
        <Text size="sm" c="dimmed">
          {sizeLabel(file.size)}
        </Text>
        <Button size="compact-sm" variant="subtle" ml="auto" onClick={onOther} disabled={importing.isPending}>
          {t('files.other')}
        </Button>
      </Group>
      {found.warnings.length > 0 && (
        <Alert color="yellow" variant="light" icon={<IconAlertTriangle />} className={classes.warnings}>
          <List size="sm" listStyleType={found.warnings.length > 1 ? 'disc' : 'none'}>
            {found.warnings.map((warning) => (
              <List.Item key={warning}>{warning}</List.Item>
            ))}
          </List>
        </Alert>
      )}
      <Writing layout={layout} onChange={change} />
      <div>
        <Group justify="space-between" mb={6}>
          <h3 className={classes.heading}>{t('files.columns')}</h3>
          {found.wanted.length > columnsShownAtOnce && (
            <Button size="compact-sm" variant="subtle" onClick={toggle} aria-expanded={showsColumns}>
              {t('files.columnsFound', { found: columnsFound, all: found.wanted.length })} · {t('files.adjust')}
            </Button>
          )}
        </Group>
        <Collapse expanded={showsColumns || missesRequired}>
          <ColumnTable
            wanted={found.wanted}
            headers={headers}
            rows={rows}
            columns={layout.columns}
            onChange={(column, header) => change({ columns: { ...layout.columns, [column]: header } })}
          />
        </Collapse>
      </div>
      <SampleTable headers={headers} rows={rows} />
      {positions.kind === 'refused' && (
        <Text size="sm" c="var(--mantine-color-error)" role="alert">
          {positions.reason}
        </Text>
      )}
      {importing.error && <ErrorState error={importing.error} title={file.name} />}
      <Group justify="flex-end">
        {importing.isPending && (
          <Text size="sm" c="dimmed" role="status" mr="auto">
            {t('files.importing', { name: file.name })}
          </Text>
        )}
        <Button
          onClick={() => importing.mutate(layout)}
          loading={importing.isPending}
          disabled={positions.kind === 'refused'}
          data-autofocus
        >
          {t('files.import')}
        </Button>
      </Group>
    </>
  )
}

const delimiterNames = { ',': 'comma', ';': 'semicolon', '\t': 'tab', '|': 'bar' } as const
const markNames = { '.': 'point', ',': 'comma' } as const
const encodings = ['utf-8', 'windows-1252', 'utf-16le'] as const

function Writing({ layout, onChange }: { layout: Layout; onChange: (part: Partial<Layout>) => void }) {
  return (
    <div className={classes.writing}>
      <Select
        label={t('files.encoding')}
        data={encodings.map((value) => ({ value, label: t(`files.encodings.${value}`) }))}
        value={layout.encoding}
        onChange={(encoding) => encoding && onChange({ encoding: encoding as Layout['encoding'] })}
        allowDeselect={false}
      />
      <Select
        label={t('files.delimiter')}
        data={Object.entries(delimiterNames).map(([value, name]) => ({ value, label: t(`files.delimiters.${name}`) }))}
        value={layout.delimiter}
        onChange={(delimiter) => delimiter && onChange({ delimiter: delimiter as Layout['delimiter'] })}
        allowDeselect={false}
      />
      <Select
        label={t('files.decimalMark')}
        data={Object.entries(markNames).map(([value, name]) => ({ value, label: t(`files.decimalMarks.${name}`) }))}
        value={layout.decimalMark}
        onChange={(mark) => mark && onChange({ decimalMark: mark as Layout['decimalMark'] })}
        allowDeselect={false}
      />
    </div>
  )
}

export function sizeLabel(bytes: number): string {
  const unit = bytes < 1_000_000 ? 'kilobyte' : 'megabyte'
  const size = Math.max(0.1, bytes / (unit === 'kilobyte' ? 1000 : 1_000_000))
  return new Intl.NumberFormat('en-GB', { style: 'unit', unit, maximumFractionDigits: size < 10 ? 1 : 0 }).format(size)
}
