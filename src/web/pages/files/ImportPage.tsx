// One file that came in: what became of it, and what a person can decide.
import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { ask } from '../../api.ts'
import { t } from '../../i18n.ts'
import { ErrorState } from '../../parts/ErrorState.tsx'
import { AnchorLink } from '../../parts/LinkTo.tsx'
import { PageHeader } from '../../parts/PageHeader.tsx'
import { RelativeTime } from '../../parts/RelativeTime.tsx'
import { StatusBadge } from '../../parts/StatusBadge.tsx'
import classes from './files.module.css'
import type { FileImport } from './import-look.ts'
import { importLook } from './import-look.ts'
import { useLookAgain } from './ImportOutcome.tsx'
import { ImportReport } from './ImportReport.tsx'
import { sizeLabel } from './LayoutForm.tsx'
import { useFile } from './use-file.ts'

export function ImportPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const { data: file, error, refetch } = useFile(id)
  useLookAgain(file?.state)
  return (
    <>
      <PageHeader
        title={file?.fileName ?? t('files.page')}
        above={<Above file={file} />}
        beside={file && <StatusBadge look={importLook(file.state)} />}
        below={file && <Facts file={file} />}
      />
      <div className="page-body">
        {file ? (
          <div className={`panel ${classes.report}`}>
            <ImportReport file={file} />
          </div>
        ) : error ? (
          <ErrorState error={error} onRetry={() => void refetch()} />
        ) : (
          <Skeleton height={220} radius="lg" />
        )}
      </div>
    </>
  )
}

function Above({ file }: { file: FileImport | undefined }) {
  const { data: suppliers } = useQuery(ask('suppliers'))
  if (!file?.supplierId)
    return (
      <AnchorLink to="/products" size="sm">
        {t('products.title')}
      </AnchorLink>
    )
  return (
    <AnchorLink to="/suppliers/$id" params={{ id: file.supplierId }} search={{ tab: 'files' } as never} size="sm">
      {suppliers?.find((supplier) => supplier.id === file.supplierId)?.name ?? t('suppliers.title')}
    </AnchorLink>
  )
}

function Facts({ file }: { file: FileImport }) {
  return (
    <span className={classes.quiet}>
      {t(`files.kinds.${file.kind}`)} · {sizeLabel(file.sizeBytes)} · <RelativeTime at={file.startedAt} /> ·{' '}
      {t('files.by', { who: file.actor })}
    </span>
  )
}
