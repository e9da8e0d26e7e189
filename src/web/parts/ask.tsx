// Asking before something that cannot be taken back, and telling what was done, with undo where there is one.
import { Button, Group, Text } from '@mantine/core'
import { modals } from '@mantine/modals'
import { notifications } from '@mantine/notifications'
import type { ReactNode } from 'react'
import { t } from '../i18n.ts'
import { IconAlertTriangle, IconCheck } from '../icons.ts'
import { errorText } from './ErrorState.tsx'

export function confirmDialog(ask: {
  title: string
  text: ReactNode
  confirm?: string
  cancel?: string
  danger?: boolean
}): Promise<boolean> {
  return new Promise((resolve) => {
    modals.openConfirmModal({
      title: ask.title,
      children: typeof ask.text === 'string' ? <Text size="sm">{ask.text}</Text> : ask.text,
      labels: { confirm: ask.confirm ?? t('common.ok'), cancel: ask.cancel ?? t('common.cancel') },
      closeButtonProps: { 'aria-label': t('common.close') },
      ...(ask.danger ? { confirmProps: { color: 'red.9' } } : {}),
      onConfirm: () => resolve(true),
      onCancel: () => resolve(false),
      onClose: () => resolve(false),
    })
  })
}

export function tell(message: string, undo?: () => void) {
  const id = notifications.show({
    message: undo ? (
      <Group justify="space-between" wrap="nowrap">
        <span>{message}</span>
        <Button
          size="compact-sm"
          variant="subtle"
          onClick={() => {
            notifications.hide(id)
            undo()
          }}
        >
          {t('common.undo')}
        </Button>
      </Group>
    ) : (
      message
    ),
    icon: <IconCheck size={16} aria-hidden="true" />,
    autoClose: undo ? 9000 : 5000,
    withBorder: true,
    closeButtonProps: { 'aria-label': t('common.close') },
  })
}

export function tellRefusal(error: unknown) {
  notifications.show({
    message: errorText(error),
    color: 'red',
    icon: <IconAlertTriangle size={16} aria-hidden="true" />,
    autoClose: 12_000,
    withBorder: true,
    role: 'alert',
    closeButtonProps: { 'aria-label': t('common.close') },
  })
}
