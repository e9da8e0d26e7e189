// Reauthorise (A9): the credential fields, empty, and the marketplace's own page where it has one. What comes of either is
// tried before it is saved; cancelling changes nothing.
import { Alert, Button, Group, Stack, Text, Title } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import type { Answer } from '../../api.ts'
import { ApiRefusal, call } from '../../api.ts'
import { t } from '../../i18n.ts'
import { IconAlertTriangle, IconCircleCheck, IconExternalLink } from '../../icons.ts'
import { tell } from '../../parts/ask.tsx'
import { errorText } from '../../parts/ErrorState.tsx'
import { useSections } from '../../parts/Section.tsx'
import { AccountFields, accountErrors, emptyAccount } from './AccountFields.tsx'
import { ConsentTrouble, ConsentWaiting } from './ConsentWatch.tsx'
import { isUnderWay, useConsent } from './use-consent.ts'

type Props = { channel: Answer<'channel'> }

export function Reauthorise({ channel }: Props) {
  const { toggle } = useSections()
  const { consent, url, beginning, cancel, id } = useConsent()
  const { accountFields, marketplaceName } = channel
  const form = useForm({
    initialValues: { account: emptyAccount(accountFields) },
    validate: {
      account: Object.fromEntries(
        accountFields.map(({ key, optional }) => [
          key,
          (value: string) => (optional || value.trim() ? null : t('errors.required')),
        ]),
      ),
    },
  })
  const saved = useSaved()
  const onError = (error: Error) =>
    error instanceof ApiRefusal && form.setErrors(accountErrors(error.fields, accountFields))
  const saving = useMutation({
    mutationFn: async (account: Record<string, string>): Promise<unknown> =>
      consent?.state === 'choose'
        ? call('settleConsent', { params: { id: consent.id }, body: {} })
        : call('reauthoriseChannel', { params: { id: channel.id }, body: { account } }),
    onSuccess: saved,
    onError,
  })
  const stop = () => {
    form.reset()
    saving.reset()
    void cancel()
    toggle('access')
  }
  const connect = () => {
    saving.reset()
    const fields = channel.consent?.ownApp?.fields ?? []
    const account = Object.fromEntries(fields.map((key) => [key, form.values.account[key] ?? '']))
    beginning.mutate({ marketplace: channel.marketplace, channelId: channel.id, account }, { onError })
  }
  const isWaiting = id !== undefined && isUnderWay(consent)
  const isFound = consent?.state === 'choose'
  const mayType = accountFields.length > 0 && !isWaiting && !isFound
  const atFields = Object.keys(form.errors).length > 0
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
        {channel.warehouse !== null && <Text size="sm">{t('access.warehouse', { name: channel.warehouse })}</Text>}
        {saving.error && !atFields && (
          <Alert color="red" variant="light" role="alert" icon={<IconAlertTriangle />}>
            {errorText(saving.error)}
          </Alert>
        )}
        {mayType && <Fields channel={channel} form={form} />}
        {channel.consent && !isWaiting && !isFound && (
          <ConnectAgain
            channel={channel}
            hasFields={accountFields.length > 0}
            isPending={beginning.isPending}
            onConnect={connect}
          />
        )}
        {channel.consent && !isWaiting && (
          <ConsentTrouble consent={consent} error={atFields ? null : beginning.error} />
        )}
        {isWaiting && <ConsentWaiting marketplace={marketplaceName} consent={consent} url={url} />}
        {isFound && (
          <Alert color="green" variant="light" role="status" icon={<IconCircleCheck />}>
            {t('access.foundAgain', {
              marketplace: marketplaceName,
              site: consent.sites.map(({ name }) => name).join(', '),
            })}
          </Alert>
        )}
        {mayType && (
          <Text size="sm" c="dimmed" aria-live="polite">
            {saving.isPending ? t('add.trying', { marketplace: marketplaceName }) : t('add.tried')}
          </Text>
        )}
        <Group>
          {(mayType || isFound) && (
            <Button type="submit" loading={saving.isPending}>
              {t('access.save')}
            </Button>
          )}
          <Button variant="default" onClick={stop}>
            {t('common.cancel')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

type FieldsProps = Props & { form: { getInputProps: (path: string) => object } }

function Fields({ channel, form }: FieldsProps) {
  const placeholder = (field: { optional: boolean }) => t(field.optional ? 'access.keepEmpty' : 'access.leaveEmpty')
  return channel.accountFields.map((field) => (
    <AccountFields key={field.key} fields={[field]} form={form} placeholder={placeholder(field)} />
  ))
}

type ConnectProps = Props & { hasFields: boolean; isPending: boolean; onConnect: () => void }

function ConnectAgain({ channel, hasFields, isPending, onConnect }: ConnectProps) {
  const marketplace = channel.marketplaceName
  const isBlocked = channel.consent?.missing !== null && !channel.consent?.ownApp
  return (
    <Stack gap="xs" align="flex-start">
      <Text size="sm">{hasFields ? t('access.orConnect', { marketplace }) : t('consent.page', { marketplace })}</Text>
      {isBlocked && (
        <Text size="sm" c="dimmed">
          {channel.consent?.missing}
        </Text>
      )}
      <Button
        variant={hasFields ? 'default' : 'filled'}
        loading={isPending}
        disabled={isBlocked}
        rightSection={<IconExternalLink size={15} aria-hidden="true" />}
        onClick={onConnect}
      >
        {t('consent.connect')}
      </Button>
    </Stack>
  )
}

function useSaved() {
  const router = useRouter()
  const client = useQueryClient()
  return async () => {
    await client.invalidateQueries({
      predicate: ({ queryKey }) => ['channels', 'channel', 'home'].includes(String(queryKey[0])),
    })
    tell(t('access.saved'))
    await router.navigate({ to: '/settings/channels' })
  }
}
