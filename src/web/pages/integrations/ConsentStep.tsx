// The account of a marketplace with a consent page (A3–A5): the site where it has sites, then the way to sign in, then the
// marketplace's own page in a new tab. The wizard notices by itself how that ended.
import { Alert, Button, Group, Radio, Select, Stack, Text, Title } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import type { Answer } from '../../api.ts'
import { ApiRefusal } from '../../api.ts'
import { t } from '../../i18n.ts'
import { IconAlertTriangle, IconExternalLink } from '../../icons.ts'
import { MarketplaceMark } from '../../parts/MarketplaceMark.tsx'
import { AccountFields, accountErrors, emptyAccount } from './AccountFields.tsx'
import { CancelButton } from './CancelButton.tsx'
import { ConsentTrouble, ConsentWaiting } from './ConsentWatch.tsx'
import { FoundStep } from './FoundStep.tsx'
import { OwnAppSteps } from './OwnAppSteps.tsx'
import { isUnderWay, useConsent } from './use-consent.ts'

type Marketplace = Answer<'marketplaces'>[number]
type Props = { marketplace: Marketplace; name: string; onBack: () => void; onNameRefused: (reason: string) => void }

export function ConsentStep(props: Props) {
  const { sites } = props.marketplace
  const [siteId, setSiteId] = useState<string>()
  const isChosen = sites.length === 0 || siteId !== undefined
  return isChosen ? (
    <SignIn {...props} siteId={siteId} onBack={sites.length === 0 ? props.onBack : () => setSiteId(undefined)} />
  ) : (
    <SiteStep {...props} onNext={setSiteId} />
  )
}

function Heading({ marketplace }: { marketplace: Marketplace }) {
  return (
    <Group gap="sm">
      <MarketplaceMark id={marketplace.id} size={32} />
      <Title order={2}>{t('add.accountTitle', { marketplace: marketplace.name })}</Title>
    </Group>
  )
}

function SiteStep({ marketplace, onNext, onBack }: Props & { onNext: (siteId: string) => void }) {
  const form = useForm({
    initialValues: { siteId: null as string | null },
    validate: { siteId: (siteId) => (siteId ? null : t('errors.required')) },
  })
  return (
    <form onSubmit={form.onSubmit(({ siteId }) => onNext(siteId ?? ''))} noValidate>
      <Stack maw={520}>
        <Heading marketplace={marketplace} />
        <Select
          label={t('consent.site')}
          description={t('consent.siteHelp', { marketplace: marketplace.name })}
          placeholder={t('consent.sitePlaceholder')}
          data={marketplace.sites.map(({ id, name, currency }) => ({ value: id, label: `${name} (${currency})` }))}
          searchable
          allowDeselect={false}
          {...form.getInputProps('siteId')}
        />
        <Group>
          <Button type="submit">{t('common.next')}</Button>
          <Button variant="default" onClick={onBack}>
            {t('common.back')}
          </Button>
          <CancelButton />
        </Group>
      </Stack>
    </form>
  )
}

type Way = 'page' | 'own' | 'typed'

function SignIn({ marketplace, name, siteId, onBack, onNameRefused }: Props & { siteId: string | undefined }) {
  const { consent: page, accountFields } = marketplace
  const ways = waysOf(marketplace)
  const [way, setWay] = useState<Way>(page?.missing && page.ownApp ? 'own' : 'page')
  const { consent, url, beginning, cancel, id } = useConsent()
  const fields = accountFields.filter(({ key }) => way === 'typed' || page?.ownApp?.fields.includes(key))
  const form = useForm({ initialValues: { account: emptyAccount(accountFields) } })
  const begin = ({ account }: typeof form.values) => {
    const given = Object.fromEntries(fields.map(({ key }) => [key, account[key] ?? '']))
    beginning.mutate(
      {
        marketplace: marketplace.id,
        name,
        way: way === 'typed' ? 'typed' : 'page',
        account: way === 'page' ? {} : given,
        ...(siteId === undefined ? {} : { siteId }),
      },
      {
        onError: (error) => {
          if (!(error instanceof ApiRefusal)) return
          if (error.fields['name']) onNameRefused(error.fields['name'])
          else form.setErrors(accountErrors(error.fields, accountFields))
        },
      },
    )
  }
  if (consent?.state === 'choose' || consent?.state === 'connected') {
    return <FoundStep consent={consent} name={name} currencies={marketplace.currencies} onCancel={cancel} />
  }
  const isWaiting = id !== undefined && isUnderWay(consent)
  const isBlocked = way === 'page' && page?.missing !== null
  const atFields = Object.keys(form.errors).length > 0
  return (
    <form onSubmit={form.onSubmit(begin)} noValidate>
      <Stack maw={560}>
        <Heading marketplace={marketplace} />
        {ways.length > 1 && !isWaiting && (
          <Radio.Group label={t('consent.wayTitle')} value={way} onChange={(next) => setWay(next as Way)}>
            <Stack gap="xs" mt="xs">
              {ways.map((one) => (
                <Radio
                  key={one}
                  value={one}
                  label={t(`consent.ways.${one}`)}
                  description={t(`consent.wayHelp.${one}`, { marketplace: marketplace.name })}
                />
              ))}
            </Stack>
          </Radio.Group>
        )}
        {isWaiting ? (
          <ConsentWaiting marketplace={marketplace.name} consent={consent} url={url} />
        ) : (
          <>
            <ConsentTrouble consent={consent} error={atFields ? null : beginning.error} />
            {isBlocked && (
              <Alert color="yellow" variant="light" icon={<IconAlertTriangle />}>
                <Text size="sm" fw={600}>
                  {t('consent.notYet')}
                </Text>
                <Text size="sm">{page?.missing}</Text>
              </Alert>
            )}
            {way === 'own' && page?.ownApp && <OwnAppSteps steps={page.ownApp.steps} address={page.redirectUri} />}
            {way !== 'page' && <AccountFields fields={fields} form={form} />}
            <Text size="sm" c="dimmed">
              {way === 'typed' ? t('add.tried') : t('consent.page', { marketplace: marketplace.name })}
            </Text>
          </>
        )}
        <Group>
          {!isWaiting && (
            <Button
              type="submit"
              loading={beginning.isPending}
              disabled={isBlocked}
              rightSection={way === 'typed' ? undefined : <IconExternalLink size={15} aria-hidden="true" />}
            >
              {t(way === 'typed' ? 'consent.tryTyped' : 'consent.connect')}
            </Button>
          )}
          {!isWaiting && (
            <Button variant="default" onClick={onBack}>
              {t('common.back')}
            </Button>
          )}
          <CancelButton onCancel={cancel} />
        </Group>
      </Stack>
    </form>
  )
}

function waysOf({ consent, accountFields }: Marketplace): Way[] {
  return [
    'page',
    ...(consent?.ownApp ? (['own'] as const) : []),
    ...(accountFields.length > 0 ? (['typed'] as const) : []),
  ]
}
