// A page that failed, and an address with no page. Both say what happened and offer a way on.
import { Button, Center, Stack } from '@mantine/core'
import type { ErrorComponentProps } from '@tanstack/react-router'
import { t } from '../i18n.ts'
import { IconZoomQuestion } from '../icons.ts'
import { EmptyState } from '../parts/EmptyState.tsx'
import { ErrorState } from '../parts/ErrorState.tsx'
import { ButtonLink } from '../parts/LinkTo.tsx'

export function BrokenPage({ error }: ErrorComponentProps) {
  return (
    <Center mih="60vh">
      <Stack maw={560}>
        <ErrorState error={error} />
        <Button variant="default" mx="auto" onClick={() => window.location.reload()}>
          {t('errors.reload')}
        </Button>
      </Stack>
    </Center>
  )
}

export function MissingPage() {
  return (
    <Center mih="60vh" component="main">
      <EmptyState icon={IconZoomQuestion} title={t('nav.notFound')} text={t('nav.notFoundNext')} asPage>
        <ButtonLink to="/" variant="default">
          {t('nav.goHome')}
        </ButtonLink>
      </EmptyState>
    </Center>
  )
}
