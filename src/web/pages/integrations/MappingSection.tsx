// The mappings there are, and the way into the mapping tool (B1).
import { Group, Skeleton, Stack, Table, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { Answer } from '../../api.ts'
import { ask } from '../../api.ts'
import { t } from '../../i18n.ts'
import { IconLink } from '../../icons.ts'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { ErrorState } from '../../parts/ErrorState.tsx'
import { AnchorLink, ButtonLink } from '../../parts/LinkTo.tsx'
import { componentsLabel } from '../mapping/drafts.ts'

const shownMax = 8

export function MappingSection({ channel }: { channel: Answer<'channel'> }) {
  const params = { id: channel.id }
  const { data, error, refetch } = useQuery(ask('listings', { params, query: { mapped: 'mapped', limit: shownMax } }))
  const open = (
    <ButtonLink to="/settings/channels/$id/mapping" params={params}>
      {t('channel.openMapping')}
    </ButtonLink>
  )
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />
  if (!data) return <Skeleton height={180} />
  if (data.rows.length === 0)
    return (
      <EmptyState icon={IconLink} title={t('channel.mappingEmpty')} text={t('channel.mappingEmptyNext')}>
        {open}
      </EmptyState>
    )
  return (
    <Stack>
      <Group justify="space-between">
        <Text size="sm" c="dimmed" maw={560}>
          {t('channel.mappingIntro')}
        </Text>
        {open}
      </Group>
      <Table fz="sm" verticalSpacing={7}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('mapping.columns.listing')}</Table.Th>
            <Table.Th>{t('mapping.columns.sku')}</Table.Th>
            <Table.Th>{t('mapping.columns.mappedTo')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {data.rows.map((row) => (
            <Table.Tr key={row.id}>
              <Table.Td>{row.title}</Table.Td>
              <Table.Td className="code">{row.channelSku ?? t('mapping.noSku')}</Table.Td>
              <Table.Td className="code">{componentsLabel(row.mapping ?? [])}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {data.next !== null && (
        <AnchorLink to="/settings/channels/$id/mapping" params={params} search={{ left: 'mapped' } as never} size="sm">
          {t('channel.mappingAll')}
        </AnchorLink>
      )}
    </Stack>
  )
}
