// Settings › Exchange rates: what costs in other currencies are compared by (D4).
import { Alert, Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import type { Answer } from '../../api.ts'
import { ask } from '../../api.ts'
import { t } from '../../i18n.ts'
import { IconAlertTriangle, IconCoins, IconPlus } from '../../icons.ts'
import type { Column } from '../../parts/DataTable.tsx'
import { DataTable } from '../../parts/DataTable.tsx'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { PageHeader } from '../../parts/PageHeader.tsx'
import { listSource } from '../../parts/table-source.ts'
import { dayLabel } from '../orders/days.ts'
import { RateDialog } from './RateDialog.tsx'

type Rate = Answer<'exchangeRates'>['rates'][number]

const columns: Column<Rate>[] = [
  { key: 'onDate', head: t('rates.onDate'), width: 120, card: 'side', render: (row) => dayLabel(row.onDate) },
  {
    key: 'pair',
    head: t('rates.pair'),
    width: 140,
    card: 'title',
    render: ({ from, to }) => t('rates.pairOf', { from, to }),
  },
  {
    key: 'rate',
    head: t('rates.rate'),
    width: 140,
    figures: true,
    render: (row) => <span className="figure">{row.rate}</span>,
  },
  { key: 'source', head: t('rates.source'), width: 200, grow: 2, render: (row) => row.source },
  { key: 'enteredBy', head: t('rates.enteredBy'), width: 160, grow: 1, render: (row) => row.enteredBy },
]

export function RatesPage() {
  const [adding, { open, close }] = useDisclosure()
  const rates = useQuery(ask('exchangeRates'))
  const source = listSource({ ...rates, data: rates.data?.rates })
  const addButton = (
    <Button leftSection={<IconPlus size={16} aria-hidden="true" />} onClick={open}>
      {t('rates.add')}
    </Button>
  )
  return (
    <div className="page-fill">
      <PageHeader
        title={t('rates.title')}
        actions={addButton}
        below={rates.data && <span>{t('rates.lead', { currency: rates.data.currency })}</span>}
      />
      {rates.data && rates.data.missing.length > 0 && (
        <Alert color="yellow" variant="light" mx="md" my="sm" icon={<IconAlertTriangle aria-hidden="true" />}>
          {t('rates.missing', { currencies: rates.data.missing.join(', ') })}
        </Alert>
      )}
      <DataTable
        label={t('rates.title')}
        source={source}
        rowKey={(row) => row.id}
        rowName={(row) => `${row.from} ${row.to} ${row.onDate}`}
        empty={
          <EmptyState icon={IconCoins} title={t('rates.empty')} text={t('rates.emptyNext')}>
            {addButton}
          </EmptyState>
        }
        columns={columns}
      />
      <RateDialog opened={adding} onClose={close} from={rates.data?.missing[0] ?? ''} to={rates.data?.currency ?? ''} />
    </div>
  )
}
