// Loud while stock update is off: what is left to do before listings follow the stock (A10).
import { Button, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { Answer } from '../../api.ts'
import { ask, call } from '../../api.ts'
import { countLabel } from '../../format.ts'
import { t } from '../../i18n.ts'
import { IconAlertTriangle, IconCircleCheck, IconCircleDashed } from '../../icons.ts'
import { tell, tellRefusal } from '../../parts/ask.tsx'
import { ButtonLink } from '../../parts/LinkTo.tsx'
import { useSections } from '../../parts/Section.tsx'
import { WhyButton } from '../../parts/WhyButton.tsx'
import classes from './integrations.module.css'
import { useDownloads } from './use-downloads.ts'

export function OversellChecklist({ channel }: { channel: Answer<'channel'> }) {
  const { open } = useSections()
  const { downloadListings, isAsking } = useDownloads(channel.id)
  const { listingsSyncedAt, counts, settings } = channel
  return (
    <section className={classes.loud} aria-labelledby="oversell">
      <h2 className={classes.loudTitle} id="oversell">
        <IconAlertTriangle size={19} aria-hidden="true" />
        {t('channel.oversellTitle')}
      </h2>
      <Text size="sm">{t('channel.oversellText', { marketplace: channel.marketplaceName })}</Text>
      <ul className={classes.checks}>
        <Check done text={t('channel.checks.connected')} />
        <Check
          done={listingsSyncedAt !== null}
          text={t(listingsSyncedAt ? 'channel.checks.downloaded' : 'channel.checks.downloadedNot')}
        >
          <Button size="xs" variant="default" onClick={downloadListings} loading={isAsking}>
            {t('channel.downloadListings')}
          </Button>
        </Check>
        <Check
          done={counts.mapped > 0}
          text={
            counts.mapped > 0
              ? t('channel.checks.mapped', { count: counts.mapped, shown: countLabel(counts.mapped) })
              : t('channel.checks.mappedNot')
          }
        >
          <ButtonLink to="/settings/channels/$id/mapping" params={{ id: channel.id }} size="xs" variant="default">
            {t('channel.openMapping')}
          </ButtonLink>
        </Check>
        <Check
          done={settings.defaultShippingServiceId !== null}
          text={t(settings.defaultShippingServiceId ? 'channel.checks.shipping' : 'channel.checks.shippingNot')}
        >
          <Button size="xs" variant="default" onClick={() => open('shipping')}>
            {t('channel.tabs.shipping')}
          </Button>
        </Check>
        <Check done={false} text={t('channel.checks.stockUpdate')}>
          <StockUpdateButton channel={channel} />
        </Check>
      </ul>
    </section>
  )
}

function Check({ done, text, children }: { done: boolean; text: string; children?: ReactNode }) {
  return (
    <li className={classes.check} data-done={done || undefined}>
      {done ? (
        <IconCircleCheck size={18} aria-label={t('home.stepDone')} />
      ) : (
        <IconCircleDashed size={18} aria-label={t('home.stepLater')} />
      )}
      <span className={classes.checkText}>{text}</span>
      {!done && children}
    </li>
  )
}

function StockUpdateButton({ channel }: { channel: Answer<'channel'> }) {
  const client = useQueryClient()
  const params = { id: channel.id }
  const saving = useMutation({
    mutationFn: (stockUpdate: boolean) => call('saveChannelSettings', { params, body: { stockUpdate } }),
    onSuccess: (saved, stockUpdate) => {
      client.setQueryData(ask('channel', { params }).queryKey, saved)
      tell(
        t(stockUpdate ? 'channel.stockOn' : 'channel.stockOff'),
        stockUpdate ? () => saving.mutate(false) : undefined,
      )
      return client.invalidateQueries({ queryKey: ['home'] })
    },
    onError: tellRefusal,
  })
  const blocked = channel.counts.mapped === 0
  return (
    <WhyButton
      size="xs"
      why={blocked ? t('channel.checks.mappedNot') : undefined}
      loading={saving.isPending}
      onClick={() => saving.mutate(true)}
    >
      {t('channel.switchStockOn')}
    </WhyButton>
  )
}
