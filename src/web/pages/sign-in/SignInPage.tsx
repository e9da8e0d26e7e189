// Sign in by e-mail address and password; too many attempts are said as such.
import { Alert, Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRouter, useSearch } from '@tanstack/react-router'
import { useEffect } from 'react'
import { ApiRefusal } from '../../api.ts'
import { isSetupNeeded, signIn } from '../../auth.ts'
import { t } from '../../i18n.ts'
import { IconAlertTriangle, IconLock } from '../../icons.ts'
import { errorText } from '../../parts/ErrorState.tsx'
import { Outside } from './Outside.tsx'

export function SignInPage() {
  const router = useRouter()
  const client = useQueryClient()
  const { next } = useSearch({ strict: false }) as { next?: string }
  const form = useForm({
    initialValues: { email: '', password: '' },
    validate: {
      email: (value) => (/^\S+@\S+$/.test(value.trim()) ? null : t('errors.email')),
      password: (value) => (value ? null : t('errors.required')),
    },
  })
  const entering = useMutation({
    mutationFn: (values: { email: string; password: string }) => signIn(values.email.trim(), values.password),
    onSuccess: () => {
      client.clear()
      router.history.push(insideOnly(next))
    },
  })
  useEffect(() => {
    // A hub without an owner has nobody who could sign in.
    void isSetupNeeded()
      .then((needed) => (needed ? router.navigate({ to: '/setup' }) : undefined))
      .catch(() => undefined)
  }, [router])
  const locked = entering.error instanceof ApiRefusal && [423, 429].includes(entering.error.status)
  return (
    <Outside title={t('signIn.title')}>
      <form onSubmit={form.onSubmit((values) => entering.mutate(values))} noValidate>
        <Stack gap="md">
          {entering.error && (
            <Alert
              color={locked ? 'yellow' : 'red'}
              variant="light"
              role="alert"
              icon={locked ? <IconLock /> : <IconAlertTriangle />}
            >
              {errorText(entering.error)}
            </Alert>
          )}
          <TextInput
            label={t('signIn.email')}
            type="email"
            autoComplete="username"
            data-autofocus
            autoFocus
            {...form.getInputProps('email')}
          />
          <PasswordInput
            label={t('signIn.password')}
            autoComplete="current-password"
            {...form.getInputProps('password')}
          />
          <Button type="submit" loading={entering.isPending} fullWidth mt={4}>
            {t('signIn.submit')}
          </Button>
        </Stack>
      </form>
    </Outside>
  )
}

/** Only addresses of this hub: a link must not lead a signed-in person elsewhere. */
function insideOnly(next: string | undefined): string {
  return next?.startsWith('/') && !next.startsWith('//') && !next.startsWith('/\\') ? next : '/'
}
