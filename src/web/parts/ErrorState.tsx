// What happened, in the hub's words, with the button that solves it or tries again.
import { Alert, Button, Group, Text } from '@mantine/core'
import { ApiRefusal } from '../api.ts'
import { t } from '../i18n.ts'
import { IconAlertTriangle, IconRefresh } from '../icons.ts'
import { HrefButton } from './HrefButton.tsx'

export function ErrorState({
  error,
  title,
  onRetry,
}: {
  error: unknown
  title?: string
  onRetry?: (() => void) | undefined
}) {
  const action = error instanceof ApiRefusal ? error.action : undefined
  return (
    <Alert
      color="red"
      variant="light"
      icon={<IconAlertTriangle aria-hidden="true" />}
      title={title ?? t('errors.notLoaded')}
      m="md"
      role="alert"
    >
      <Text size="sm">{errorText(error)}</Text>
      {(onRetry || action) && (
        <Group gap="xs" mt="sm">
          {action && <HrefButton href={action.href}>{action.label}</HrefButton>}
          {onRetry && (
            <Button size="xs" variant="default" leftSection={<IconRefresh size={14} />} onClick={onRetry}>
              {t('common.retry')}
            </Button>
          )}
        </Group>
      )}
    </Alert>
  )
}

/** The sentence of an error: the hub's own where it refused, ours where the page itself failed. */
export function errorText(error: unknown): string {
  return error instanceof ApiRefusal ? error.message : t('errors.unexpected')
}
