// Our columns beside those of the file, with the first values of each.
import { Select, Table } from '@mantine/core'
import { t } from '../../i18n.ts'
import classes from './files.module.css'
import type { Inspection } from './use-import.ts'

type Props = {
  wanted: Inspection['wanted']
  headers: string[]
  rows: string[][]
  columns: Record<string, string | null>
  onChange: (column: string, header: string | null) => void
}

const examplesShown = 3

export function ColumnTable({ wanted, headers, rows, columns, onChange }: Props) {
  // A column without a name, or one whose name comes twice, cannot be told apart, so it is not offered.
  const usable = headers.filter((header, at) => header !== '' && headers.indexOf(header) === at)
  return (
    <Table fz="sm" verticalSpacing={5} className={classes.columns}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th w="34%">{t('files.ours')}</Table.Th>
          <Table.Th w="34%">{t('files.theirs')}</Table.Th>
          <Table.Th>{t('files.example')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {wanted.map(({ column, label, required }) => {
          const header = columns[column] ?? null
          const missing = required && header === null
          return (
            <Table.Tr key={column}>
              <Table.Td fw={required ? 600 : 400}>
                {label}
                {required && <span aria-hidden="true"> *</span>}
              </Table.Td>
              <Table.Td>
                <Select
                  size="xs"
                  aria-label={`${label}: ${t('files.theirs')}`}
                  placeholder={t('files.notInFile')}
                  data={usable}
                  value={header}
                  onChange={(next) => onChange(column, next)}
                  error={missing}
                  clearable={!required}
                  searchable={usable.length > 8}
                  comboboxProps={{ withinPortal: true }}
                />
              </Table.Td>
              <Table.Td className={classes.examples}>{examplesOf(header, headers, rows)}</Table.Td>
            </Table.Tr>
          )
        })}
      </Table.Tbody>
    </Table>
  )
}

function examplesOf(header: string | null, headers: string[], rows: string[][]): string {
  const at = header === null ? -1 : headers.indexOf(header)
  if (at < 0) return ''
  return rows
    .map((row) => row[at]?.trim() ?? '')
    .filter((cell) => cell !== '')
    .slice(0, examplesShown)
    .join(' · ')
}
