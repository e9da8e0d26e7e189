// How the integration stands: where it is connected, when it last synced, what waits to be sent.
import { Button, Group, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Answer } from '../../api.ts'
import { countLabel } from '../../format.ts'
import { t } from '../../i18n.ts'
import { IconRefresh } from '../../icons.ts'
import { Figure, Figures } from '../../parts/Figure.tsx'
import { RelativeTime } from '../../parts/RelativeTime.tsx'
import { StatusBadge } from '../../parts/StatusBadge.tsx'
import { healthLook } from '../../parts/status.ts'
import classes from './integrations.module.css'
import { useDownloads } from './use-downloads.ts'

export function SyncPanels({ channel }: { channel: Answer<'channel'> }) {
  return (
    <div className={classes.pair}>
      <SyncPanel channel={channel} />
      <section className={`panel ${classes.block}`} aria-label={t('channel.facts')}>
        <Group justify="space-between" mb="sm">
          <Title order={2}>{t('channel.facts')}</Title>
          <StatusBadge look={healthLook(channel.health.state)} why={channel.health.reason} />
        </Group>
        <dl className={classes.facts}>
          <Fact label={t('channel.site')}>{channel.siteName}</Fact>
          <Fact label={t('channel.seller')}>{channel.sellerId}</Fact>
          <Fact label={t('channel.address')}>
            <span className="code">{channel.address}</span>
          </Fact>
          <Fact label={t('channel.connectedAt')}>
            <RelativeTime at={channel.connectedAt} />
          </Fact>
          {channel.switched && (
            <Fact label={t('channel.switchedBy')}>
              <RelativeTime at={channel.switched.at} /> {t('channel.switchedByWho', { who: channel.switched.by })}
            </Fact>
          )}
        </dl>
      </section>
    </div>
  )
}

function SyncPanel({ channel }: { channel: Answer<'channel'> }) {
  const { downloadOrders, downloadListings, isAsking } = useDownloads(channel.id)
  const { counts, settings } = channel
  return (
    <section className={`panel ${classes.block}`} aria-label={t('channel.sync')}>
      <Title order={2} mb="sm">
        {t('channel.sync')}
      </Title>
      <dl className={classes.facts}>
        <Fact label={t('channel.orderSync')}>
          <RelativeTime at={channel.ordersSyncedAt} />
        </Fact>
        <Fact label={t('channel.listingSync')}>
          <RelativeTime at={channel.listingsSyncedAt} />
        </Fact>
        <Fact label={t('channel.stockSync')}>
          {settings.stockUpdate ? (
            <RelativeTime at={channel.stockSyncedAt} />
          ) : (
            <Quiet>{t('channel.stockIsOff')}</Quiet>
          )}
        </Fact>
        <Fact label={t('channel.priceSync')}>
          {settings.priceUpdate ? (
            <RelativeTime at={channel.pricesSyncedAt} />
          ) : (
            <Quiet>{t('channel.priceIsOff')}</Quiet>
          )}
        </Fact>
      </dl>
      <div style={{ margin: '16px 0' }}>
        <Figures>
          <Figure label={t('channel.countAll')}>{countLabel(counts.listings)}</Figure>
          <Figure label={t('channel.countMapped')}>{countLabel(counts.mapped)}</Figure>
          <Figure label={t('channel.countUnmapped')}>{countLabel(counts.unmapped)}</Figure>
        </Figures>
      </div>
      <Text size="sm" c="dimmed" mb="sm">
        {counts.duePushes > 0
          ? t('channel.due', { count: counts.duePushes, shown: countLabel(counts.duePushes) })
          : t('channel.dueNone')}
      </Text>
      <Group gap="xs">
        <Button
          size="xs"
          variant="default"
          leftSection={<IconRefresh size={14} />}
          onClick={downloadOrders}
          disabled={isAsking}
        >
          {t('channel.downloadOrders')}
        </Button>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconRefresh size={14} />}
          onClick={downloadListings}
          disabled={isAsking}
        >
          {t('channel.downloadListings')}
        </Button>
      </Group>
    </section>
  )
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </>
  )
}

function Quiet({ children }: { children: ReactNode }) {
  return <span style={{ color: 'var(--mantine-color-dimmed)' }}>{children}</span>
}
