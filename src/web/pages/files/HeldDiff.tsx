// What a held file would change, counted and row by row, before a person decides (E1).
import { Button, Group, Select, Skeleton, Table, Text } from '@mantine/core'
import { useState } from 'react'
import { useInfiniteQuery } from '@tanstack/react-query'
import type { Answer } from '../../api.ts'
import { askPages, href } from '../../api.ts'
import { countLabel } from '../../format.ts'
import { t } from '../../i18n.ts'
import { IconArrowRight, IconDownload } from '../../icons.ts'
import { ErrorState } from '../../parts/ErrorState.tsx'
import { MoneyText } from '../../parts/MoneyText.tsx'
import classes from './files.module.css'

type Diff = Answer<'importDiff'>
type Kind = Diff['rows'][number]['kinds'][number]
const kinds: Kind[] = ['zero', 'down', 'up', 'cost-up', 'cost-down', 'new', 'gone', 'unknown']

export function HeldDiff({ id }: { id: string }) {
  const [kind, setKind] = useState<Kind>()
  const query = useInfiniteQuery(askPages('importDiff', { params: { id }, query: kind ? { kind } : {} }))
  const pages = query.data?.pages as Diff[] | undefined
  const first = pages?.[0]
  if (!first)
    return query.error ? (
      <ErrorState error={query.error} onRetry={() => void query.refetch()} />
    ) : (
      <Skeleton height={160} />
    )
  const rows = pages.flatMap((page) => page.rows)
  const { counts, currency, biggestCosts } = first
  const unchanged = counts['unchanged'] ?? 0
  return (
    <div>
      <Group justify="space-between" mb={6}>
        <h3 className={classes.heading}>{t('diff.title')}</h3>
        <Group gap="xs">
          <Select
            size="xs"
            aria-label={t('diff.show')}
            data={[
              { value: 'all', label: `${t('diff.kinds.all')} (${countLabel(counts['all'] ?? 0)})` },
              ...kinds.map((each) => ({
                value: each,
                label: `${t(`diff.kinds.${each}`)} (${countLabel(counts[each] ?? 0)})`,
              })),
            ]}
            value={kind ?? 'all'}
            onChange={(next) => setKind(next === 'all' || next === null ? undefined : (next as Kind))}
            allowDeselect={false}
          />
          <Button
            component="a"
            href={href('importDiffCsv', { params: { id } })}
            download
            size="xs"
            variant="default"
            leftSection={<IconDownload size={14} aria-hidden="true" />}
          >
            {t('diff.download')}
          </Button>
        </Group>
      </Group>
      <Text size="sm" c="dimmed">
        {unchanged > 0 && `${t('diff.unchanged', { count: unchanged, shown: countLabel(unchanged) })} `}
        {biggestCosts.up && (
          <>
            {t('diff.biggestUp', { sku: biggestCosts.up.sku })} <Cost row={biggestCosts.up} currency={currency} />.{' '}
          </>
        )}
        {biggestCosts.down && (
          <>
            {t('diff.biggestDown', { sku: biggestCosts.down.sku })} <Cost row={biggestCosts.down} currency={currency} />
            .
          </>
        )}
      </Text>
      {rows.length === 0 ? <Text size="sm">{t('diff.nothing')}</Text> : <Rows rows={rows} currency={currency} />}
      {query.hasNextPage && (
        <Button
          size="xs"
          variant="default"
          mt={6}
          onClick={() => void query.fetchNextPage()}
          loading={query.isFetchingNextPage}
        >
          {t('common.more')}
        </Button>
      )}
    </div>
  )
}

function Rows({ rows, currency }: { rows: Diff['rows']; currency: string }) {
  return (
    <div className={classes.refused} tabIndex={0} role="region" aria-label={t('diff.title')}>
      <Table fz="sm" verticalSpacing={4} stickyHeader>
        <Table.Thead>
          <Table.Tr>
            <Table.Th ta="right">{t('diff.line')}</Table.Th>
            <Table.Th>{t('diff.sku')}</Table.Th>
            <Table.Th>{t('diff.what')}</Table.Th>
            <Table.Th ta="right">{t('diff.stock')}</Table.Th>
            <Table.Th ta="right">{t('diff.cost')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={row.key}>
              <Table.Td ta="right" className="figure">
                {row.line ?? t('diff.none')}
              </Table.Td>
              <Table.Td className={classes.sku}>{row.sku}</Table.Td>
              <Table.Td>{row.kinds.map((kind) => t(`diff.kinds.${kind}`)).join(', ')}</Table.Td>
              <Table.Td ta="right" className="figure">
                {row.onHandBefore !== row.onHandAfter && (
                  <>
                    {units(row.onHandBefore)} <To />{' '}
                  </>
                )}
                {units(row.onHandAfter)}
              </Table.Td>
              <Table.Td ta="right">
                <Cost row={row} currency={currency} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  )
}

function To() {
  return <IconArrowRight size={12} role="img" aria-label={t('diff.to')} className={classes.to} />
}

function units(count: number | null): string {
  return count === null ? t('diff.none') : countLabel(count)
}

function Cost({ row, currency }: { row: Diff['rows'][number]; currency: string }) {
  const of = (minor: number | null) => (minor === null ? null : { minor, currency })
  if (row.costBefore === row.costAfter) return <MoneyText money={of(row.costAfter)} unknown={t('diff.none')} />
  return (
    <>
      <MoneyText money={of(row.costBefore)} unknown={t('diff.none')} /> <To />{' '}
      <MoneyText money={of(row.costAfter)} unknown={t('diff.none')} />
    </>
  )
}
