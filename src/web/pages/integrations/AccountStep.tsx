// The last step: currency and the marketplace's own credential fields. The access is tried before anything is saved.
import { Alert, Anchor, Button, Group, Select, Stack, Text, Title } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import type { Answer } from '../../api.ts'
import { ApiRefusal, call } from '../../api.ts'
import { t } from '../../i18n.ts'
import { IconAlertTriangle, IconExternalLink } from '../../icons.ts'
import { tell } from '../../parts/ask.tsx'
import { errorText } from '../../parts/ErrorState.tsx'
import { MarketplaceMark } from '../../parts/MarketplaceMark.tsx'
import { useMe } from '../../auth.ts'
import { AccountFields, accountErrors, emptyAccount } from './AccountFields.tsx'
import { CancelButton } from './CancelButton.tsx'

type Marketplace = Answer<'marketplaces'>[number]
type Props = { marketplace: Marketplace; name: string; onBack: () => void; onNameRefused: (reason: string) => void }

export function AccountStep({ marketplace, name, onBack, onNameRefused }: Props) {
  const router = useRouter()
  const client = useQueryClient()
  const { business } = useMe()
  const form = useForm({
    initialValues: {
      currency: marketplace.currencies.includes(business.currency) ? business.currency : null,
      account: emptyAccount(marketplace.accountFields),
    },
    validate: {
      currency: (currency) => (currency ? null : t('errors.required')),
      account: Object.fromEntries(
        marketplace.accountFields.map(({ key, optional }) => [
          key,
          (value: string) => (optional || value.trim() ? null : t('errors.required')),
        ]),
      ),
    },
  })
  const adding = useMutation({
    mutationFn: ({ currency, account }: typeof form.values) =>
      call('addChannel', { body: { marketplace: marketplace.id, name, currency: currency ?? '', account } }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['channels'] })
      void client.invalidateQueries({ queryKey: ['home'] })
      await router.navigate({ to: '/settings/channels' })
      tell(t('integrations.added', { name }))
    },
    onError: (error) => {
      if (!(error instanceof ApiRefusal)) return
      const { name: nameWrong, ...others } = error.fields
      if (nameWrong) onNameRefused(nameWrong)
      else form.setErrors(accountErrors(others, marketplace.accountFields))
    },
  })
  const atFields = Object.keys(form.errors).length > 0
  return (
    <form onSubmit={form.onSubmit((values) => adding.mutate(values))} noValidate>
      <Stack maw={520}>
        <Group gap="sm">
          <MarketplaceMark id={marketplace.id} size={32} />
          <Title order={2}>{t('add.accountTitle', { marketplace: marketplace.name })}</Title>
        </Group>
        {adding.error && !atFields && (
          <Alert color="red" variant="light" role="alert" icon={<IconAlertTriangle />}>
            {errorText(adding.error)}
          </Alert>
        )}
        <Select
          label={t('add.currency')}
          description={t('add.currencyHelp')}
          placeholder={t('add.currencyPlaceholder')}
          data={marketplace.currencies}
          allowDeselect={false}
          searchable
          {...form.getInputProps('currency')}
        />
        <AccountFields fields={marketplace.accountFields} form={form} autoFocus />
        <Text size="sm" c="dimmed" aria-live="polite">
          {adding.isPending ? t('add.trying', { marketplace: marketplace.name }) : t('add.tried')}{' '}
          <Anchor
            href={marketplace.documentation}
            target="_blank"
            rel="noreferrer"
            size="sm"
            inherit
            underline="always"
          >
            {t('add.documentation', { marketplace: marketplace.name })}{' '}
            <IconExternalLink size={13} aria-hidden="true" />
          </Anchor>
        </Text>
        <Group>
          <Button type="submit" loading={adding.isPending}>
            {t('add.connect')}
          </Button>
          <Button variant="default" onClick={onBack} disabled={adding.isPending}>
            {t('common.back')}
          </Button>
          <CancelButton />
        </Group>
      </Stack>
    </form>
  )
}
