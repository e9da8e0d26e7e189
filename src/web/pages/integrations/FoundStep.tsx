// What the account opens, shown before anything is linked: which shop, in which currency, from which warehouse. Several
// shops are connected one after the other.
import { Alert, Autocomplete, Button, Group, Radio, Select, Stack, Text, TextInput, Title } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import { ApiRefusal, call } from '../../api.ts'
import { t } from '../../i18n.ts'
import { IconAlertTriangle, IconCircleCheck } from '../../icons.ts'
import { tell } from '../../parts/ask.tsx'
import { errorText } from '../../parts/ErrorState.tsx'
import { MarketplaceMark } from '../../parts/MarketplaceMark.tsx'
import { CancelButton } from './CancelButton.tsx'
import type { Consent } from './use-consent.ts'

type FoundSite = Consent['sites'][number]
type Props = {
  consent: Consent
  name: string
  /** Offered where the account does not say which it can use. */
  currencies: string[]
  onCancel: () => Promise<void>
}

export function FoundStep({ consent, name, currencies, onCancel }: Props) {
  const router = useRouter()
  const client = useQueryClient()
  const [connected, setConnected] = useState<string[]>([])
  const [isDone, setDone] = useState(false)
  const open = consent.sites.filter(({ connectedAs }) => connectedAs === null)
  const finish = (last: string) => {
    void onCancel()
    void router.navigate({ to: '/settings/channels' })
    tell(t('integrations.added', { name: last }))
  }
  const onConnected = async (site: FoundSite, called: string) => {
    setConnected([...connected, called])
    await client.invalidateQueries({
      predicate: ({ queryKey }) => ['channels', 'home', 'consent'].includes(String(queryKey[0])),
    })
    if (open.every(({ id }) => id === site.id)) finish(called)
    else setDone(true)
  }
  const last = connected.at(-1)
  if (isDone && last !== undefined) {
    return (
      <Stack maw={560}>
        <Alert color="green" variant="light" role="status" icon={<IconCircleCheck />}>
          <Text size="sm" fw={600}>
            {t('consent.isConnected', { name: last })}
          </Text>
          <Text size="sm">
            {t('consent.more', { count: open.length, names: open.map((site) => site.name).join(', ') })}
          </Text>
        </Alert>
        <Group>
          <Button onClick={() => finish(last)}>{t('consent.done')}</Button>
          <Button variant="default" onClick={() => setDone(false)}>
            {t('consent.another')}
          </Button>
        </Group>
      </Stack>
    )
  }
  return (
    <ChooseSite
      key={connected.length}
      consent={consent}
      name={connected.length === 0 ? name : ''}
      currencies={currencies}
      onConnected={onConnected}
      onCancel={onCancel}
    />
  )
}

type ChooseProps = Props & { onConnected: (site: FoundSite, name: string) => Promise<void> }

