// Dispatching in bulk by a file: what was recorded, and which rows were refused, each with its reason (G3).
import { Button, Table, Title } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { Answer } from '../api.ts'
import { call } from '../api.ts'
import { countLabel } from '../format.ts'
import { t } from '../i18n.ts'
import { ErrorState } from '../parts/ErrorState.tsx'
import { AnchorLink } from '../parts/LinkTo.tsx'
import { PageHeader } from '../parts/PageHeader.tsx'
import { DropZone } from '../pages/files/DropZone.tsx'
import { isDeskQuery } from './desk-look.ts'
import classes from './desk.module.css'

export function DeskTrackingPage() {
  const client = useQueryClient()
  const uploading = useMutation({
    mutationFn: (file: File) => {
      const body = new FormData()
      body.set('file', file)
      return call('uploadDeskTracking', { body })
    },
    onSuccess: () => client.invalidateQueries({ predicate: isDeskQuery }),
  })
  return (
    <>
      <PageHeader
        title={t('desk.tracking.title')}
        above={
          <AnchorLink to="/desk" size="sm">
            {t('desk.tracking.back')}
          </AnchorLink>
        }
        below={<span>{t('desk.tracking.intro')}</span>}
      />
      <div className="page-body">
        {uploading.error && <ErrorState error={uploading.error} title={t('desk.tracking.title')} />}
        {uploading.data ? (
          <Report report={uploading.data} onAgain={uploading.reset} />
        ) : (
          <DropZone
            onFile={(file) => uploading.mutate(file)}
            busy={uploading.isPending ? t('desk.tracking.reading') : undefined}
          />
        )}
      </div>
    </>
  )
}

function Report({ report, onAgain }: { report: Answer<'uploadDeskTracking'>; onAgain: () => void }) {
  const sums = [
    [t('desk.tracking.rows'), report.rows],
    [t('desk.tracking.applied'), report.applied],
    [t('desk.tracking.unchanged'), report.unchanged],
    [t('desk.tracking.blank'), report.blank],
    [t('desk.tracking.refused'), report.refused.length],
  ] as const
  return (
    <section className={`panel ${classes.panel}`} aria-label={t('desk.tracking.done')}>
      <Title order={2}>{t('desk.tracking.done')}</Title>
      <dl className={classes.facts}>
        {sums.map(([name, count]) => (
          <div key={name} style={{ display: 'contents' }}>
            <dt>{name}</dt>
            <dd className="figure">{countLabel(count)}</dd>
          </div>
        ))}
      </dl>
      {report.refused.length === 0 ? (
        <p className={classes.quiet}>{t('desk.tracking.noneRefused')}</p>
      ) : (
        <Table mt="md">
          <Table.Thead>
            <Table.Tr>
              <Table.Th w={80}>{t('desk.tracking.line')}</Table.Th>
              <Table.Th>{t('desk.tracking.reason')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {report.refused.map((row) => (
              <Table.Tr key={`${row.line} ${row.reason}`}>
                <Table.Td className="figure">{countLabel(row.line)}</Table.Td>
                <Table.Td>{row.reason}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      <Button variant="default" mt="md" onClick={onAgain}>
        {t('desk.tracking.again')}
      </Button>
    </section>
  )
}
