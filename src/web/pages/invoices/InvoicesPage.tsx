// All invoices of suppliers, newest first (D8): what is to be paid, overdue, drafts and credit notes as tabs.
import { Button, Select, Tabs, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { ask, href } from '../../api.ts'
import { bringIntoView } from '../../browser.ts'
import { t } from '../../i18n.ts'
import { IconCreditCard, IconDownload, IconFileSpreadsheet, IconX } from '../../icons.ts'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { NothingFound } from '../../parts/NothingFound.tsx'
import { useFilters } from '../../parts/filters.ts'
import { PageHeader } from '../../parts/PageHeader.tsx'
import { SearchBox } from '../../parts/SearchBox.tsx'
import { usePages } from '../../parts/table-source.ts'
import { isDay } from '../orders/days.ts'
import { InvoicesTable } from './InvoicesTable.tsx'
import classes from './invoices.module.css'
import { Owed } from './Owed.tsx'

const tabs = ['all', 'open', 'overdue', 'draft', 'paid', 'credit-note'] as const

export function InvoicesPage() {
  const { data: suppliers } = useQuery(ask('suppliers'))
  const [filters, setFilters] = useFilters('search', 'state', 'supplierId', 'from', 'to')
  const tab = tabs.find((each) => each === filters.state) ?? 'all'
  const supplierId = suppliers?.find((each) => each.id === filters.supplierId)?.id ?? filters.supplierId
  const query = {
    ...(tab === 'all' ? {} : { state: tab }),
    ...(supplierId ? { supplierId } : {}),
    ...(filters.search ? { search: filters.search } : {}),
    ...(isDay(filters.from) ? { from: filters.from } : {}),
    ...(isDay(filters.to) ? { to: filters.to } : {}),
  }
  const source = usePages('invoices', { query })
  const { data: owed } = useQuery(ask('invoicesOwed', { query: supplierId ? { supplierId } : {} }))
  const isFiltered = Object.keys(query).length > 0
  const clear = () => setFilters({ search: null, state: null, supplierId: null, from: null, to: null })
  const isEmpty = source.count?.value === 0
  return (
    <div className="page-fill">
      <PageHeader
        title={t('invoices.title')}
        actions={
          <>
            <FileButton href={href('invoicesCsv', { query })} disabled={isEmpty} kind="csv" />
            <FileButton href={href('invoicesXlsx', { query })} disabled={isEmpty} kind="xlsx" />
          </>
        }
        below={
          <>
            <SearchBox
              label={t('invoices.search')}
              value={filters.search ?? ''}
              onChange={(search) => setFilters({ search })}
            />
            <Select
              aria-label={t('invoices.supplier')}
              placeholder={t('invoices.anySupplier')}
              data={suppliers?.map(({ id, name }) => ({ value: id, label: name })) ?? []}
              value={supplierId ?? null}
              onChange={(chosen) => setFilters({ supplierId: chosen })}
              clearable
              searchable
              w={200}
            />
            {(['from', 'to'] as const).map((end) => (
              <TextInput
                key={end}
                type="date"
                aria-label={t(`invoices.${end}`)}
                title={t(`invoices.${end}`)}
                leftSection={<span aria-hidden="true">{t(`orders.${end}`)}</span>}
                leftSectionWidth={44}
                classNames={{ section: classes.dateEnd }}
                value={filters[end] ?? ''}
                onChange={(event) => setFilters({ [end]: event.currentTarget.value })}
              />
            ))}
            {isFiltered && (
              <Button
                variant="subtle"
                color="gray"
                leftSection={<IconX size={14} aria-hidden="true" />}
                onClick={clear}
              >
                {t('invoices.clear')}
              </Button>
            )}
            <div className={classes.sums}>
              <Owed owed={owed} />
            </div>
            <Tabs
              value={tab}
              onChange={(next) => setFilters({ state: next === 'all' ? null : next })}
              className={classes.tabs}
            >
              <Tabs.List>
                {tabs.map((each) => (
                  <Tabs.Tab key={each} value={each} ref={each === tab ? bringIntoView : null}>
                    {t(`invoices.tabs.${each}`)}
                  </Tabs.Tab>
                ))}
              </Tabs.List>
            </Tabs>
          </>
        }
      />
      <InvoicesTable
        source={source}
        withSupplier
        empty={
          isFiltered ? (
            <NothingFound icon={IconCreditCard} onClear={clear} />
          ) : (
            <EmptyState icon={IconCreditCard} title={t('invoices.empty')} text={t('invoices.emptyNext')} />
          )
        }
      />
    </div>
  )
}

function FileButton(props: { href: string; disabled: boolean; kind: 'csv' | 'xlsx' }) {
  const Icon = props.kind === 'csv' ? IconDownload : IconFileSpreadsheet
  const look = { variant: 'default', leftSection: <Icon size={15} aria-hidden="true" /> } as const
  if (props.disabled)
    return (
      <Button {...look} disabled>
        {t(`invoices.${props.kind}`)}
      </Button>
    )
  return (
    <Button {...look} component="a" href={props.href} download title={t('invoices.exportHint')}>
      {t(`invoices.${props.kind}`)}
    </Button>
  )
}
