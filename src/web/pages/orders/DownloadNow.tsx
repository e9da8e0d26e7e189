// "Download orders now": from all, or from one of several.
import { Button, Menu, Tooltip } from '@mantine/core'
import { t } from '../../i18n.ts'
import { IconChevronDown, IconCloudDownload } from '../../icons.ts'
import { useDownloadNow } from './use-download-now.ts'

export function DownloadNow() {
  const { channels, on, download, isAsking } = useDownloadNow()
  const button = (
    <Button
      leftSection={<IconCloudDownload size={16} aria-hidden="true" />}
      onClick={() => download()}
      loading={isAsking}
      disabled={on.length === 0}
    >
      {t('orders.download')}
    </Button>
  )
  if (on.length === 0)
    return channels ? (
      <Tooltip label={t('orders.noneOn')}>
        <span tabIndex={0} aria-label={t('orders.noneOn')} role="note">
          {button}
        </span>
      </Tooltip>
    ) : (
      button
    )
  if (on.length === 1) return button
  return (
    <Button.Group>
      {button}
      <Menu>
        <Menu.Target>
          <Button px={8} aria-label={t('common.more')}>
            <IconChevronDown size={15} />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {on.map(({ id, name }) => (
            <Menu.Item key={id} onClick={() => download([id])}>
              {t('orders.downloadOne', { name })}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </Button.Group>
  )
}
