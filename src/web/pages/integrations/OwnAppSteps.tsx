// How the seller makes his own application at the marketplace, with the address it must send him back to.
import { Button, CopyButton, Group, List, Stack, TextInput } from '@mantine/core'
import { t } from '../../i18n.ts'
import { IconCheck, IconCopy } from '../../icons.ts'

export function OwnAppSteps({ steps, address }: { steps: string[]; address: string }) {
  return (
    <Stack gap="sm">
      <List type="ordered" size="sm" spacing={4}>
        {steps.map((step) => (
          <List.Item key={step}>{step}</List.Item>
        ))}
      </List>
      <Group align="flex-end" gap="xs" wrap="nowrap">
        <TextInput
          label={t('consent.redirect')}
          value={address}
          readOnly
          style={{ flex: 1 }}
          onFocus={(event) => event.currentTarget.select()}
        />
        <CopyButton value={address}>
          {({ copied, copy }) => (
            <Button
              variant="default"
              aria-label={t('consent.copy')}
              leftSection={copied ? <IconCheck size={15} /> : <IconCopy size={15} />}
              onClick={copy}
            >
              {copied ? t('consent.copied') : t('common.copy')}
            </Button>
          )}
        </CopyButton>
      </Group>
    </Stack>
  )
}
