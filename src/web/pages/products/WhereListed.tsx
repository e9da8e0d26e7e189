// Every sales channel with whether the product is there; where it is not, why (F3).
import { ActionIcon, Title, Tooltip } from '@mantine/core'
import { t } from '../../i18n.ts'
import { IconCalculator, IconExternalLink } from '../../icons.ts'
import { AnchorLink } from '../../parts/LinkTo.tsx'
import { StatusBadge } from '../../parts/StatusBadge.tsx'
import { gridStateLook } from '../listings/grid-state.ts'
import { PriceWhy } from '../pricing/PriceWhy.tsx'
import type { Edited } from './product-form.ts'
import classes from './products.module.css'

/** A listing for each variant would be a row of buttons; the grid of the listings has them all. */
const pricesToldMax = 3

const onItsWay = new Set(['waiting', 'in-flight', 'unclear', 'in-review'])

export function WhereListed({ product }: { product: Edited }) {
  return (
    <section className={`panel ${classes.block}`} aria-label={t('productEditor.where.title')}>
      <Title order={2} mb={8}>
        {t('productEditor.where.title')}
      </Title>
      {product.whereListed.length === 0 && (
        <p className={classes.quiet}>
          {t('productEditor.where.none')}{' '}
          <AnchorLink to="/settings/channels/add" size="sm" underline="always">
            {t('productEditor.where.connect')}
          </AnchorLink>
        </p>
      )}
      <ul className={classes.where}>
        {product.whereListed.map((channel) => (
          <Channel key={channel.channelId} channel={channel} />
        ))}
      </ul>
    </section>
  )
}

function Channel({ channel }: { channel: Edited['whereListed'][number] }) {
  const { channelId, channelName, state, listings, change, why } = channel
  const link = listings.find(({ url }) => url !== null && /^https?:/.test(url))
  return (
    <li>
      <div className={classes.whereHead}>
        <AnchorLink
          to="/settings/channels/$id/mapping"
          params={{ id: channelId }}
          size="sm"
          className="ellipsis"
          title={t('productEditor.where.open', { name: channelName })}
        >
          {channelName}
        </AnchorLink>
        <StatusBadge look={gridStateLook(state)} />
        {listings.slice(0, pricesToldMax).map(({ id, title }) => (
          <PriceWhy key={id} listingId={id} title={title}>
            <IconCalculator size={15} aria-hidden="true" />
          </PriceWhy>
        ))}
        {link?.url && (
          <Tooltip label={t('product.openListing')}>
            <ActionIcon
              component="a"
              href={link.url}
              target="_blank"
              rel="noreferrer"
              variant="subtle"
              color="gray"
              size="sm"
              aria-label={`${t('product.openListing')}: ${link.title}`}
            >
              <IconExternalLink size={15} />
            </ActionIcon>
          </Tooltip>
        )}
      </div>
      {change && onItsWay.has(change.state) && <p className={classes.quiet}>{t('productEditor.where.waiting')}</p>}
      {why.length > 0 && (
        <ul className={classes.why} aria-label={`${t('productEditor.where.why')}: ${channelName}`}>
          {why.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      )}
    </li>
  )
}
