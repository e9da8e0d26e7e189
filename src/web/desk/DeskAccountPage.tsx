// Who is signed in for whom, light or dark, and the way out.
import { Button, SegmentedControl, Title, useMantineColorScheme } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { signOut, useMe } from '../auth.ts'
import { t } from '../i18n.ts'
import { IconLogout } from '../icons.ts'
import { tellRefusal } from '../parts/ask.tsx'
import { PageHeader } from '../parts/PageHeader.tsx'
import { Password } from './Password.tsx'
import classes from './desk.module.css'

export function DeskAccountPage() {
  const { user, business, supplier } = useMe()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const leave = useLeave()
  const facts = [
    [t('desk.account.name'), user.name],
    [t('desk.account.email'), user.email],
    [t('desk.account.supplier'), supplier?.name ?? ''],
    [t('desk.account.seller'), business.name],
  ] as const
  return (
    <>
      <PageHeader
        title={t('desk.account.title')}
        actions={
          <Button
            variant="default"
            leftSection={<IconLogout size={15} aria-hidden="true" />}
            onClick={() => void leave()}
          >
            {t('desk.account.signOut')}
          </Button>
        }
      />
      <div className={`page-body ${classes.column}`}>
        <section className={`panel ${classes.panel}`} aria-label={t('desk.account.you')}>
          <Title order={2}>{t('desk.account.you')}</Title>
          <dl className={classes.facts}>
            {facts.map(([name, value]) => (
              <div key={name} style={{ display: 'contents' }}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        </section>
        <Password />
        <section className={`panel ${classes.panel}`} aria-label={t('desk.account.theme')}>
          <Title order={2}>{t('desk.account.theme')}</Title>
          <SegmentedControl
            aria-label={t('desk.account.theme')}
            value={colorScheme}
            onChange={(next) => setColorScheme(next as typeof colorScheme)}
            data={[
              { value: 'auto', label: t('nav.themeAuto') },
              { value: 'light', label: t('nav.themeLight') },
              { value: 'dark', label: t('nav.themeDark') },
            ]}
          />
        </section>
        <section className={`panel ${classes.panel}`} aria-label={t('desk.account.programs')}>
          <Title order={2}>{t('desk.account.programs')}</Title>
          <span className={classes.quiet}>{t('desk.account.programsText')}</span>
        </section>
      </div>
    </>
  )
}

function useLeave() {
  const router = useRouter()
  const client = useQueryClient()
  return async () => {
    try {
      await signOut()
      await router.navigate({ to: '/sign-in' })
      client.clear()
    } catch (error) {
      tellRefusal(error)
    }
  }
}
