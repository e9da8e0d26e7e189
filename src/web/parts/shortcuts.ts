// Keys that work on every page: Ctrl+K and ? are wired in the shell, `/` and "g then h" here.
import { useRouter } from '@tanstack/react-router'
import { useEffect } from 'react'
import { nowMs } from '../browser.ts'

const goTo: Record<string, string> = {
  h: '/',
  o: '/orders',
  p: '/products',
  l: '/listings',
  s: '/suppliers',
  c: '/settings/channels',
}
const pairWithinMs = 1200

export function useShortcuts(showHelp: () => void) {
  const router = useRouter()
  useEffect(() => {
    let wentAt = 0
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
      if (event.key === '/') {
        const search = document.querySelector<HTMLInputElement>('input[data-slash]')
        if (!search) return
        event.preventDefault()
        search.focus()
        search.select()
      } else if (event.key === '?') showHelp()
      else if (event.key === 'g') wentAt = nowMs()
      else {
        const target = goTo[event.key]
        if (target && nowMs() - wentAt < pairWithinMs) router.history.push(target)
        wentAt = 0
      }
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [router, showHelp])
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'))
}
