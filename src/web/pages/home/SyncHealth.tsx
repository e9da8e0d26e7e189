// How each integration's syncing goes.
import { Table, Text, Title } from '@mantine/core'
import type { Answer } from '../../api.ts'
import { t } from '../../i18n.ts'
import { AnchorLink } from '../../parts/LinkTo.tsx'
import { MarketplaceMark } from '../../parts/MarketplaceMark.tsx'
import { RelativeTime } from '../../parts/RelativeTime.tsx'
import { StatusBadge } from '../../parts/StatusBadge.tsx'
import { healthLook } from '../../parts/status.ts'
import classes from './home.module.css'

export function SyncHealth({ channels }: { channels: Answer<'home'>['channels'] }) {
  return (
    <section className={`panel ${classes.block}`}>
      <Title order={2} mb="xs">
        {t('home.health')}
      </Title>
      <div className={classes.scroller} tabIndex={0} role="region" aria-label={t('home.health')}>
        <Table fz="sm" verticalSpacing={8} horizontalSpacing="sm" miw={640}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('integrations.columns.name')}</Table.Th>
              <Table.Th>{t('integrations.columns.health')}</Table.Th>
              <Table.Th ta="right">{t('integrations.columns.orders')}</Table.Th>
              <Table.Th ta="right">{t('integrations.columns.stock')}</Table.Th>
              <Table.Th ta="right">{t('integrations.columns.prices')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {channels.map((channel) => (
              <Table.Tr key={channel.id}>
                <Table.Td>
                  <span className={classes.channelName}>
                    <MarketplaceMark id={channel.marketplace} size={22} />
                    <AnchorLink to="/settings/channels/$id" params={{ id: channel.id }} size="sm">
                      {channel.name}
                    </AnchorLink>
                  </span>
                </Table.Td>
                <Table.Td>
                  <StatusBadge look={healthLook(channel.health.state)} />
                  {channel.health.reason && (
                    <Text size="xs" c="dimmed" mt={2} maw={360}>
                      {channel.health.reason}
                    </Text>
                  )}
                </Table.Td>
                <Table.Td ta="right">
                  <RelativeTime at={channel.ordersSyncedAt} />
                </Table.Td>
                <Table.Td ta="right">
                  <RelativeTime at={channel.stockSyncedAt} />
                </Table.Td>
                <Table.Td ta="right">
                  <RelativeTime at={channel.pricesSyncedAt} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
    </section>
  )
}
