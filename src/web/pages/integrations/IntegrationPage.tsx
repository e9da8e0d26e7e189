// One integration: what is missing, how it syncs, and the sections that change it (A7–A10, B1, C3).
import { ActionIcon, Alert, Button, Menu, Skeleton, Stack, Tooltip } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import type { Answer } from '../../api.ts'
import { ask } from '../../api.ts'
import { countLabel } from '../../format.ts'
import { t } from '../../i18n.ts'
import { IconAlertTriangle, IconBoltOff, IconChevronDown, IconPencil } from '../../icons.ts'
import { ErrorState } from '../../parts/ErrorState.tsx'
import { AnchorLink } from '../../parts/LinkTo.tsx'
import { MarketplaceMark } from '../../parts/MarketplaceMark.tsx'
import { PageHeader } from '../../parts/PageHeader.tsx'
import { Section, useSections } from '../../parts/Section.tsx'
import { AccessSection } from './AccessSection.tsx'
import { EnabledSwitch } from './EnabledSwitch.tsx'
import classes from './integrations.module.css'
import { MappingSection } from './MappingSection.tsx'
import { OversellChecklist } from './OversellChecklist.tsx'
import { RenameDialog } from './RenameDialog.tsx'
import { RunningWork } from './RunningWork.tsx'
import { SettingsSection } from './SettingsSection.tsx'
import { ShippingSection } from './ShippingSection.tsx'
import { SkippedSection } from './SkippedSection.tsx'
import { SyncPanels } from './SyncPanels.tsx'
import { useDownloads } from './use-downloads.ts'
import { useChannelSwitch } from './use-switch.ts'

export function IntegrationPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const { data, error, refetch } = useQuery(ask('channel', { params: { id } }))
  if (data) return <Content key={id} channel={data} />
  return (
    <>
      <PageHeader title={t('nav.integrations')} above={<BackLink />} />
      {error ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : (
        <Stack className={classes.page} aria-busy="true">
          <Skeleton height={180} radius="lg" />
          <Skeleton height={150} radius="lg" />
          <Skeleton height={46} radius="lg" />
          <Skeleton height={46} radius="lg" />
        </Stack>
      )}
    </>
  )
}

function Content({ channel }: { channel: Answer<'channel'> }) {
  const { open } = useSections()
  return (
    <>
      <Header channel={channel} />
      <div className={`${classes.page} ${classes.sections}`}>
        <RunningWork channelId={channel.id} />
        {channel.health.state === 'needs-attention' && (
          <Alert
            color="red"
            variant="light"
            role="alert"
            icon={<IconAlertTriangle />}
            title={t('status.health.needs-attention')}
          >
            {channel.health.reason}
            <div>
              <Button size="xs" mt="xs" onClick={() => open('access')}>
                {t('access.title')}
              </Button>
            </div>
          </Alert>
        )}
        {!channel.enabled && <OffNotice channel={channel} />}
        {!channel.settings.stockUpdate && <OversellChecklist channel={channel} />}
        <SyncPanels channel={channel} />
        <Section
          name="mapping"
          title={t('channel.tabs.mapping')}
          summary={`${countLabel(channel.counts.mapped)} ${t('channel.countMapped').toLowerCase()} · ${countLabel(channel.counts.unmapped)} ${t('channel.countUnmapped').toLowerCase()}`}
        >
          <MappingSection channel={channel} />
        </Section>
        <Section name="shipping" title={t('channel.tabs.shipping')}>
          <ShippingSection channel={channel} />
        </Section>
        <Section name="skipped" title={t('skipped.title')}>
          <SkippedSection channel={channel} />
        </Section>
        <Section name="settings" title={t('channel.tabs.settings')}>
          <SettingsSection channel={channel} />
        </Section>
        <Section name="access" title={t('channel.tabs.access')}>
          <AccessSection channel={channel} />
        </Section>
      </div>
    </>
  )
}

function Header({ channel }: { channel: Answer<'channel'> }) {
  const [renaming, setRenaming] = useState(false)
  const { open } = useSections()
  const { downloadOrders, downloadListings } = useDownloads(channel.id)
  return (
    <>
      <PageHeader
        title={channel.name}
        above={<BackLink />}
        beside={
          <>
            <Tooltip label={t('channel.rename')}>
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={t('channel.rename')}
                onClick={() => setRenaming(true)}
              >
                <IconPencil size={16} />
              </ActionIcon>
            </Tooltip>
            <MarketplaceMark id={channel.marketplace} />
          </>
        }
        actions={
          <>
            <EnabledSwitch channel={channel} onPage />
            <Menu>
              <Menu.Target>
                <Button variant="default" rightSection={<IconChevronDown size={14} aria-hidden="true" />}>
                  {t('common.actions')}
                </Button>
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Item onClick={downloadOrders}>{t('channel.downloadOrders')}</Menu.Item>
                <Menu.Item onClick={downloadListings}>{t('channel.downloadListings')}</Menu.Item>
                <Menu.Item onClick={() => open('access')}>{t('access.title')}</Menu.Item>
                <Menu.Item onClick={() => setRenaming(true)}>{t('channel.rename')}</Menu.Item>
              </Menu.Dropdown>
            </Menu>
          </>
        }
      />
      <RenameDialog channel={channel} opened={renaming} onClose={() => setRenaming(false)} />
    </>
  )
}

function OffNotice({ channel }: { channel: Answer<'channel'> }) {
  const switching = useChannelSwitch()
  return (
    <Alert color="gray" variant="light" icon={<IconBoltOff />} title={t('channel.off')}>
      {t('channel.offText')}
      <div>
        <Button size="xs" variant="default" mt="xs" onClick={() => switching.mutate({ ...channel, enabled: true })}>
          {t('channel.switchOn')}
        </Button>
      </div>
    </Alert>
  )
}

function BackLink() {
  return (
    <AnchorLink to="/settings/channels" size="sm">
      {t('channel.back')}
    </AnchorLink>
  )
}
