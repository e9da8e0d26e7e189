// The status switch: Yes, blue; No, grey.
import { Switch } from '@mantine/core'
import { t } from '../../i18n.ts'
import { useChannelSwitch } from './use-switch.ts'

export function EnabledSwitch({ channel }: { channel: { id: string; name: string; enabled: boolean } }) {
  const switching = useChannelSwitch()
  return (
    <Switch
      size="sm"
      color="blue.8"
      checked={channel.enabled}
      aria-label={t('integrations.switchLabel', { name: channel.name })}
      label={channel.enabled ? t('common.yes') : t('common.no')}
      styles={{ label: { paddingInlineStart: 8, minWidth: 26 } }}
      onChange={(event) => switching.mutate({ ...channel, enabled: event.currentTarget.checked })}
    />
  )
}
