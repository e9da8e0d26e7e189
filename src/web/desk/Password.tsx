// A supplier's own password.
import { Title } from '@mantine/core'
import { t } from '../i18n.ts'
import { PasswordForm } from '../parts/PasswordForm.tsx'
import classes from './desk.module.css'

export function Password() {
  return (
    <section className={`panel ${classes.panel}`} aria-label={t('password.title')}>
      <Title order={2}>{t('password.title')}</Title>
      <PasswordForm />
    </section>
  )
}
