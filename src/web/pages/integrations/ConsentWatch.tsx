// What a person sees while the marketplace's page is open in another tab, and how it ended there.
import { Alert, Button, Group, Loader, Text } from '@mantine/core'
import { t } from '../../i18n.ts'
import { IconAlertTriangle, IconExternalLink } from '../../icons.ts'
import { errorText } from '../../parts/ErrorState.tsx'
import type { Consent } from './use-consent.ts'

type Props = { marketplace: string; consent: Consent | undefined; url: string | null }

export function ConsentWaiting({ marketplace, consent, url }: Props) {
  const isExchanging = consent?.state === 'exchanging'
  return (
    <Alert color="blue" variant="light" role="status" icon={<Loader size={16} aria-hidden="true" />}>
      <Text size="sm" fw={600}>
        {t(isExchanging ? 'consent.exchanging' : 'consent.waiting', { marketplace })}
      </Text>
      {!isExchanging && <Text size="sm">{t('consent.waitingNext')}</Text>}
      {!isExchanging && url !== null && (
        <Group mt="xs">
          <Button
            component="a"
            href={url}
            target="_blank"
            rel="noopener noreferrer"
            size="xs"
            variant="default"
            rightSection={<IconExternalLink size={14} aria-hidden="true" />}
          >
            {t('consent.openAgain')}
          </Button>
        </Group>
      )}
    </Alert>
  )
}

/** Nothing where nothing went wrong. */
export function ConsentTrouble({ consent, error }: { consent: Consent | undefined; error: unknown }) {
  const text =
    consent?.state === 'refused'
      ? consent.reason
      : consent?.state === 'expired'
        ? t('consent.expired')
        : error
          ? errorText(error)
          : null
  if (text === null) return null
  return (
    <Alert color="red" variant="light" role="alert" icon={<IconAlertTriangle />} title={t('consent.refused')}>
      {text}
    </Alert>
  )
}
