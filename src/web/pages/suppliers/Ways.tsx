// How a supplier gets purchase orders and how his tracking comes in (D5, D7).
import { Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { Answer } from '../../api.ts'
import { ask } from '../../api.ts'
import { t } from '../../i18n.ts'
import { IconAlertTriangle, IconCircleCheck, IconSend } from '../../icons.ts'
import { ErrorState } from '../../parts/ErrorState.tsx'
import { StatusBadge } from '../../parts/StatusBadge.tsx'
import classes from './people.module.css'
import type { Supplier } from './supplier-columns.tsx'
import { TrackingUpload } from './TrackingUpload.tsx'
import { WaysForm } from './WaysForm.tsx'

export type SupplierWays = Answer<'supplierWays'>

export function Ways({ supplierId, supplier }: { supplierId: string; supplier: Supplier | undefined }) {
  const { data, error, isPending, refetch } = useQuery(ask('supplierWays', { params: { id: supplierId } }))
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />
  return (
    <div className={`page-body ${classes.page}`} aria-busy={isPending}>
      <section className={`panel ${classes.panel}`} aria-label={t('ways.title')}>
        <div className={classes.head}>
          <Title order={2}>{t('ways.title')}</Title>
          {data && <OpenState open={data.open} />}
        </div>
        <Text size="sm" c="dimmed" mb="sm">
          {t('ways.intro')}
        </Text>
        {data && <WaysForm key={supplierId} supplierId={supplierId} ways={data} />}
      </section>
      <section className={`panel ${classes.panel}`} aria-label={t('ways.tracking.title')}>
        <div className={classes.head}>
          <Title order={2}>{t('ways.tracking.title')}</Title>
        </div>
        <Text size="sm" c="dimmed" mb="sm">
          {t('ways.tracking.intro')}
        </Text>
        {data && <TrackingUpload supplierId={supplierId} supplier={supplier} ways={data} />}
      </section>
    </div>
  )
}

function OpenState({ open: { waiting, inDoubt, refused } }: { open: SupplierWays['open'] }) {
  const parts = [
    ...(refused > 0 ? [t('ways.open.refused', { count: refused })] : []),
    ...(inDoubt > 0 ? [t('ways.open.inDoubt', { count: inDoubt })] : []),
    ...(waiting > 0 ? [t('ways.open.waiting', { count: waiting })] : []),
  ]
  if (parts.length === 0)
    return <StatusBadge look={{ icon: IconCircleCheck, tone: 'good', label: t('ways.open.none') }} why={null} />
  const hasTrouble = refused + inDoubt > 0
  return (
    <StatusBadge
      look={{
        icon: hasTrouble ? IconAlertTriangle : IconSend,
        tone: hasTrouble ? 'bad' : 'wait',
        label: parts.join(', '),
      }}
      why={null}
    />
  )
}
