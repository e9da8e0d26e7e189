// The frame of every page: navigation on the left (or at the bottom of a phone), the page beside it.
import { useDisclosure, useLocalStorage } from '@mantine/hooks'
import { useLive } from '../live.ts'
import classes from './AppShell.module.css'
import { KeyHelp } from './KeyHelp.tsx'
import { BottomNavigation, SideNavigation } from './Navigation.tsx'
import { PagePlace, SkipLink } from './PageFrame.tsx'
import { SearchSpotlight } from './SearchSpotlight.tsx'
import { useShortcuts } from './shortcuts.ts'

export function AppShell() {
  const [help, { open, close }] = useDisclosure()
  const [collapsed, setCollapsed] = useLocalStorage({
    key: 'fairlead-navigation-collapsed',
    defaultValue: false,
    getInitialValueInEffect: false,
  })
  useLive()
  useShortcuts(open)
  return (
    <div className={classes.shell} data-collapsed={collapsed || undefined}>
      <SkipLink />
      <SideNavigation collapsed={collapsed} onCollapse={() => setCollapsed(!collapsed)} onKeys={open} />
      <PagePlace />
      <BottomNavigation onKeys={open} />
      <SearchSpotlight />
      <KeyHelp opened={help} onClose={close} />
    </div>
  )
}
