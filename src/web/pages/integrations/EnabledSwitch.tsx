// The status switch: Yes, blue; No, grey.
import { Switch } from '@mantine/core'
import { t } from '../../i18n.ts'
import { useChannelSwitch } from './use-switch.ts'

type Props = {
  channel: { id: string; name: string; enabled: boolean }
  /** On the integration's own page the words are On and Off. */ onPage?: boolean
}

export function EnabledSwitch({ channel, onPage = false }: Props) {
  const switching = useChannelSwitch()
  return (
    <Switch
      size="sm"
      color="blue.8"
      checked={channel.enabled}
      aria-label={t('integrations.switchLabel', { name: channel.name })}
      label={t(channel.enabled ? (onPage ? 'common.on' : 'common.yes') : onPage ? 'common.off' : 'common.no')}
      styles={{ label: { paddingInlineStart: 8, minWidth: 26 } }}
      onChange={(event) => switching.mutate({ ...channel, enabled: event.currentTarget.checked })}
    />
  )
}
