// The top of the mapping tool: the way back, how many drafts, Save and Cancel, and the actions.
import { Anchor, Button, Group, Menu, Text } from '@mantine/core'
import { useState } from 'react'
import type { Answer } from '../../api.ts'
import { href } from '../../api.ts'
import { countLabel } from '../../format.ts'
import { t } from '../../i18n.ts'
import { IconChevronDown, IconCloudDownload, IconDownload, IconStack2, IconUpload, IconWand } from '../../icons.ts'
import { tell } from '../../parts/ask.tsx'
import { PageHeader } from '../../parts/PageHeader.tsx'
import { Progress } from '../../parts/Progress.tsx'
import { RelativeTime } from '../../parts/RelativeTime.tsx'
import { useDownloads } from '../integrations/use-downloads.ts'
import { runLabel, useRuns } from '../integrations/RunningWork.tsx'
import { ApplyDialog } from './ApplyDialog.tsx'
import { AutoMapDialog } from './AutoMapDialog.tsx'
import { CsvDialog } from './CsvDialog.tsx'
import type { Drafts } from './drafts.ts'

type Props = {
  channelId: string
  channel: Answer<'channel'> | undefined
  drafts: Drafts
  setDrafts: (change: (before: Drafts) => Drafts) => void
  isSaving: boolean
  onSave: () => void
  onLeave: (to: 'list' | 'integration') => void
}

export function MappingHeader({ channelId, channel, drafts, setDrafts, isSaving, onSave, onLeave }: Props) {
  const [dialog, setDialog] = useState<'auto' | 'csv' | 'apply'>()
  const running = useRuns(channelId, tellDownloaded).find((run) => run.state === 'running')
  return (
    <>
      <PageHeader
        title={channel ? `${t('mapping.title')}: ${channel.name}` : t('mapping.title')}
        above={
          <Anchor
            href="/settings/channels"
            size="sm"
            onClick={(event) => {
              event.preventDefault()
              onLeave('list')
            }}
          >
            {t('channel.back')}
          </Anchor>
        }
        actions={
          <>
            <Text size="sm" fw={drafts.size > 0 ? 600 : 400} aria-live="polite" mr={4}>
              {drafts.size > 0 ? t('mapping.drafts', { count: drafts.size }) : t('mapping.noDrafts')}
            </Text>
            <ActionMenu
              channelId={channelId}
              channel={channel}
              onAuto={() => setDialog('auto')}
              onCsv={() => setDialog('csv')}
              onApply={drafts.size === 0 ? () => setDialog('apply') : undefined}
            />
            <Button variant="default" onClick={() => onLeave('integration')}>
              {t('common.cancel')}
            </Button>
            <Button onClick={onSave} loading={isSaving} disabled={drafts.size === 0}>
              {t('mapping.save')}
            </Button>
          </>
        }
        below={
          running && (
            <div style={{ width: '100%' }}>
              {<Progress label={runLabel(running.kind)} done={running.done} total={running.total} />}
            </div>
          )
        }
      />
      <AutoMapDialog
        channelId={channelId}
        opened={dialog === 'auto'}
        onClose={() => setDialog(undefined)}
        setDrafts={setDrafts}
      />
      <ApplyDialog
        channelId={channelId}
        what={['mappings', 'shipping']}
        opened={dialog === 'apply'}
        onClose={() => setDialog(undefined)}
      />
      <CsvDialog channelId={channelId} opened={dialog === 'csv'} onClose={() => setDialog(undefined)} />
    </>
  )
}

function ActionMenu(props: {
  channelId: string
  channel: Answer<'channel'> | undefined
  onAuto: () => void
  onCsv: () => void
  /** Undefined while there are drafts: what is not saved is not applied. */
  onApply: (() => void) | undefined
}) {
  const { downloadListings, isAsking } = useDownloads(props.channelId)
  const at = props.channel?.listingsSyncedAt ?? null
  return (
    <Group gap="xs">
      <Button variant="default" leftSection={<IconWand size={15} aria-hidden="true" />} onClick={props.onAuto}>
        {t('mapping.autoMap')}
      </Button>
      <Menu width={260}>
        <Menu.Target>
          <Button variant="default" loading={isAsking} rightSection={<IconChevronDown size={14} aria-hidden="true" />}>
            {t('common.actions')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconCloudDownload size={16} />} onClick={downloadListings}>
            {t('mapping.download')}
            <Text size="xs" c="dimmed">
              {at ? t('mapping.downloadLastShort') : t('mapping.downloadNever')} {at && <RelativeTime at={at} />}
            </Text>
          </Menu.Item>
          <Menu.Item leftSection={<IconStack2 size={16} />} disabled={!props.onApply} onClick={props.onApply}>
            {t('applying.button')}
            {!props.onApply && (
              <Text size="xs" c="dimmed">
                {t('applying.saveFirst')}
              </Text>
            )}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item
            component="a"
            href={href('mappingsCsv', { params: { id: props.channelId } })}
            download
            leftSection={<IconDownload size={16} />}
          >
            {t('mapping.csvOut')}
          </Menu.Item>
          <Menu.Item leftSection={<IconUpload size={16} />} onClick={props.onCsv}>
            {t('mapping.csvIn')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </Group>
  )
}

function tellDownloaded(run: Answer<'runs'>[number]) {
  if (run.kind.includes('listing') && run.state === 'done')
    tell(t('mapping.downloaded', { count: run.done, shown: countLabel(run.done) }))
}
