// Where a marketplace opens us when the seller begins there. Whoever lands here is asked before anything is begun.
import { Alert, Button, Stack, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useParams, useSearch } from '@tanstack/react-router'
import { call } from '../../api.ts'
import { useMe } from '../../auth.ts'
import { goAway } from '../../browser.ts'
import { t } from '../../i18n.ts'
import { IconAlertTriangle } from '../../icons.ts'
import { errorText } from '../../parts/ErrorState.tsx'
import { Outside } from '../sign-in/Outside.tsx'
import { useMarketplaceName } from './use-marketplace-name.ts'

export function StartPage() {
  const { marketplace } = useParams({ strict: false }) as { marketplace: string }
  const query = useSearch({ strict: false }) as Record<string, string>
  const name = useMarketplaceName(marketplace)
  const { user, business } = useMe()
  const going = useMutation({
    mutationFn: () => call('beginConsentThere', { body: { marketplace, query } }),
    onSuccess: ({ url }) => goAway(url),
  })
  return (
    <Outside title={t('landing.title', { marketplace: name })}>
      <Stack gap="sm">
        {going.error && (
          <Alert color="red" variant="light" role="alert" icon={<IconAlertTriangle />} title={t('landing.refused')}>
            {errorText(going.error)}
          </Alert>
        )}
        <Text fw={600}>{t('landing.ask', { marketplace: name })}</Text>
        <Text size="sm">{t('landing.askThere', { user: user.name, business: business.name, marketplace: name })}</Text>
        <Text size="sm" c="dimmed">
          {t('landing.notMe')}
        </Text>
        <Button onClick={() => going.mutate()} loading={going.isPending || going.isSuccess}>
          {t('landing.goOn')}
        </Button>
      </Stack>
    </Outside>
  )
}
