// Add a sales channel: gallery → name → what the marketplace needs → back to the list (A2). Nothing is kept until the
// access has been tried, so that Cancel at any step leaves nothing behind.
import { Button, Group, Skeleton, Stack, Text, TextInput, Title } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { useState, type ReactNode } from 'react'
import type { Answer } from '../../api.ts'
import { ask, call } from '../../api.ts'
import { t } from '../../i18n.ts'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { ErrorState } from '../../parts/ErrorState.tsx'
import { AnchorLink } from '../../parts/LinkTo.tsx'
import { MarketplaceMark } from '../../parts/MarketplaceMark.tsx'
import { PageHeader } from '../../parts/PageHeader.tsx'
import { AccountStep } from './AccountStep.tsx'
import { CancelButton } from './CancelButton.tsx'
import { ConsentStep } from './ConsentStep.tsx'
import { ConsentTrouble } from './ConsentWatch.tsx'
import { FoundStep } from './FoundStep.tsx'
import { useConsent } from './use-consent.ts'
import classes from './integrations.module.css'

type Marketplace = Answer<'marketplaces'>[number]
const stepNames = ['gallery', 'name', 'account'] as const
const nameMax = 80

/** With `?consent=` it goes on with one that was begun at the marketplace's side. */
export function AddPage() {
  const { consent } = useSearch({ strict: false }) as { consent?: string }
  return consent === undefined ? <Wizard /> : <GoOn consentId={consent} />
}

function Wizard() {
  const [marketplace, setMarketplace] = useState<Marketplace>()
  const [name, setName] = useState<{ text: string; taken?: string }>()
  const [draft, setDraft] = useState('')
  const step = !marketplace ? 'gallery' : !name || name.taken ? 'name' : 'account'
  const Account = marketplace?.consent ? ConsentStep : AccountStep
  return (
    <Frame step={step}>
      {step === 'gallery' && <Gallery onChoose={setMarketplace} />}
      {marketplace && step === 'name' && (
        <NameStep
          marketplace={marketplace}
          initial={draft}
          wrong={name?.taken}
          onBack={() => setMarketplace(undefined)}
          onNext={(text) => {
            setDraft(text)
            setName({ text })
          }}
        />
      )}
      {marketplace && step === 'account' && (
        <Account
          marketplace={marketplace}
          name={name?.text ?? ''}
          onBack={() => setName(undefined)}
          onNameRefused={(taken) => setName({ text: draft, taken })}
        />
      )}
    </Frame>
  )
}

function GoOn({ consentId }: { consentId: string }) {
  const { consent, cancel } = useConsent(consentId)
  const { data: marketplaces, error } = useQuery(ask('marketplaces'))
  const currencies = marketplaces?.find(({ id }) => id === consent?.marketplace)?.currencies
  return (
    <Frame step="account">
      {error && <ErrorState error={error} />}
      {consent && currencies && (consent.state === 'choose' || consent.state === 'connected') && (
        <FoundStep consent={consent} name={consent.name ?? ''} currencies={currencies} onCancel={cancel} />
      )}
      {consent && consent.state !== 'choose' && consent.state !== 'connected' && (
        <Stack maw={560}>
          <ConsentTrouble consent={consent} error={null} />
          <CancelButton onCancel={cancel} />
        </Stack>
      )}
    </Frame>
  )
}

function Frame({ step, children }: { step: (typeof stepNames)[number]; children: ReactNode }) {
  return (
    <>
      <PageHeader
        title={t('add.title')}
        above={
          <AnchorLink to="/settings/channels" size="sm">
            {t('integrations.title')}
          </AnchorLink>
        }
        below={<StepTrail step={step} />}
      />
      <div className="page-body">{children}</div>
    </>
  )
}

function StepTrail({ step }: { step: (typeof stepNames)[number] }) {
  const at = stepNames.indexOf(step)
  return (
    <ol className={classes.trail}>
      {stepNames.map((name, index) => (
        <li
          key={name}
          aria-current={name === step ? 'step' : undefined}
          data-state={index < at ? 'done' : index === at ? 'now' : 'later'}
        >
          <span aria-hidden="true">{index + 1}</span>
          {t(`add.steps.${name}`)}
        </li>
      ))}
    </ol>
  )
}

function Gallery({ onChoose }: { onChoose: (marketplace: Marketplace) => void }) {
  const { data, error, refetch } = useQuery(ask('marketplaces'))
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />
  if (data?.length === 0) return <EmptyState title={t('add.noMarketplaces')} />
  return (
    <Stack>
      <Title order={2}>{t('add.choose')}</Title>
      <ul className={classes.gallery}>
        {data?.map((marketplace) => (
          <li key={marketplace.id} className={`panel ${classes.offer}`}>
            <MarketplaceMark id={marketplace.id} size={40} />
            <div className={classes.offerText}>
              <strong>{marketplace.name}</strong>
              <Text size="sm" c="dimmed">
                {marketplace.summary ?? hint(marketplace)}
              </Text>
            </div>
            <Button
              variant="default"
              aria-label={t('add.chooseOf', { marketplace: marketplace.name })}
              onClick={() => onChoose(marketplace)}
            >
              {t('common.add')}
            </Button>
          </li>
        )) ?? <Skeleton height={86} radius="lg" />}
      </ul>
      <Group>
        <CancelButton />
      </Group>
    </Stack>
  )
}

function NameStep(props: {
  marketplace: Marketplace
  initial: string
  wrong: string | undefined
  onBack: () => void
  onNext: (name: string) => void
}) {
  const form = useForm({
    initialValues: { name: props.initial },
    initialErrors: props.wrong ? { name: props.wrong } : {},
    validate: {
      name: (name) =>
        !name.trim()
          ? t('errors.required')
          : name.trim().length > nameMax
            ? t('errors.tooLong', { max: nameMax })
            : null,
    },
  })
  const checking = useMutation({
    mutationFn: (name: string) => call('checkChannelName', { query: { name } }),
    onSuccess: ({ free, reason }, name) =>
      free ? props.onNext(name) : form.setFieldError('name', reason ?? t('add.nameTaken')),
  })
  return (
    <form onSubmit={form.onSubmit(({ name }) => checking.mutate(name.trim()))} noValidate>
      <Stack maw={460}>
        <Group gap="sm">
          <MarketplaceMark id={props.marketplace.id} size={32} />
          <Title order={2}>{t('add.nameTitle')}</Title>
        </Group>
        <TextInput
          label={t('add.nameLabel')}
          description={t('add.nameHelp')}
          placeholder={t('add.namePlaceholder', { marketplace: props.marketplace.name })}
          autoFocus
          {...form.getInputProps('name')}
        />
        {checking.error && <ErrorState error={checking.error} />}
        <Group>
          <Button type="submit" loading={checking.isPending}>
            {t('common.next')}
          </Button>
          <Button variant="default" onClick={props.onBack}>
            {t('common.back')}
          </Button>
          <CancelButton />
        </Group>
      </Stack>
    </form>
  )
}

function hint({ name, consent }: Marketplace): string {
  return consent ? t('add.consentHint', { marketplace: name }) : t('add.typedHint')
}
