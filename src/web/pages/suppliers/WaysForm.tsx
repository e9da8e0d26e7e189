// The way out and what it needs. A secret left empty is the one there is; a new one of the webhook is shown once.
import {
  Alert,
  Button,
  Group,
  NumberInput,
  PasswordInput,
  Select,
  Stack,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { ApiRefusal, ask, call } from '../../api.ts'
import { t } from '../../i18n.ts'
import { tell } from '../../parts/ask.tsx'
import { ErrorState } from '../../parts/ErrorState.tsx'
import type { SupplierWays } from './Ways.tsx'
import { WayTest } from './WaysTest.tsx'

const wayNames = ['screen', 'email', 'sftp', 'webhook'] as const

function fieldsOf({ way, email, sftp, webhook }: SupplierWays) {
  return {
    way,
    email: email ?? '',
    sftp: {
      host: sftp?.host ?? '',
      // Empty while it is typed.
      port: (sftp?.port ?? 22) as number | string,
      username: sftp?.username ?? '',
      password: '',
      privateKey: '',
      hostKey: sftp?.hostKey ?? '',
      orderFolder: sftp?.orderFolder ?? '/orders',
      trackingFolder: sftp?.trackingFolder ?? '/tracking',
    },
    url: webhook?.url ?? '',
  }
}

type Fields = ReturnType<typeof fieldsOf>

export function WaysForm({ supplierId, ways }: { supplierId: string; ways: SupplierWays }) {
  const client = useQueryClient()
  const form = useForm<Fields>({ initialValues: fieldsOf(ways) })
  const { way, sftp, url } = form.values
  const saving = useMutation({
    mutationFn: (given: { fields: Fields; newWebhookSecret?: boolean }) =>
      call('changeSupplierWays', { params: { id: supplierId }, body: bodyOf(given) }),
    onSuccess: ({ webhookSecret: _shownBelow, ...saved }) => {
      client.setQueryData(ask('supplierWays', { params: { id: supplierId } }).queryKey, saved)
      form.setValues(fieldsOf(saved))
      form.resetDirty(fieldsOf(saved))
      tell(t('ways.saved'))
    },
    onError: (error) => refuse(error),
  })
  const asking = useMutation({
    mutationFn: () =>
      call('supplierHostKey', {
        params: { id: supplierId },
        body: { host: sftp.host.trim(), port: Number(sftp.port) },
      }),
    onSuccess: ({ hostKey }) => form.setFieldValue('sftp.hostKey', hostKey),
    onError: (error) => refuse(error),
  })
  const refuse = (error: unknown) => {
    if (!(error instanceof ApiRefusal)) return
    form.setErrors({ ...error.fields, ...(error.fields.webhook ? { url: error.fields.webhook } : {}) })
  }
  const secret = saving.data?.webhookSecret
  return (
    <form onSubmit={form.onSubmit((fields) => saving.mutate({ fields }))} noValidate>
      <Stack gap="sm" maw={620}>
        <Select
          label={t('ways.way')}
          data={wayNames.map((value) => ({ value, label: t(`ways.names.${value}`) }))}
          allowDeselect={false}
          {...form.getInputProps('way')}
        />
        {way === 'email' && (
          <TextInput
            label={t('ways.email')}
            description={ways.mailReady ? t('ways.emailHelp') : t('ways.noMail')}
            type="email"
            multiple
            {...form.getInputProps('email')}
          />
        )}
        {(way === 'sftp' || ways.sftp) && (
          <>
            <Group grow align="start">
              <TextInput label={t('ways.host')} autoComplete="off" {...form.getInputProps('sftp.host')} />
              <NumberInput label={t('ways.port')} min={1} max={65_535} {...form.getInputProps('sftp.port')} />
              <TextInput label={t('ways.username')} autoComplete="off" {...form.getInputProps('sftp.username')} />
            </Group>
            <PasswordInput
              label={t('ways.password')}
              description={ways.sftp ? t('ways.kept') : undefined}
              autoComplete="new-password"
              {...form.getInputProps('sftp.password')}
            />
            <Textarea label={t('ways.privateKey')} rows={2} {...form.getInputProps('sftp.privateKey')} />
            <Group align="end" wrap="nowrap">
              <TextInput
                flex={1}
                label={t('ways.hostKey')}
                description={t('ways.hostKeyHelp')}
                className="code"
                {...form.getInputProps('sftp.hostKey')}
              />
              <Button
                variant="default"
                loading={asking.isPending}
                disabled={sftp.host.trim() === ''}
                onClick={() => asking.mutate()}
              >
                {t('ways.hostKeyShow')}
              </Button>
            </Group>
            <Group grow align="start">
              <TextInput label={t('ways.orderFolder')} {...form.getInputProps('sftp.orderFolder')} />
              <TextInput label={t('ways.trackingFolder')} {...form.getInputProps('sftp.trackingFolder')} />
            </Group>
          </>
        )}
        {way === 'webhook' && (
          <TextInput label={t('ways.url')} description={t('ways.urlHelp')} type="url" {...form.getInputProps('url')} />
        )}
        {secret && (
          <Alert title={t('ways.secretTitle')} role="status">
            <Text size="sm">{t('ways.secretText')}</Text>
            <code className="code">{secret}</code>
          </Alert>
        )}
        {saving.error && !hasFields(saving.error) && <ErrorState error={saving.error} />}
        <Group>
          <Button type="submit" loading={saving.isPending}>
            {t('common.save')}
          </Button>
          {way === 'webhook' && ways.webhook && url === ways.webhook.url && (
            <Button
              variant="default"
              onClick={() => saving.mutate({ fields: form.values, newWebhookSecret: true })}
              disabled={saving.isPending}
            >
              {t('ways.newSecret')}
            </Button>
          )}
          <WayTest supplierId={supplierId} isSaved={!form.isDirty()} />
        </Group>
      </Stack>
    </form>
  )
}

function hasFields(error: unknown): boolean {
  return error instanceof ApiRefusal && Object.keys(error.fields).length > 0
}

function bodyOf({ fields, newWebhookSecret = false }: { fields: Fields; newWebhookSecret?: boolean }) {
  const { way, email, sftp, url } = fields
  const { password, privateKey, ...plain } = sftp
  const server = {
    ...plain,
    port: Number(sftp.port),
    ...(password === '' ? {} : { password }),
    ...(privateKey.trim() === '' ? {} : { privateKey }),
  }
  return {
    way,
    ...(email.trim() === '' ? {} : { email: email.trim() }),
    ...(way === 'sftp' || (sftp.host.trim() !== '' && sftp.hostKey !== '') ? { sftp: server } : {}),
    ...(url.trim() === '' ? {} : { webhook: { url: url.trim() } }),
    newWebhookSecret,
  }
}
