// The listings that sell a variant; where there is none, the way to map it.
import { ActionIcon, Tooltip } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { ask } from '../../api.ts'
import { t } from '../../i18n.ts'
import { IconExternalLink } from '../../icons.ts'
import { AnchorLink } from '../../parts/LinkTo.tsx'
import { StatusBadge } from '../../parts/StatusBadge.tsx'
import { listingStateLook } from '../../parts/status.ts'
import classes from './products.module.css'
import type { Variant } from './Variants.tsx'

export function ListedAt({ variant }: { variant: Variant }) {
  return (
    <section aria-label={`${t('product.listed')} ${variant.sku}`}>
      <h3 className={classes.small}>{t('product.listed')}</h3>
      {variant.listings.length === 0 && <NotListed />}
      <ul className={classes.listings}>
        {variant.listings.map((listing) => (
          <li key={listing.id}>
            <StatusBadge look={listingStateLook(listing.state)} />
            <AnchorLink to="/settings/channels/$id/mapping" params={{ id: listing.channelId }} size="sm">
              {listing.channelName}
            </AnchorLink>
            <span className={`ellipsis ${classes.quiet}`} title={listing.title}>
              {listing.title}
            </span>
            {listing.url && /^https?:/.test(listing.url) && (
              <Tooltip label={t('product.openListing')}>
                <ActionIcon
                  component="a"
                  href={listing.url}
                  target="_blank"
                  rel="noreferrer"
                  variant="subtle"
                  color="gray"
                  size="sm"
                  aria-label={`${t('product.openListing')}: ${listing.title}`}
                >
                  <IconExternalLink size={15} />
                </ActionIcon>
              </Tooltip>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

function NotListed() {
  const { data: channels } = useQuery(ask('channels'))
  return (
    <p className={classes.quiet}>
      {t('product.notListed')}{' '}
      {channels?.slice(0, 3).map(({ id, name }) => (
        <AnchorLink key={id} to="/settings/channels/$id/mapping" params={{ id }} size="sm" mr={10} underline="always">
          {t('product.mapIt', { name })}
        </AnchorLink>
      ))}
    </p>
  )
}
