// What is ordered from the supplier, newest first: by status, accepted in bulk, downloaded to be sent (G3).
import { Button, Tabs, Tooltip } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import { call, href } from '../api.ts'
import { countLabel } from '../format.ts'
import { t } from '../i18n.ts'
import { IconCheck, IconDownload, IconShoppingCart, IconUpload } from '../icons.ts'
import { tell, tellRefusal } from '../parts/ask.tsx'
import type { Column } from '../parts/DataTable.tsx'
import { DataTable } from '../parts/DataTable.tsx'
import { EmptyState } from '../parts/EmptyState.tsx'
import { NothingFound } from '../parts/NothingFound.tsx'
import { useFilters } from '../parts/filters.ts'
import { AnchorLink, ButtonLink } from '../parts/LinkTo.tsx'
import { MoneyText } from '../parts/MoneyText.tsx'
import { PageHeader } from '../parts/PageHeader.tsx'
import { RelativeTime } from '../parts/RelativeTime.tsx'
import { SearchBox } from '../parts/SearchBox.tsx'
import { StatusBadge } from '../parts/StatusBadge.tsx'
import { usePages } from '../parts/table-source.ts'
import { deskLook, deskTabs, isDeskQuery, type DeskRow } from './desk-look.ts'
import classes from './desk.module.css'

export function DeskOrdersPage() {
  const router = useRouter()
  const [filters, setFilters] = useFilters('state', 'search')
  const state = deskTabs.find((each) => each === filters.state)
  const source = usePages('deskOrders', { query: { state, search: filters.search } })
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const accepting = useAccepting(() => setChosen(new Set()))
  const open = source.rows.filter((row) => chosen.has(row.id) && row.state === 'to-do').map((row) => row.id)
  return (
    <div className="page-fill">
      <PageHeader
        title={t('desk.orders.title')}
        actions={
          <>
            <Tooltip label={t('desk.orders.downloadHint')} multiline maw={300}>
              <Button
                component="a"
                href={href('deskOrdersCsv', { query: { state } })}
                download
                variant="default"
                leftSection={<IconDownload size={15} aria-hidden="true" />}
              >
                {t('desk.orders.download')}
              </Button>
            </Tooltip>
            <ButtonLink to="/desk/tracking" leftSection={<IconUpload size={15} aria-hidden="true" />}>
              {t('desk.orders.upload')}
            </ButtonLink>
          </>
        }
        below={
          <>
            <SearchBox
              label={t('desk.orders.search')}
              value={filters.search ?? ''}
              onChange={(search) => setFilters({ search })}
            />
            <Tabs
              value={state ?? 'all'}
              onChange={(next) => setFilters({ state: next === 'all' ? null : next })}
              className={classes.tabs}
            >
              <Tabs.List aria-label={t('desk.orders.status')}>
                <Tabs.Tab value="all">{t('desk.orders.all')}</Tabs.Tab>
                {deskTabs.map((each) => (
                  <Tabs.Tab key={each} value={each}>
                    {t(`desk.state.${each}`)}
                  </Tabs.Tab>
                ))}
              </Tabs.List>
            </Tabs>
          </>
        }
      />
      <DataTable
        label={t('desk.orders.title')}
        source={source}
        rowKey={(row) => row.id}
        rowName={(row) => row.number}
        onOpen={(row) => void router.navigate({ to: '/desk/orders/$id', params: { id: row.id } })}
        selection={{ chosen, onChange: setChosen }}
        bulk={
          <Button
            size="xs"
            disabled={open.length === 0}
            loading={accepting.isPending}
            leftSection={<IconCheck size={14} aria-hidden="true" />}
            onClick={() => accepting.mutate(open)}
          >
            {t('desk.orders.accept', { count: open.length })}
          </Button>
        }
        empty={<Nothing isFiltered={Boolean(filters.search)} hasState={state !== undefined} clear={setFilters} />}
        columns={columns()}
      />
    </div>
  )
}

const acceptancesMax = 200

function useAccepting(after: () => void) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (ids: string[]) => call('acceptDeskOrders', { body: { ids: ids.slice(0, acceptancesMax) } }),
    onSuccess: async (results) => {
      tell(t('desk.orders.accepted', { count: results.filter(({ result }) => result === 'accepted').length }))
      after()
      await client.invalidateQueries({ predicate: isDeskQuery })
    },
    onError: tellRefusal,
  })
}

type Clear = (change: { search?: null; state?: null }) => void

function Nothing({ isFiltered, hasState, clear }: { isFiltered: boolean; hasState: boolean; clear: Clear }) {
  if (isFiltered) return <NothingFound onClear={() => clear({ search: null, state: null })} />
  const [title, text] = hasState
    ? [t('desk.orders.toDo'), t('desk.orders.toDoNext')]
    : [t('desk.orders.empty'), t('desk.orders.emptyNext')]
  return <EmptyState icon={IconShoppingCart} title={title} text={text} />
}

function columns(): Column<DeskRow>[] {
  const head = (key: 'number' | 'state' | 'contents' | 'to' | 'service' | 'goods' | 'ordered' | 'shipBy') =>
    t(`desk.orders.columns.${key}`)
  return [
    {
      key: 'number',
      head: head('number'),
      width: 140,
      card: 'title',
      render: (row) => (
        <AnchorLink to="/desk/orders/$id" params={{ id: row.id }} size="sm" className="figure">
          {row.number}
        </AnchorLink>
      ),
    },
    {
      key: 'state',
      head: head('state'),
      width: 166,
      card: 'side',
      render: (row) => <StatusBadge look={deskLook(row.state)} />,
    },
    {
      key: 'contents',
      head: head('contents'),
      width: 220,
      grow: 2,
      render: (row) => <span className="ellipsis">{contentsOf(row)}</span>,
    },
    { key: 'to', head: head('to'), width: 60, render: (row) => row.countryCode ?? '–' },
    {
      key: 'service',
      head: head('service'),
      width: 150,
      grow: 1,
      render: (row) => <span className="ellipsis">{row.shippingService ?? '–'}</span>,
    },
    {
      key: 'goods',
      head: head('goods'),
      width: 120,
      figures: true,
      render: (row) => <MoneyText money={row.goods} />,
    },
    {
      key: 'shipBy',
      head: head('shipBy'),
      width: 110,
      figures: true,
      render: (row) => <RelativeTime at={row.shipBy} never="–" />,
    },
    {
      key: 'ordered',
      head: head('ordered'),
      width: 110,
      figures: true,
      render: (row) => <RelativeTime at={row.orderedAt} />,
    },
  ]
}

function contentsOf(row: DeskRow): string {
  return row.contents.map((line) => `${countLabel(line.quantity)} × ${line.supplierSku}`).join(', ')
}
