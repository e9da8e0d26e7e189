// Reauthorise (A9), and Remove account (A8): red, asked twice over.
import { Alert, Button, Stack, Text, Title } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import type { Answer } from '../../api.ts'
import { call } from '../../api.ts'
import { t } from '../../i18n.ts'
import { IconAlertTriangle, IconTrash } from '../../icons.ts'
import { confirmDialog, tell, tellRefusal } from '../../parts/ask.tsx'
import { Reauthorise } from './Reauthorise.tsx'

type Props = { channel: Answer<'channel'> }

export function AccessSection({ channel }: Props) {
  return (
    <Stack gap="xl" maw={560}>
      <Reauthorise channel={channel} />
      <Remove channel={channel} />
    </Stack>
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
