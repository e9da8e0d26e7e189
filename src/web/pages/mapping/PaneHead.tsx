// The head of one side: its name, its own search and its filter; and what a side without rows says.
import { Button, SegmentedControl, Title } from '@mantine/core'
import { t } from '../../i18n.ts'
import type { Icon } from '../../icons.ts'
import { IconSearch } from '../../icons.ts'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { NothingFound } from '../../parts/NothingFound.tsx'
import { SearchBox } from '../../parts/SearchBox.tsx'
import classes from './mapping.module.css'

type Mapped = 'all' | 'mapped' | 'unmapped'
const filters = ['all', 'mapped', 'unmapped'] as const

type Props = {
  title: string
  search: string
  searchLabel: string
  onSearch: (text: string) => void
  mapped: Mapped
  onMapped: (mapped: string) => void
  slash?: boolean
}

export function PaneHead({ title, search, searchLabel, onSearch, mapped, onMapped, slash = false }: Props) {
  return (
    <div className={classes.paneHead}>
      <Title order={2} className={classes.paneTitle}>
        {title}
      </Title>
      <SearchBox label={searchLabel} value={search} onChange={onSearch} width="auto" slash={slash} />
      <SegmentedControl
        size="xs"
        aria-label={`${title}: ${t('mapping.filter')}`}
        value={mapped}
        onChange={(value) => onMapped(value === 'all' ? '' : value)}
        data={filters.map((value) => ({ value, label: t(`mapping.filters.${value}`) }))}
      />
    </div>
  )
}

export function mappedFilter(text: string | undefined): Mapped {
  return filters.find((filter) => filter === text) ?? 'all'
}

type NoRowsProps = {
  filtered: boolean
  onClear: () => void
  icon: Icon
  title: string
  text: string
  button: string
  onButton: () => void
}

export function NoRows(props: NoRowsProps) {
  if (props.filtered) return <NothingFound icon={IconSearch} onClear={props.onClear} />
  return (
    <EmptyState icon={props.icon} title={props.title} text={props.text}>
      <Button onClick={props.onButton}>{props.button}</Button>
    </EmptyState>
  )
}
