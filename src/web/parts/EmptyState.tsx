// Nothing here yet: says what belongs here and gives the next step as a button.
import { Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Icon } from '../icons.ts'
import { IconStack2 } from '../icons.ts'

type Props = {
  icon?: Icon
  title: string
  text?: string
  /** It is all there is on the page, so its title is the page's. */
  asPage?: boolean
  children?: ReactNode
}

export function EmptyState(props: Props) {
  const Icon = props.icon ?? IconStack2
  return (
    <Stack align="center" gap={6} py={48} px="md" ta="center">
      <Icon size={30} stroke={1.4} color="var(--mantine-color-dimmed)" aria-hidden="true" />
      <Text fw={600} mt={4} component={props.asPage ? 'h1' : 'p'}>
        {props.title}
      </Text>
      {props.text && (
        <Text size="sm" c="dimmed" maw={440}>
          {props.text}
        </Text>
      )}
      {props.children && <div style={{ marginTop: 10 }}>{props.children}</div>}
    </Stack>
  )
}
