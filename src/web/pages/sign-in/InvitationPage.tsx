// What an invitation's link opens: who invites whom, a name and a password, and then one's desk.
import { Alert, Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import { ApiRefusal } from '../../api.ts'
import { acceptInvitation, lookAtInvitation, type Invitation } from '../../auth.ts'
import { t } from '../../i18n.ts'
import { IconAlertTriangle } from '../../icons.ts'
import { errorText } from '../../parts/ErrorState.tsx'
import { ButtonLink } from '../../parts/LinkTo.tsx'
import { Outside } from './Outside.tsx'

const passwordMin = 12

export function InvitationPage() {
  // Behind the #, so that no server's log and no other site ever sees it.
  const [token] = useState(() => window.location.hash.slice(1))
  const { data, error, isPending } = useQuery({
    queryKey: ['invitation'],
    queryFn: () => lookAtInvitation(token),
    retry: false,
    staleTime: Infinity,
  })
  if (isPending)
    return (
      <Outside title={t('invitation.title')}>
        <Text role="status">{t('invitation.looking')}</Text>
      </Outside>
    )
  if (!data)
    return (
      <Outside title={t('invitation.closed')}>
        <Stack>
          <Alert color="yellow" variant="light" icon={<IconAlertTriangle />} role="alert">
            {errorText(error)}
          </Alert>
          <ButtonLink to="/sign-in" variant="default">
            {t('invitation.toSignIn')}
          </ButtonLink>
        </Stack>
      </Outside>
    )
  return <Accept token={token} invitation={data} />
}

function Accept({ token, invitation }: { token: string; invitation: Invitation }) {
  const router = useRouter()
  const client = useQueryClient()
  const form = useForm({
    initialValues: { name: '', password: '' },
    validate: {
      name: (name) => (name.trim() ? null : t('errors.required')),
      password: (password) => (password.length >= passwordMin ? null : t('invitation.passwordHelp')),
    },
  })
  const accepting = useMutation({
    mutationFn: (given: { name: string; password: string }) => acceptInvitation({ token, ...given }),
    onSuccess: () => {
      client.clear()
      void router.navigate({ to: '/desk', replace: true })
    },
    onError: (error) => {
      if (error instanceof ApiRefusal) form.setErrors(error.fields)
    },
  })
  const names = { business: invitation.businessName, supplier: invitation.supplierName }
  return (
    <Outside title={t('invitation.title')} intro={t('invitation.intro', names)}>
      <form onSubmit={form.onSubmit((given) => accepting.mutate(given))} noValidate>
        <Stack gap="sm">
          {accepting.error && Object.keys(form.errors).length === 0 && (
            <Alert color="red" variant="light" role="alert" icon={<IconAlertTriangle />}>
              {errorText(accepting.error)}
            </Alert>
          )}
          <TextInput
            label={t('invitation.email')}
            value={invitation.email}
            type="email"
            autoComplete="username"
            readOnly
          />
          <TextInput label={t('invitation.name')} autoComplete="name" autoFocus {...form.getInputProps('name')} />
          <PasswordInput
            label={t('invitation.password')}
            description={t('invitation.passwordHelp')}
            autoComplete="new-password"
            {...form.getInputProps('password')}
          />
          <Button type="submit" loading={accepting.isPending} fullWidth mt="xs">
            {t('invitation.submit')}
          </Button>
        </Stack>
      </form>
    </Outside>
  )
}
