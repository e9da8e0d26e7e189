// First run: whoever holds the printed token becomes the owner.
import { Alert, Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { ApiRefusal } from '../../api.ts'
import type { FirstOwner } from '../../auth.ts'
import { isSetupNeeded, setUp, signIn } from '../../auth.ts'
import { t } from '../../i18n.ts'
import { IconAlertTriangle, IconCircleCheck } from '../../icons.ts'
import { errorText } from '../../parts/ErrorState.tsx'
import { ButtonLink } from '../../parts/LinkTo.tsx'
import { Outside } from './Outside.tsx'

const passwordMin = 12
const filled = (value: string) => (value.trim() ? null : t('errors.required'))

export function SetupPage() {
  const router = useRouter()
  const client = useQueryClient()
  const needed = useQuery({ queryKey: ['setup-needed'], queryFn: isSetupNeeded })
  const token = new URLSearchParams(window.location.search).get('token') ?? ''
  const form = useForm<FirstOwner>({
    initialValues: { token, businessName: '', name: '', email: '', password: '' },
    validate: {
      token: filled,
      businessName: filled,
      name: filled,
      email: (value) => (/^\S+@\S+$/.test(value.trim()) ? null : t('errors.email')),
      password: (value) => (value.length >= passwordMin ? null : t('setup.passwordHelp')),
    },
  })
  const making = useMutation({
    mutationFn: async (owner: FirstOwner) => {
      await setUp(owner)
      await signIn(owner.email, owner.password)
    },
    onSuccess: () => {
      client.clear()
      void router.navigate({ to: '/' })
    },
    onError: (error) => {
      if (error instanceof ApiRefusal) form.setErrors(error.fields)
    },
  })
  if (needed.data === false && !making.isPending)
    return (
      <Outside title={t('setup.title')}>
        <Stack>
          <Alert variant="light" icon={<IconCircleCheck />}>
            {t('setup.done')}
          </Alert>
          <ButtonLink to="/sign-in">{t('setup.toSignIn')}</ButtonLink>
        </Stack>
      </Outside>
    )
  return (
    <Outside title={t('setup.title')} intro={t('setup.intro')}>
      <form
        onSubmit={form.onSubmit((values) =>
          making.mutate({ ...values, token: values.token.trim(), email: values.email.trim() }),
        )}
        noValidate
      >
        <Stack gap="sm">
          {making.error && Object.keys(form.errors).length === 0 && (
            <Alert color="red" variant="light" role="alert" icon={<IconAlertTriangle />}>
              {errorText(making.error)}
            </Alert>
          )}
          <TextInput
            label={t('setup.token')}
            description={t('setup.tokenHelp')}
            autoComplete="off"
            autoFocus
            {...form.getInputProps('token')}
          />
          <TextInput
            label={t('setup.businessName')}
            autoComplete="organization"
            {...form.getInputProps('businessName')}
          />
          <TextInput label={t('setup.name')} autoComplete="name" {...form.getInputProps('name')} />
          <TextInput label={t('setup.email')} type="email" autoComplete="username" {...form.getInputProps('email')} />
          <PasswordInput
            label={t('setup.password')}
            description={t('setup.passwordHelp')}
            autoComplete="new-password"
            {...form.getInputProps('password')}
          />
          <Button type="submit" loading={making.isPending} fullWidth mt="xs">
            {t('setup.submit')}
          </Button>
        </Stack>
      </form>
    </Outside>
  )
}
