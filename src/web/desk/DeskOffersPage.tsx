// The supplier's own offers; what he has on hand he enters where it stands (G3, E1).
import { useQueryClient } from '@tanstack/react-query'
import type { RowOf } from '../api.ts'
import { call } from '../api.ts'
import { countLabel } from '../format.ts'
import { t } from '../i18n.ts'
import { IconTag } from '../icons.ts'
import type { Column } from '../parts/DataTable.tsx'
import { DataTable } from '../parts/DataTable.tsx'
import { EditableFigure } from '../parts/EditableFigure.tsx'
import { EmptyState } from '../parts/EmptyState.tsx'
import { NothingFound } from '../parts/NothingFound.tsx'
import { useFilters } from '../parts/filters.ts'
import { MoneyText } from '../parts/MoneyText.tsx'
import { PageHeader } from '../parts/PageHeader.tsx'
import { RelativeTime } from '../parts/RelativeTime.tsx'
import { SearchBox } from '../parts/SearchBox.tsx'
import { usePages } from '../parts/table-source.ts'
import { Available } from '../pages/products/Available.tsx'
import { typedCount } from '../pages/products/typed.ts'
import { isDeskQuery } from './desk-look.ts'
import classes from './desk.module.css'

type Offer = RowOf<'deskOffers'>

export function DeskOffersPage() {
  const [{ search }, setFilters] = useFilters('search')
  const source = usePages('deskOffers', { query: { search } })
  return (
    <div className="page-fill">
      <PageHeader
        title={t('desk.offers.title')}
        below={
          <SearchBox
            label={t('desk.offers.search')}
            value={search ?? ''}
            onChange={(next) => setFilters({ search: next })}
          />
        }
      />
      <DataTable
        label={t('desk.offers.title')}
        source={source}
        rowKey={(row) => row.id}
        rowName={(row) => row.supplierSku}
        empty={
          search ? (
            <NothingFound onClear={() => setFilters({ search: null })} />
          ) : (
            <EmptyState icon={IconTag} title={t('desk.offers.empty')} text={t('desk.offers.emptyNext')} />
          )
        }
        columns={columns}
      />
    </div>
  )
}

function OnHand({ offer }: { offer: Offer }) {
  const client = useQueryClient()
  const names = { sku: offer.supplierSku }
  return (
    <EditableFigure<number | null>
      label={t('desk.offers.edit', names)}
      value={offer.onHand}
      toText={(count) => (count === null ? '' : String(count))}
      fromText={typedCount}
      help={t('desk.offers.help')}
      wrong={t('desk.offers.wrong')}
      renderFigure={(count) => <Available count={count} />}
      save={async (onHand) => {
        await call('changeDeskOffer', { params: { id: offer.id }, body: { onHand } })
        await client.invalidateQueries({ predicate: isDeskQuery })
      }}
      saved={t('desk.offers.saved', names)}
    />
  )
}

const columns: Column<Offer>[] = [
  {
    key: 'sku',
    head: t('desk.offers.sku'),
    width: 170,
    card: 'title',
    render: (row) => <span className="code ellipsis">{row.supplierSku}</span>,
  },
  {
    key: 'title',
    head: t('desk.offers.product'),
    width: 220,
    grow: 2,
    render: (row) => (
      <span className="ellipsis" title={row.title}>
        {row.title}
      </span>
    ),
  },
  {
    key: 'cost',
    head: t('desk.offers.cost'),
    width: 130,
    figures: true,
    render: (row) => <MoneyText money={row.cost} />,
  },
  {
    key: 'onHand',
    head: t('desk.offers.onHand'),
    width: 120,
    figures: true,
    render: (row) => <OnHand offer={row} />,
  },
  {
    key: 'reserved',
    head: t('desk.offers.reserved'),
    width: 150,
    figures: true,
    render: (row) => countLabel(row.reserved),
  },
  {
    key: 'available',
    head: t('desk.offers.available'),
    width: 90,
    figures: true,
    render: (row) => <Available count={row.available} />,
  },
  {
    key: 'age',
    head: t('desk.offers.age'),
    width: 120,
    figures: true,
    render: (row) => (
      <span className={classes.quiet}>
        <RelativeTime at={row.onHandAt} />
      </span>
    ),
  },
]
