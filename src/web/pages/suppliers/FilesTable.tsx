// Every file that came in from the supplier, newest first; a row opens what became of it.
import { useQuery } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { ask } from '../../api.ts'
import { countLabel } from '../../format.ts'
import { t } from '../../i18n.ts'
import { IconFileText } from '../../icons.ts'
import { DataTable } from '../../parts/DataTable.tsx'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { AnchorLink } from '../../parts/LinkTo.tsx'
import { RelativeTime } from '../../parts/RelativeTime.tsx'
import { StatusBadge } from '../../parts/StatusBadge.tsx'
import { listSource } from '../../parts/table-source.ts'
import { importLook } from '../files/import-look.ts'
import { Feeds } from './Feeds.tsx'
import classes from './suppliers.module.css'

export function FilesTable({ supplierId, importButton }: { supplierId: string; importButton: ReactNode }) {
  const router = useRouter()
  const source = listSource(useQuery(ask('imports', { query: { supplierId } })))
  return (
    <>
      <Feeds supplierId={supplierId} />
      <DataTable
        label={t('supplier.tabs.files')}
        source={source}
        rowKey={(row) => row.id}
        rowName={(row) => row.fileName}
        onOpen={(row) => void router.navigate({ to: '/imports/$id', params: { id: row.id } })}
        empty={
          <EmptyState icon={IconFileText} title={t('supplier.noFiles')} text={t('supplier.noFilesNext')}>
            {importButton}
          </EmptyState>
        }
        columns={[
          {
            key: 'name',
            head: t('supplier.file.name'),
            width: 220,
            grow: 2,
            card: 'title',
            render: (row) => (
              <AnchorLink to="/imports/$id" params={{ id: row.id }} size="sm" className="ellipsis" title={row.fileName}>
                {row.fileName}
              </AnchorLink>
            ),
          },
          {
            key: 'state',
            head: t('supplier.file.state'),
            width: 130,
            card: 'side',
            render: (row) => (
              <StatusBadge look={importLook(row.state)} why={row.failure ?? (row.heldBecause.join(' ') || null)} />
            ),
          },
          {
            key: 'read',
            head: t('supplier.file.read'),
            width: 90,
            figures: true,
            render: (row) => countLabel(row.rowsRead),
          },
          {
            key: 'applied',
            head: t('supplier.file.applied'),
            width: 90,
            figures: true,
            render: (row) => countLabel(row.rowsApplied),
          },
          {
            key: 'refused',
            head: t('supplier.file.refused'),
            width: 90,
            figures: true,
            render: (row) => (
              <span className={row.rowsRefused > 0 ? classes.bad : undefined}>{countLabel(row.rowsRefused)}</span>
            ),
          },
          {
            key: 'by',
            head: t('supplier.file.by'),
            width: 140,
            grow: 1,
            render: (row) => <span className="ellipsis">{row.actor}</span>,
          },
          {
            key: 'at',
            head: t('supplier.file.at'),
            width: 116,
            figures: true,
            render: (row) => <RelativeTime at={row.startedAt} />,
          },
        ]}
      />
    </>
  )
}
