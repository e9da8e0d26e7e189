// Changing one's own password; the present one is asked for, so that a screen left open is not enough.
import { Button, Group, PasswordInput, Stack } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { ApiRefusal } from '../api.ts'
import { changePassword } from '../auth.ts'
import { t } from '../i18n.ts'
import { tell, tellRefusal } from './ask.tsx'
import { goToFirstFault } from './first-fault.ts'

const passwordMin = 12

export function PasswordForm({ onChanged }: { onChanged?: () => void }) {
  const form = useForm({
    initialValues: { current: '', next: '' },
    validate: {
      current: (current) => (current === '' ? t('errors.required') : null),
      next: (next) => (next.length >= passwordMin ? null : t('password.tooShort')),
    },
  })
  const saving = useMutation({
    mutationFn: changePassword,
    onSuccess: () => {
      form.reset()
      tell(t('password.changed'))
      onChanged?.()
    },
    onError: (error) => {
      if (!(error instanceof ApiRefusal) || Object.keys(error.fields).length === 0) return tellRefusal(error)
      form.setErrors(error.fields)
      goToFirstFault(form, error.fields)
    },
  })
  return (
    <form
      onSubmit={form.onSubmit(
        (given) => saving.mutate(given),
        (faults) => goToFirstFault(form, faults),
      )}
      noValidate
    >
      <Stack gap="sm" maw={420}>
        <PasswordInput
          label={t('password.present')}
          autoComplete="current-password"
          maxLength={128}
          data-autofocus
          {...form.getInputProps('current')}
        />
        <PasswordInput
          label={t('password.next')}
          description={t('password.nextHelp')}
          autoComplete="new-password"
          maxLength={128}
          {...form.getInputProps('next')}
        />
        <Group>
          <Button type="submit" variant="default" loading={saving.isPending}>
            {t('password.change')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
