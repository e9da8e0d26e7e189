// Orders that were left out or removed (D2, D3): which, why and when, each with a way to have it downloaded after all.
import { Stack, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { Answer, RowOf } from '../../api.ts'
import { call } from '../../api.ts'
import { t } from '../../i18n.ts'
import { IconCircleCheck } from '../../icons.ts'
import { tell, tellRefusal } from '../../parts/ask.tsx'
import type { Column } from '../../parts/DataTable.tsx'
import { DataTable } from '../../parts/DataTable.tsx'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { RelativeTime } from '../../parts/RelativeTime.tsx'
import { usePages } from '../../parts/table-source.ts'
import { WhyButton } from '../../parts/WhyButton.tsx'
import classes from './integrations.module.css'

type Row = RowOf<'skippedOrders'>

export function SkippedSection({ channel }: { channel: Answer<'channel'> }) {
  const client = useQueryClient()
  const params = { id: channel.id }
  const source = usePages('skippedOrders', { params })
  const asking = useMutation({
    mutationFn: (marketplaceOrderId: string) => call('downloadSkippedOrder', { params, body: { marketplaceOrderId } }),
    onSuccess: (_, marketplaceOrderId) => tell(t('skipped.asked', { order: marketplaceOrderId })),
    onError: tellRefusal,
    onSettled: () => client.invalidateQueries({ queryKey: ['skippedOrders'] }),
  })
  const button = (row: Row) =>
    row.wanted ? (
      <Text size="sm" c="dimmed">
        {t('skipped.onItsWay')}
      </Text>
    ) : (
      <WhyButton
        size="compact-sm"
        variant="default"
        aria-label={t('skipped.downloadOne', { order: row.marketplaceOrderId })}
        why={channel.enabled ? undefined : t('skipped.off')}
        loading={asking.isPending && asking.variables === row.marketplaceOrderId}
        onClick={() => asking.mutate(row.marketplaceOrderId)}
      >
        {t('skipped.download')}
      </WhyButton>
    )
  return (
    <Stack>
      <Text size="sm" c="dimmed" maw={560}>
        {t('skipped.intro')}
      </Text>
      <div className={classes.skipped}>
        <DataTable
          label={t('skipped.title')}
          source={source}
          columns={columns(button)}
          rowKey={(row) => row.marketplaceOrderId}
          rowName={(row) => row.marketplaceOrderId}
          empty={<EmptyState icon={IconCircleCheck} title={t('skipped.empty')} text={t('skipped.emptyNext')} />}
        />
      </div>
    </Stack>
  )
}

function columns(button: (row: Row) => ReactNode): Column<Row>[] {
  return [
    {
      key: 'order',
      head: t('skipped.order'),
      width: 150,
      grow: 1,
      card: 'title',
      render: (row) => <span className="code">{row.marketplaceOrderId}</span>,
    },
    {
      key: 'reason',
      head: t('skipped.reason'),
      width: 240,
      grow: 3,
      render: ({ reason, refusal }) => {
        const text = refusal ?? t(`skipped.reasons.${reason}`)
        return (
          <span className="ellipsis" title={text}>
            {text}
          </span>
        )
      },
    },
    { key: 'at', head: t('skipped.at'), width: 130, render: ({ at }) => <RelativeTime at={at} /> },
    { key: 'again', head: t('skipped.again'), width: 160, render: button },
  ]
}