function ChooseSite({ consent, name, currencies, onConnected, onCancel }: ChooseProps) {
  const { marketplaceName, sites } = consent
  const open = sites.filter(({ connectedAs }) => connectedAs === null)
  const preferred = open.find(({ id }) => id === consent.siteId && name !== '')
  const [site, setSite] = useState(preferred ?? (open.length === 1 ? open[0] : undefined))
  const form = useForm({
    initialValues: { ...valuesOf(site), name, siteId: site?.id ?? null },
    validate: {
      name: (text) => (text.trim() ? null : t('errors.required')),
      siteId: (id) => (id ? null : t('errors.required')),
      currency: (currency) => (currency ? null : t('errors.required')),
    },
  })
  const connecting = useMutation({
    mutationFn: ({ name: called, siteId, currency, warehouse }: typeof form.values) =>
      call('settleConsent', {
        params: { id: consent.id },
        body: {
          name: called.trim(),
          siteId: siteId ?? '',
          currency: currency ?? '',
          ...(site && site.warehouses.length > 0 ? { warehouse } : {}),
        },
      }),
    onSuccess: (_channel, { name: called }) => (site ? onConnected(site, called.trim()) : undefined),
    onError: (error) => error instanceof ApiRefusal && form.setErrors(error.fields),
  })
  const choose = (id: string) => {
    const chosen = sites.find((one) => one.id === id)
    setSite(chosen)
    form.setValues({ ...valuesOf(chosen), siteId: id })
  }
  const isListed = !preferred && sites.length > 1
  const asksName = name === '' || form.errors['name'] !== undefined
  const fieldShown = ['siteId', 'currency', 'warehouse', 'name'].some((field) => form.errors[field] !== undefined)
  return (
    <form onSubmit={form.onSubmit((values) => connecting.mutate(values))} noValidate>
      <Stack maw={560}>
        <Group gap="sm">
          <MarketplaceMark id={consent.marketplace} size={32} />
          <Title order={2}>{t('consent.foundTitle')}</Title>
        </Group>
        {connecting.error && !fieldShown && (
          <Alert color="red" variant="light" role="alert" icon={<IconAlertTriangle />}>
            {errorText(connecting.error)}
          </Alert>
        )}
        {isListed ? (
          <SiteList sites={sites} form={form} onChoose={choose} />
        ) : (
          site && (
            <Text>
              <strong>{site.name}</strong>
              <Text span size="sm" c="dimmed" display="block">
                {t('consent.found', { seller: site.sellerId, marketplace: marketplaceName })}
              </Text>
            </Text>
          )
        )}
        {asksName && (
          <TextInput label={t('add.nameLabel')} description={t('add.nameHelp')} {...form.getInputProps('name')} />
        )}
        <Select
          label={t('add.currency')}
          description={t('add.currencyHelp')}
          placeholder={t('add.currencyPlaceholder')}
          data={site && site.currencies.length > 0 ? site.currencies : currencies}
          allowDeselect={false}
          {...form.getInputProps('currency')}
        />
        {site && site.warehouses.length > 0 && (
          <Autocomplete
            label={t('consent.warehouse')}
            description={t('consent.warehouseHelp', { names: namesOf(site) })}
            data={[...new Set(site.warehouses.map((warehouse) => warehouse.name))]}
            {...form.getInputProps('warehouse')}
          />
        )}
        <Group>
          <Button type="submit" loading={connecting.isPending}>
            {t('add.connect')}
          </Button>
          <CancelButton onCancel={onCancel} />
        </Group>
      </Stack>
    </form>
  )
}

type SiteListProps = {
  sites: FoundSite[]
  form: { getInputProps: (path: string) => { error?: unknown; value?: unknown } }
  onChoose: (id: string) => void
}

function SiteList({ sites, form, onChoose }: SiteListProps) {
  const { value, error } = form.getInputProps('siteId')
  return (
    <Radio.Group
      label={t('consent.shop')}
      description={t('consent.shopHelp')}
      value={typeof value === 'string' ? value : ''}
      error={typeof error === 'string' ? error : undefined}
      onChange={onChoose}
    >
      <Stack gap="xs" mt="xs">
        {sites.map(({ id, name, sellerId, connectedAs }) => (
          <Radio
            key={id}
            value={id}
            label={name}
            disabled={connectedAs !== null}
            description={
              connectedAs === null
                ? t('consent.seller', { seller: sellerId })
                : t('consent.connectedAs', { name: connectedAs })
            }
          />
        ))}
      </Stack>
    </Radio.Group>
  )
}

function valuesOf(site: FoundSite | undefined) {
  const warehouses = site?.warehouses ?? []
  const warehouse = (warehouses.find(({ isDefault }) => isDefault) ?? warehouses[0])?.name ?? ''
  return { currency: (site?.currency ?? null) as string | null, warehouse }
}

function namesOf({ warehouses }: FoundSite): string {
  return warehouses.map(({ name }) => `“${name}”`).join(', ')
}
