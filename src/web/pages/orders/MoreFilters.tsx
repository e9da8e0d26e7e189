// The filters one needs now and then, in a panel of their own; how many of them are on stands on its button.
import { Button, Checkbox, MultiSelect, Popover, Select, Stack } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { byHand, orderStatus } from '../../../api/contract.ts'
import { ask } from '../../api.ts'
import { t } from '../../i18n.ts'
import { IconFilter } from '../../icons.ts'
import { CountrySelect } from '../../parts/countries.tsx'
import { orderStatusLook } from '../../parts/status.ts'
import type { FilterChange, OrderQuery } from './use-order-filters.ts'

type Props = { query: OrderQuery; onChange: (change: FilterChange) => void }

const inPanel = { comboboxProps: { withinPortal: false } } as const

export function MoreFilters({ query, onChange }: Props) {
  const [opened, { toggle, close }] = useDisclosure()
  const on = [query.supplierId, query.country, query.shipBy, query.problems, query.sort].filter(Boolean).length
  return (
    <Popover opened={opened} onChange={(next) => !next && close()} position="bottom-start" shadow="md" trapFocus>
      <Popover.Target>
        <Button
          variant={on > 0 ? 'light' : 'default'}
          fw={400}
          leftSection={<IconFilter size={14} aria-hidden="true" />}
          aria-expanded={opened}
          onClick={toggle}
        >
          {on > 0 ? t('orders.moreFiltersOn', { count: on }) : t('orders.moreFilters')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown w={320} aria-label={t('orders.moreFilters')}>
        <Panel query={query} onChange={onChange} />
      </Popover.Dropdown>
    </Popover>
  )
}

function Panel({ query, onChange }: Props) {
  const { data: channels } = useQuery(ask('channels'))
  const { data: suppliers } = useQuery(ask('suppliers'))
  return (
    <Stack gap="sm">
      <MultiSelect
        {...inPanel}
        label={t('orders.statuses')}
        data={orderStatus.options.map((each) => ({ value: each, label: orderStatusLook(each).label }))}
        value={query.status?.split(',') ?? []}
        onChange={(statuses) => onChange({ status: statuses.join(',') })}
        clearable
      />
      <MultiSelect
        {...inPanel}
        label={t('orders.channels')}
        data={[
          ...(channels?.map(({ id, name }) => ({ value: id, label: name })) ?? []),
          { value: byHand, label: t('orders.byHand') },
        ]}
        value={query.channelId?.split(',') ?? []}
        onChange={(chosen) => onChange({ channelId: chosen.join(',') })}
        clearable
      />
      <Select
        {...inPanel}
        label={t('orders.supplier')}
        data={suppliers?.map(({ id, name }) => ({ value: id, label: name })) ?? []}
        value={query.supplierId ?? null}
        onChange={(supplierId) => onChange({ supplierId })}
        clearable
        searchable={(suppliers?.length ?? 0) > 8}
      />
      <CountrySelect
        {...inPanel}
        label={t('orders.country')}
        value={query.country ?? null}
        onChange={(country) => onChange({ country })}
        clearable
      />
      <Select
        {...inPanel}
        label={t('orders.shipBy')}
        data={(['overdue', 'today', '24h'] as const).map((value) => ({ value, label: t(`orders.shipByIs.${value}`) }))}
        value={query.shipBy ?? null}
        onChange={(shipBy) => onChange({ shipBy })}
        clearable
      />
      <Checkbox
        label={t('orders.withProblem')}
        checked={query.problems === 'yes'}
        onChange={(event) => onChange({ problems: event.currentTarget.checked ? 'yes' : null })}
      />
      <Checkbox
        label={t('orders.soonestFirst')}
        description={t('orders.soonestFirstHelp')}
        checked={query.sort === 'ship-by'}
        onChange={(event) => onChange({ sort: event.currentTarget.checked ? 'ship-by' : null })}
      />
    </Stack>
  )
}
