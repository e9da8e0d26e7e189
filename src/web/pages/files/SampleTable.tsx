// The first rows as they are read now; wrong accents or one single column show here.
import { Table } from '@mantine/core'
import { t } from '../../i18n.ts'
import classes from './files.module.css'

const columnsShown = 40

export function SampleTable({ headers, rows }: { headers: string[]; rows: string[][] }) {
  return (
    <div>
      <h3 className={classes.heading}>{t('files.sample')}</h3>
      {/* A region that scrolls can be reached by the keyboard. */}
      <div className={classes.sample} tabIndex={0} role="region" aria-label={t('files.sample')}>
        <Table fz="xs" verticalSpacing={4} withRowBorders>
          <Table.Thead>
            <Table.Tr>
              {headers.slice(0, columnsShown).map((header, at) => (
                <Table.Th key={at}>{header}</Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row, index) => (
              <Table.Tr key={index}>
                {headers.slice(0, columnsShown).map((_, at) => (
                  <Table.Td key={at} title={row[at]}>
                    {row[at]}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
    </div>
  )
}
