// All orders, newest first (D6, D10): statuses as tabs, filters in the address, newer orders announced instead of jumping in.
import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { ask, href } from '../../api.ts'
import { countLabel } from '../../format.ts'
import { t } from '../../i18n.ts'
import { IconPlus, IconX } from '../../icons.ts'
import { DataTable } from '../../parts/DataTable.tsx'
import { ButtonLink } from '../../parts/LinkTo.tsx'
import { PageHeader } from '../../parts/PageHeader.tsx'
import { SearchBox } from '../../parts/SearchBox.tsx'
import { usePages } from '../../parts/table-source.ts'
import { BulkBar } from './BulkBar.tsx'
import { DownloadNow } from './DownloadNow.tsx'
import { ExportButton } from './ExportButton.tsx'
import { MoreFilters } from './MoreFilters.tsx'
import { NewerOrders } from './NewerOrders.tsx'
import { NoOrders } from './NoOrders.tsx'
import { orderColumns } from './order-columns.tsx'
import { OrderFilters } from './OrderFilters.tsx'
import { SavedFilters } from './SavedFilters.tsx'
import { StatusTabs } from './StatusTabs.tsx'
import { useCalmRows } from './use-calm-rows.ts'
import { useOrderFilters, withoutSort } from './use-order-filters.ts'

export function OrdersPage() {
  const router = useRouter()
  const { data: channels } = useQuery(ask('channels'))
  const frame = useRef<HTMLDivElement>(null)
  const { query, setFilters, replace, clear, isFiltered } = useOrderFilters()
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [everything, setEverything] = useState<string>()
  const view = JSON.stringify(query)
  const { source, held, show } = useCalmRows(usePages('orders', { query }), view, frame)
  const choose = (next: ReadonlySet<string>) => {
    setChosen(next)
    setEverything(undefined)
  }
  return (
    <div className="page-fill">
      <PageHeader
        title={t('orders.title')}
        actions={
          <>
            <ExportButton
              href={href('ordersCsv', { query: withoutSort(query) })}
              disabled={source.count?.value === 0}
            />
            <ButtonLink to="/orders/new" variant="default" leftSection={<IconPlus size={16} aria-hidden="true" />}>
              {t('enterOrder.open')}
            </ButtonLink>
            <DownloadNow />
          </>
        }
        below={
          <>
            <SearchBox
              label={t('orders.search')}
              value={query.search ?? ''}
              width={300}
              onChange={(search) => setFilters({ search })}
            />
            <OrderFilters query={query} onChange={setFilters} />
            <MoreFilters query={query} onChange={setFilters} />
            <SavedFilters query={query} onChoose={replace} />
            {isFiltered && (
              <Button
                variant="subtle"
                color="gray"
                px="xs"
                leftSection={<IconX size={14} aria-hidden="true" />}
                onClick={clear}
              >
                {t('orders.clear')}
              </Button>
            )}
            <StatusTabs status={query.status} onChange={(status) => setFilters({ status })} />
          </>
        }
      />
      <NewerOrders count={held} onShow={show} />
      <div ref={frame} style={{ display: 'contents' }}>
        <DataTable
          label={t('orders.title')}
          source={source}
          rowKey={(row) => row.id}
          rowName={(row) => row.marketplaceOrderId}
          onOpen={(row) => void router.navigate({ to: '/orders/$id', params: { id: row.id } })}
          selection={{
            chosen,
            onChange: choose,
            said:
              everything === view && source.count
                ? t('orders.bulk.everythingChosen', { shown: countLabel(source.count) })
                : undefined,
          }}
          bulk={
            <BulkBar
              chosen={chosen}
              everything={everything === view}
              onEverything={() => setEverything(view)}
              query={query}
              count={source.count}
            />
          }
          empty={<NoOrders onClear={isFiltered ? clear : undefined} />}
          columns={orderColumns({ hasSeveralChannels: (channels?.length ?? 0) > 1 })}
        />
      </div>
    </div>
  )
}
