// Reauthorise (A9): credential fields empty, tried before saving. Remove account (A8): red, asked twice over.
import { Alert, Button, Group, Stack, Text, Title } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import type { Answer } from '../../api.ts'
import { ApiRefusal, call } from '../../api.ts'
import { t } from '../../i18n.ts'
import { IconAlertTriangle, IconTrash } from '../../icons.ts'
import { confirmDialog, tell, tellRefusal } from '../../parts/ask.tsx'
import { errorText } from '../../parts/ErrorState.tsx'
import { useSections } from '../../parts/Section.tsx'
import { AccountFields, accountErrors, emptyAccount } from './AccountFields.tsx'

type Props = { channel: Answer<'channel'> }

export function AccessSection({ channel }: Props) {
  return (
    <Stack gap="xl" maw={560}>
      <Reauthorise channel={channel} />
      <Remove channel={channel} />
    </Stack>
  )
}

function Reauthorise({ channel }: Props) {
  const router = useRouter()
  const client = useQueryClient()
  const { toggle } = useSections()
  const form = useForm({
    initialValues: { account: emptyAccount(channel.accountFields) },
    validate: {
      account: Object.fromEntries(
        channel.accountFields.map(({ key }) => [key, (value: string) => (value.trim() ? null : t('errors.required'))]),
      ),
    },
  })
  const saving = useMutation({
    mutationFn: (account: Record<string, string>) =>
      call('reauthoriseChannel', { params: { id: channel.id }, body: { account } }),
    onSuccess: async () => {
      await client.invalidateQueries({
        predicate: ({ queryKey }) => ['channels', 'channel', 'home'].includes(String(queryKey[0])),
      })
      tell(t('access.saved'))
      await router.navigate({ to: '/settings/channels' })
    },
    onError: (error) =>
      error instanceof ApiRefusal && form.setErrors(accountErrors(error.fields, channel.accountFields)),
  })
  const cancel = () => {
    form.reset()
    saving.reset()
    toggle('access')
  }
  return (
    <form onSubmit={form.onSubmit(({ account }) => saving.mutate(account))} noValidate>
      <Stack gap="sm">
        <Title order={3}>{t('access.title')}</Title>
        <Text size="sm" c="dimmed">
          {t('access.intro')}
        </Text>
        <Text size="sm">
          {t('access.connectedTo', { site: channel.siteName, seller: channel.sellerId, address: channel.address })}
        </Text>
        {saving.error && Object.keys(form.errors).length === 0 && (
          <Alert color="red" variant="light" role="alert" icon={<IconAlertTriangle />}>
            {errorText(saving.error)}
          </Alert>
        )}
        <AccountFields fields={channel.accountFields} form={form} placeholder={t('access.leaveEmpty')} />
        <Text size="sm" c="dimmed" aria-live="polite">
          {saving.isPending ? t('add.trying', { marketplace: channel.marketplaceName }) : t('add.tried')}
        </Text>
        <Group>
          <Button type="submit" loading={saving.isPending}>
            {t('access.save')}
          </Button>
          <Button variant="default" onClick={cancel}>
            {t('common.cancel')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

function Remove({ channel }: Props) {
  const router = useRouter()
  const client = useQueryClient()
  const removing = useMutation({
    mutationFn: () => call('removeChannel', { params: { id: channel.id } }),
    onSuccess: async () => {
      await router.navigate({ to: '/settings/channels' })
      await client.invalidateQueries({
        predicate: ({ queryKey }) => ['channels', 'home'].includes(String(queryKey[0])),
      })
      tell(t('access.removed', { name: channel.name }))
    },
    onError: tellRefusal,
  })
  const askFirst = async () => {
    const outstanding = channel.counts.waitingConfirmations
    const agreed = await confirmDialog({
      title: t('access.removeAsk', { name: channel.name }),
      danger: true,
      text: (
        <Stack gap="sm">
          <Text size="sm">{t('access.removeText')}</Text>
          {outstanding > 0 && (
            <Alert color="red" variant="light" icon={<IconAlertTriangle />}>
              {t('access.removeOutstanding', { count: outstanding, marketplace: channel.marketplaceName })}
            </Alert>
          )}
        </Stack>
      ),
    })
    if (agreed) removing.mutate()
  }
  return (
    <Stack gap="sm" align="flex-start">
      <Title order={3}>{t('access.removeTitle')}</Title>
      <Text size="sm" c="dimmed">
        {t('access.removeText')}
      </Text>
      <Button
        color="red.9"
        leftSection={<IconTrash size={16} aria-hidden="true" />}
        loading={removing.isPending}
        onClick={() => void askFirst()}
      >
        {t('access.remove')}
      </Button>
    </Stack>
  )
}
