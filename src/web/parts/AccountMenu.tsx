// Whose business this is, light or dark, the keys, one's own password, and the way out.
import { Avatar, Menu, Modal, UnstyledButton, useMantineColorScheme } from '@mantine/core'
import { openSpotlight } from '@mantine/spotlight'
import { useDisclosure } from '@mantine/hooks'
import { useQueryClient } from '@tanstack/react-query'
import { Link, useRouter } from '@tanstack/react-router'
import { signOut, useMe } from '../auth.ts'
import { t } from '../i18n.ts'
import {
  IconBook2,
  IconCheck,
  IconCreditCard,
  IconKeyboard,
  IconLock,
  IconLogout,
  IconMoon,
  IconPercentage,
  IconSearch,
  IconSun,
  IconSunMoon,
} from '../icons.ts'
import classes from './AppShell.module.css'
import { tellRefusal } from './ask.tsx'
import { PasswordForm } from './PasswordForm.tsx'

export function AccountMenu({ collapsed, tab, onKeys }: { collapsed?: boolean; tab?: boolean; onKeys: () => void }) {
  const me = useMe()
  const router = useRouter()
  const client = useQueryClient()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const [isChangingPassword, password] = useDisclosure()
  const leave = async () => {
    try {
      await signOut()
      await router.navigate({ to: '/sign-in' })
      client.clear()
    } catch (error) {
      tellRefusal(error)
    }
  }
  const schemes = [
    { value: 'auto', icon: IconSunMoon, label: t('nav.themeAuto') },
    { value: 'light', icon: IconSun, label: t('nav.themeLight') },
    { value: 'dark', icon: IconMoon, label: t('nav.themeDark') },
  ] as const
  return (
    <>
      <Menu width={230} position={tab ? 'top-end' : 'right-end'}>
        <Menu.Target>
          <UnstyledButton
            className={tab ? classes.tab : classes.account}
            {...(collapsed ? { 'aria-label': `${t('nav.account')}: ${me.business.name}` } : {})}
          >
            <Avatar
              size={tab ? 22 : 26}
              radius="xl"
              color="petrol"
              variant="light"
              name={me.business.name}
              aria-hidden="true"
            />
            {tab ? (
              <span>{t('common.more')}</span>
            ) : (
              !collapsed && (
                <span className={classes.accountText}>
                  <span className="ellipsis">{me.business.name}</span>
                  <span className={`ellipsis ${classes.accountWho}`}>{me.user.name}</span>
                </span>
              )
            )}
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{me.user.email}</Menu.Label>
          {tab && (
            <Menu.Item leftSection={<IconSearch size={15} />} onClick={openSpotlight}>
              {t('nav.search')}
            </Menu.Item>
          )}
          {tab && (
            <Menu.Item leftSection={<IconCreditCard size={15} />} component={Link} to="/invoices">
              {t('nav.invoices')}
            </Menu.Item>
          )}
          {tab && (
            <Menu.Item leftSection={<IconPercentage size={15} />} component={Link} to="/pricing">
              {t('pricing.title')}
            </Menu.Item>
          )}
          <Menu.Item leftSection={<IconKeyboard size={15} />} onClick={onKeys}>
            {t('nav.keys')}
          </Menu.Item>
          <Menu.Item leftSection={<IconBook2 size={15} />} component="a" href="/api/docs" target="_blank">
            {t('nav.apiExplorer')}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Label>{t('nav.theme')}</Menu.Label>
          {schemes.map(({ value, icon: Icon, label }) => (
            <Menu.Item
              key={value}
              leftSection={<Icon size={15} />}
              rightSection={colorScheme === value ? <IconCheck size={14} /> : null}
              aria-current={colorScheme === value || undefined}
              onClick={() => setColorScheme(value)}
            >
              {label}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item leftSection={<IconLock size={15} />} onClick={password.open}>
            {t('password.title')}
          </Menu.Item>
          <Menu.Item leftSection={<IconLogout size={15} />} onClick={() => void leave()}>
            {t('nav.signOut')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Modal
        opened={isChangingPassword}
        onClose={password.close}
        title={t('password.title')}
        closeButtonProps={{ 'aria-label': t('common.close') }}
      >
        <PasswordForm onChanged={password.close} />
      </Modal>
    </>
  )
}
