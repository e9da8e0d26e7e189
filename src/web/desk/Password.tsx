// Changing one's own password; the present one is asked for, so that a screen left open is not enough.
import { Button, Group, PasswordInput, Stack, Title } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { ApiRefusal } from '../api.ts'
import { changePassword } from '../auth.ts'
import { t } from '../i18n.ts'
import { tell, tellRefusal } from '../parts/ask.tsx'
import { goToFirstFault } from '../parts/first-fault.ts'
import classes from './desk.module.css'

const passwordMin = 12

export function Password() {
  const form = useForm({
    initialValues: { current: '', next: '' },
    validate: {
      current: (current) => (current === '' ? t('errors.required') : null),
      next: (next) => (next.length >= passwordMin ? null : t('invitation.passwordHelp')),
    },
  })
  const saving = useMutation({
    mutationFn: changePassword,
    onSuccess: () => {
      form.reset()
      tell(t('desk.account.passwordChanged'))
    },
    onError: (error) => {
      if (!(error instanceof ApiRefusal) || Object.keys(error.fields).length === 0) return tellRefusal(error)
      form.setErrors(error.fields)
      goToFirstFault(form, error.fields)
    },
  })
  return (
    <section className={`panel ${classes.panel}`} aria-label={t('desk.account.password')}>
      <Title order={2}>{t('desk.account.password')}</Title>
      <form
        onSubmit={form.onSubmit(
          (given) => saving.mutate(given),
          (faults) => goToFirstFault(form, faults),
        )}
        noValidate
      >
        <Stack gap="sm" maw={420}>
          <PasswordInput
            label={t('desk.account.currentPassword')}
            autoComplete="current-password"
            maxLength={128}
            {...form.getInputProps('current')}
          />
          <PasswordInput
            label={t('desk.account.newPassword')}
            description={t('desk.account.newPasswordHelp')}
            autoComplete="new-password"
            maxLength={128}
            {...form.getInputProps('next')}
          />
          <Group>
            <Button type="submit" variant="default" loading={saving.isPending}>
              {t('desk.account.changePassword')}
            </Button>
          </Group>
        </Stack>
      </form>
    </section>
  )
}
