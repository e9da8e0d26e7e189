// A new name for an integration; names are unique, and one that is taken is said at the field.
import { Button, Group, Modal, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { ApiRefusal, ask, call } from '../../api.ts'
import { t } from '../../i18n.ts'
import { tell } from '../../parts/ask.tsx'
import { errorText } from '../../parts/ErrorState.tsx'

type Props = { channel: { id: string; name: string }; opened: boolean; onClose: () => void }

export function RenameDialog({ channel, opened, onClose }: Props) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t('channel.renameTitle')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <RenameForm channel={channel} onClose={onClose} />
    </Modal>
  )
}

function RenameForm({ channel, onClose }: Omit<Props, 'opened'>) {
  const client = useQueryClient()
  const form = useForm({
    initialValues: { name: channel.name },
    validate: { name: (name) => (name.trim() ? null : t('errors.required')) },
  })
  const saving = useMutation({
    mutationFn: (name: string) => call('renameChannel', { params: { id: channel.id }, body: { name } }),
    onSuccess: (saved) => {
      client.setQueryData(ask('channel', { params: { id: channel.id } }).queryKey, saved)
      void client.invalidateQueries({ queryKey: ['channels'] })
      tell(t('channel.renamed', { name: saved.name }))
      onClose()
    },
    onError: (error) =>
      form.setFieldError('name', (error instanceof ApiRefusal && error.fields['name']) || errorText(error)),
  })
  return (
    <form onSubmit={form.onSubmit(({ name }) => saving.mutate(name.trim()))} noValidate>
      <Stack>
        <TextInput label={t('add.nameLabel')} data-autofocus maxLength={80} {...form.getInputProps('name')} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={saving.isPending}>
            {t('common.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
