// Where a marketplace sends the browser back to. What it brought counts once; without a sign that this person asked for
// it, he is asked first.
import { Alert, Button, Loader, Stack, Text } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useParams, useSearch } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import type { Answer } from '../../api.ts'
import { call } from '../../api.ts'
import { useMe } from '../../auth.ts'
import { forgetQuery } from '../../browser.ts'
import { t } from '../../i18n.ts'
import { IconAlertTriangle, IconCircleCheck } from '../../icons.ts'
import { errorText } from '../../parts/ErrorState.tsx'
import { AnchorLink, ButtonLink } from '../../parts/LinkTo.tsx'
import { Outside } from '../sign-in/Outside.tsx'
import { useMarketplaceName } from './use-marketplace-name.ts'

type Landing = Answer<'landConsent'>

export function LandingPage() {
  const { marketplace } = useParams({ strict: false }) as { marketplace: string }
  const search = useSearch({ strict: false })
  // As it came: it is taken out of the address as soon as it was used.
  const [query] = useState(search as Record<string, string>)
  const name = useMarketplaceName(marketplace)
  const isEmpty = Object.keys(query).length === 0
  const landed = useQuery({
    queryKey: ['landing', marketplace, query],
    queryFn: () => call('landConsent', { body: { marketplace, query } }),
    enabled: !isEmpty,
    retry: false,
    staleTime: Infinity,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  })
  const going = useMutation({
    mutationFn: () => call('landConsent', { body: { marketplace, query, confirmed: true } }),
  })
  const answer = going.data ?? landed.data
  const kind = answer?.kind
  useEffect(() => {
    if (kind !== undefined && kind !== 'ask') forgetQuery()
  }, [kind])
  return (
    <Outside title={t('landing.title', { marketplace: name })}>
      {isEmpty && <Text size="sm">{t('landing.nothing')}</Text>}
      {!isEmpty && !answer && !landed.error && <Working marketplace={name} />}
      {(landed.error ?? going.error) && <Trouble text={errorText(landed.error ?? going.error)} />}
      {answer?.kind === 'ask' && (
        <Asking marketplace={name} answer={answer} isGoing={going.isPending} onGo={() => going.mutate()} />
      )}
      {answer?.kind === 'refused' && <Trouble text={answer.message ?? ''} />}
      {answer?.kind === 'found' && <Found answer={answer} />}
    </Outside>
  )
}

function Working({ marketplace }: { marketplace: string }) {
  return (
    <Text size="sm" role="status">
      <Loader size={14} mr="xs" aria-hidden="true" />
      {t('landing.working', { marketplace })}
    </Text>
  )
}

type AskingProps = { marketplace: string; answer: Landing; isGoing: boolean; onGo: () => void }

function Asking({ marketplace, answer, isGoing, onGo }: AskingProps) {
  const { user, business } = useMe()
  const who = { user: user.name, business: business.name }
  const text = answer.reauthorises
    ? t('landing.askAgain', who)
    : answer.name === null
      ? t('landing.askNew', who)
      : t('landing.askNamed', { ...who, name: answer.name })
  return (
    <Stack gap="sm">
      <Text fw={600}>{t('landing.ask', { marketplace })}</Text>
      <Text size="sm">{text}</Text>
      <Text size="sm" c="dimmed">
        {t('landing.notMe')}
      </Text>
      <Button onClick={onGo} loading={isGoing}>
        {t('landing.goOn')}
      </Button>
    </Stack>
  )
}

/** The first tab goes on by itself; where there is none, this one does. */
function Found({ answer }: { answer: Landing }) {
  const isNew = answer.name === null && !answer.reauthorises
  return (
    <Stack gap="sm">
      <Alert color="green" variant="light" role="status" icon={<IconCircleCheck />}>
        <Text size="sm" fw={600}>
          {t('landing.found')}
        </Text>
        <Text size="sm">{t(isNew ? 'landing.foundNew' : 'landing.foundText')}</Text>
      </Alert>
      {isNew && answer.consentId !== null && (
        <ButtonLink to="/settings/channels/add" search={{ consent: answer.consentId } as never}>
          {t('landing.goOn')}
        </ButtonLink>
      )}
    </Stack>
  )
}

function Trouble({ text }: { text: string }) {
  return (
    <Stack gap="sm">
      <Alert color="red" variant="light" role="alert" icon={<IconAlertTriangle />} title={t('landing.refused')}>
        {text}
      </Alert>
      <AnchorLink to="/settings/channels" size="sm">
        {t('landing.toList')}
      </AnchorLink>
    </Stack>
  )
}
