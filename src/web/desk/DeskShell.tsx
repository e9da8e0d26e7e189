// The frame of a supplier's desk: whose it is, for whom, and the four places there are.
import { useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useMe } from '../auth.ts'
import { every } from '../browser.ts'
import { t } from '../i18n.ts'
import { IconBuilding, IconFileText, IconShoppingCart, IconTag } from '../icons.ts'
import { Mark } from '../parts/Mark.tsx'
import { PagePlace, SkipLink } from '../parts/PageFrame.tsx'
import { useShortcuts } from '../parts/shortcuts.ts'
import { isDeskQuery } from './desk-look.ts'
import classes from './desk.module.css'

const places = [
  { to: '/desk', icon: IconShoppingCart, text: () => t('desk.nav.orders'), short: () => t('desk.nav.ordersShort') },
  { to: '/desk/offers', icon: IconTag, text: () => t('desk.nav.offers'), short: () => t('desk.nav.offers') },
  { to: '/desk/invoices', icon: IconFileText, text: () => t('desk.nav.invoices'), short: () => t('desk.nav.invoices') },
  { to: '/desk/account', icon: IconBuilding, text: () => t('desk.nav.account'), short: () => t('desk.nav.account') },
] as const

const lookAgainMs = 60_000
/** Of the keys only the one to the search means anything here. */
const noHelp = () => {}

export function DeskShell() {
  const { supplier, business } = useMe()
  const client = useQueryClient()
  useShortcuts(noHelp)
  useEffect(() => every(lookAgainMs, () => void client.invalidateQueries({ predicate: isDeskQuery })), [client])
  return (
    <div className={classes.shell}>
      <SkipLink />
      {/* No banner of its own: an open dialog has one. */}
      <nav className={classes.top} aria-label={t('desk.nav.label')}>
        <div className={classes.brand}>
          <Mark size={24} />
          <span className={classes.whose}>
            <strong className="ellipsis">{supplier?.name}</strong>
            <span className={`ellipsis ${classes.quiet}`}>{t('desk.for', { business: business.name })}</span>
          </span>
        </div>
        <div className={classes.places}>
          {places.map(({ to, icon: Icon, text, short }) => (
            <Link
              key={to}
              to={to}
              className={classes.place}
              activeOptions={{ exact: to === '/desk', includeSearch: false }}
            >
              <Icon size={18} stroke={1.6} aria-hidden="true" />
              <span className={classes.long}>{text()}</span>
              <span className={classes.short}>{short()}</span>
            </Link>
          ))}
        </div>
      </nav>
      <PagePlace className={classes.main} />
    </div>
  )
}
