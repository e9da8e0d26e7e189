// Links to addresses the hub named: a page of ours without reloading, anything else as a plain link.
import type { ButtonProps } from '@mantine/core'
import { Button } from '@mantine/core'
import { useRouter } from '@tanstack/react-router'
import type { MouseEvent, ReactNode } from 'react'

type Props = { href: string; children: ReactNode }

export function HrefButton({ href, children, ...button }: ButtonProps & Props) {
  return (
    <Button component="a" size="xs" variant="default" {...useHref(href)} {...button}>
      {children}
    </Button>
  )
}

export function HrefLink({ href, className, children }: Props & { className?: string | undefined }) {
  return (
    <a className={className} {...useHref(href)}>
      {children}
    </a>
  )
}

function useHref(href: string) {
  const router = useRouter()
  const isOurs = href.startsWith('/') && !href.startsWith('/api/')
  const onClick = (event: MouseEvent) => {
    if (!isOurs || event.metaKey || event.ctrlKey || event.shiftKey) return
    event.preventDefault()
    router.history.push(href)
  }
  return { href, onClick }
}
