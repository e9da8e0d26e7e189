// A button that, where it cannot be pressed, stays reachable and says why.
import type { ButtonProps } from '@mantine/core'
import { Button, Tooltip } from '@mantine/core'
import type { ReactNode } from 'react'

type Props = ButtonProps & { why: string | undefined; onClick: () => void; children: ReactNode }

export function WhyButton({ why, onClick, ...button }: Props) {
  const blocked = why !== undefined
  return (
    <Tooltip label={why} disabled={!blocked}>
      <Button
        {...button}
        {...(blocked ? { 'data-disabled': true } : {})}
        aria-disabled={blocked}
        onClick={(event) => (blocked ? event.preventDefault() : onClick())}
      />
    </Tooltip>
  )
}
