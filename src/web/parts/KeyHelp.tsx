// The list of keys, by `?`.
import { Group, Kbd, Modal, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { t } from '../i18n.ts'

export function KeyHelp({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const mod = /Mac|iPhone|iPad/.test(window.navigator.userAgent) ? '⌘' : 'Ctrl'
  const everywhere = [
    [`${mod}+K`, t('keys.search')],
    ['/', t('keys.find')],
    ['g h', t('keys.goHome')],
    ['g o', t('keys.goOrders')],
    ['g p', t('keys.goProducts')],
    ['g l', t('keys.goListings')],
    ['g s', t('keys.goSuppliers')],
    ['g c', t('keys.goChannels')],
    ['?', t('keys.help')],
  ] as const
  const tables = [
    ['↑ ↓', t('keys.move')],
    ['Home End', t('keys.ends')],
    ['Enter', t('keys.enter')],
    ['Space', t('keys.space')],
    ['Shift+↑ ↓', t('keys.range')],
    ['→ ←', t('keys.unfold')],
    ['Esc', t('keys.escape')],
  ] as const
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t('keys.title')}
      size="lg"
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xl">
        <KeyList title={t('keys.everywhere')} keys={everywhere} />
        <KeyList title={t('keys.tables')} keys={tables} />
      </SimpleGrid>
    </Modal>
  )
}

function KeyList({ title, keys }: { title: string; keys: readonly (readonly [string, string])[] }) {
  return (
    <Stack gap={8}>
      <Title order={2} size="h3">
        {title}
      </Title>
      {keys.map(([key, text]) => (
        <Group key={key} justify="space-between" wrap="nowrap" gap="sm">
          <Text size="sm">{text}</Text>
          <Group gap={4} wrap="nowrap">
            {key.split(' ').map((part) => (
              <Kbd key={part} size="xs">
                {part}
              </Kbd>
            ))}
          </Group>
        </Group>
      ))}
    </Stack>
  )
}
