// Why the list is empty, and the next step: connect, switch on, wait, or clear the filters.
import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { ask } from '../../api.ts'
import { t } from '../../i18n.ts'
import { IconCloudDownload, IconPlugConnected, IconShoppingCart } from '../../icons.ts'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { NothingFound } from '../../parts/NothingFound.tsx'
import { ButtonLink } from '../../parts/LinkTo.tsx'
import { RelativeTime } from '../../parts/RelativeTime.tsx'
import classes from './orders.module.css'
import { useDownloadNow } from './use-download-now.ts'

export function NoOrders({ onClear }: { onClear: (() => void) | undefined }) {
  const { data: channels } = useQuery(ask('channels'))
  if (onClear) return <NothingFound onClear={onClear} />
  if (channels?.length === 0)
    return (
      <EmptyState icon={IconPlugConnected} title={t('orders.empty')} text={t('orders.emptyNoChannel')}>
        <ButtonLink to="/settings/channels/add">{t('orders.connect')}</ButtonLink>
      </EmptyState>
    )
  if (channels?.every((channel) => !channel.enabled))
    return (
      <EmptyState icon={IconShoppingCart} title={t('orders.empty')} text={t('orders.emptyOff')}>
        <ButtonLink to="/settings/channels">{t('orders.toChannels')}</ButtonLink>
      </EmptyState>
    )
  return <WaitingForOrders />
}

function WaitingForOrders() {
  const { on, download, isAsking } = useDownloadNow()
  const last = on
    .map((channel) => channel.ordersSyncedAt)
    .filter((at) => at !== null)
    .toSorted()
    .at(-1)
  return (
    <EmptyState icon={IconShoppingCart} title={t('orders.empty')} text={t('orders.emptyWaiting')}>
      <p className={classes.quiet}>
        {t('orders.lastLook')} <RelativeTime at={last ?? null} />
      </p>
      <Button
        variant="default"
        leftSection={<IconCloudDownload size={16} aria-hidden="true" />}
        loading={isAsking}
        onClick={() => download()}
      >
        {t('orders.download')}
      </Button>
    </EmptyState>
  )
}
