// A link or key that is shown this once, to be copied.
import { Button, CopyButton, Group, Stack, Text, TextInput } from '@mantine/core'
import { t } from '../../i18n.ts'
import { IconCheck, IconCopy } from '../../icons.ts'

type Props = { text: string; label: string; copy: string; secret: string; onDone: () => void }

export function OnceShown({ text, label, copy, secret, onDone }: Props) {
  return (
    <Stack>
      <Text size="sm">{text}</Text>
      <TextInput
        label={label}
        value={secret}
        readOnly
        className="code"
        data-autofocus
        onFocus={(event) => event.currentTarget.select()}
      />
      <Group justify="flex-end">
        <CopyButton value={secret}>
          {({ copied, copy: run }) => (
            <Button
              variant="default"
              leftSection={
                copied ? <IconCheck size={15} aria-hidden="true" /> : <IconCopy size={15} aria-hidden="true" />
              }
              onClick={run}
            >
              {copied ? t('people.copied') : copy}
            </Button>
          )}
        </CopyButton>
        <Button onClick={onDone}>{t('people.done')}</Button>
      </Group>
    </Stack>
  )
}
