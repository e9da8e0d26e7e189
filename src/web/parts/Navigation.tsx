// The ways through the app: a column that can be narrowed to icons, or a bar at the bottom of a phone.
import { ActionIcon, Kbd, Tooltip, UnstyledButton } from '@mantine/core'
import { openSpotlight } from '@mantine/spotlight'
import { Link } from '@tanstack/react-router'
import { t } from '../i18n.ts'
import type { Icon } from '../icons.ts'
import {
  IconBox,
  IconBuilding,
  IconCreditCard,
  IconCoins,
  IconHome,
  IconLayoutSidebarLeftCollapse,
  IconLayoutSidebarLeftExpand,
  IconPercentage,
  IconPlugConnected,
  IconSearch,
  IconShoppingCart,
  IconTags,
  IconTruck,
  IconTruckDelivery,
} from '../icons.ts'
import { AccountMenu } from './AccountMenu.tsx'
import classes from './AppShell.module.css'
import { Mark } from './Mark.tsx'

const places = [
  { to: '/', icon: IconHome, text: () => t('nav.home'), short: () => t('nav.home') },
  { to: '/orders', icon: IconShoppingCart, text: () => t('nav.orders'), short: () => t('nav.orders') },
  { to: '/products', icon: IconBox, text: () => t('nav.products'), short: () => t('nav.productsShort') },
  { to: '/listings', icon: IconTags, text: () => t('nav.listings'), short: () => t('nav.listings') },
  // A phone's bar has no room for it; there it is under More.
  { to: '/pricing', icon: IconPercentage, text: () => t('pricing.title') },
  { to: '/suppliers', icon: IconTruck, text: () => t('nav.suppliers'), short: () => t('nav.suppliers') },
  { to: '/invoices', icon: IconCreditCard, text: () => t('nav.invoices') },
] as const

export function SideNavigation(props: { collapsed: boolean; onCollapse: () => void; onKeys: () => void }) {
  const { collapsed } = props
  const toggle = collapsed ? t('nav.expand') : t('nav.collapse')
  return (
    <nav className={classes.side} aria-label={t('nav.label')}>
      <div className={classes.brand}>
        <Link to="/" className={classes.brandLink} aria-label={`${t('app.name')}: ${t('nav.home')}`}>
          <Mark size={24} />
          {!collapsed && <span>{t('app.name')}</span>}
        </Link>
        <Tooltip label={toggle} position="right">
          <ActionIcon variant="subtle" color="gray" aria-label={toggle} onClick={props.onCollapse}>
            {collapsed ? (
              <IconLayoutSidebarLeftExpand size={17} stroke={1.6} />
            ) : (
              <IconLayoutSidebarLeftCollapse size={17} stroke={1.6} />
            )}
          </ActionIcon>
        </Tooltip>
      </div>
      <UnstyledButton
        className={classes.searchButton}
        onClick={openSpotlight}
        {...(collapsed ? { 'aria-label': t('nav.search') } : {})}
      >
        <IconSearch size={15} stroke={1.8} aria-hidden="true" />
        {!collapsed && (
          <>
            <span>{t('nav.search')}</span>
            <Kbd size="xs" aria-hidden="true">
              Ctrl K
            </Kbd>
          </>
        )}
      </UnstyledButton>
      {places.map(({ to, icon, text }) => (
        <Place key={to} to={to} icon={icon} text={text()} collapsed={collapsed} />
      ))}
      {!collapsed && <div className={classes.section}>{t('nav.settings')}</div>}
      <Place to="/settings/channels" icon={IconPlugConnected} text={t('nav.integrations')} collapsed={collapsed} />
      <Place to="/settings/shipping" icon={IconTruckDelivery} text={t('shipping.page')} collapsed={collapsed} />
      <Place to="/settings/business" icon={IconBuilding} text={t('business.title')} collapsed={collapsed} />
      <Place to="/settings/exchange-rates" icon={IconCoins} text={t('rates.nav')} collapsed={collapsed} />
      <div className={classes.bottom}>
        <AccountMenu collapsed={collapsed} onKeys={props.onKeys} />
      </div>
    </nav>
  )
}

function Place({
  to,
  icon: Icon,
  text,
  collapsed,
}: {
  to:
    | '/'
    | '/orders'
    | '/products'
    | '/listings'
    | '/pricing'
    | '/suppliers'
    | '/invoices'
    | '/settings/channels'
    | '/settings/exchange-rates'
    | '/settings/shipping'
    | '/settings/business'
  icon: Icon
  text: string
  collapsed: boolean
}) {
  return (
    <Tooltip label={text} position="right" disabled={!collapsed}>
      <Link
        to={to}
        className={classes.place}
        activeOptions={{ exact: to === '/', includeSearch: false }}
        aria-label={collapsed ? text : undefined}
      >
        <Icon size={18} stroke={1.6} aria-hidden="true" />
        {!collapsed && <span className="ellipsis">{text}</span>}
      </Link>
    </Tooltip>
  )
}

export function BottomNavigation({ onKeys }: { onKeys: () => void }) {
  return (
    <nav className={classes.bottomBar} aria-label={t('nav.label')}>
      {places
        .filter((place) => 'short' in place)
        .map(({ to, icon: Icon, short }) => (
          <Link key={to} to={to} className={classes.tab} activeOptions={{ exact: to === '/', includeSearch: false }}>
            <Icon size={21} stroke={1.6} aria-hidden="true" />
            <span>{short()}</span>
          </Link>
        ))}
      <Link to="/settings/channels" className={classes.tab} activeOptions={{ includeSearch: false }}>
        <IconPlugConnected size={21} stroke={1.6} aria-hidden="true" />
        <span>{t('nav.integrationsShort')}</span>
      </Link>
      <AccountMenu tab onKeys={onKeys} />
    </nav>
  )
}
