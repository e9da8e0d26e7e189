// A button to an address the hub named: a page of ours where it can be, else a plain link.
import type { ButtonProps } from '@mantine/core'
import { Button } from '@mantine/core'
import { useRouter } from '@tanstack/react-router'
import type { MouseEvent, ReactNode } from 'react'

export function HrefButton({ href, children, ...button }: ButtonProps & { href: string; children: ReactNode }) {
  const router = useRouter()
  const inside = href.startsWith('/') && !href.startsWith('/api/')
  const follow = (event: MouseEvent) => {
    if (!inside || event.metaKey || event.ctrlKey || event.shiftKey) return
    event.preventDefault()
    router.history.push(href)
  }
  return (
    <Button component="a" href={href} size="xs" variant="default" onClick={follow} {...button}>
      {children}
    </Button>
  )
}
