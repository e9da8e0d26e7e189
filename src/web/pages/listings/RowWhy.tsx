// What a row of the grid says when it is asked: why it is an error, how its price is made, what it waits for. One for all
// rows; it goes when the rows move on.
import { Popover, Text } from '@mantine/core'
import { useCallback, useEffect, useState, type MouseEvent, type ReactNode } from 'react'
import classes from './listings.module.css'

/** Beside the button that was pressed, under the name of what is answered. */
export type AskRow = (event: MouseEvent, label: string, answer: (close: () => void) => ReactNode) => void

type Asked = { place: DOMRect; label: string; answer: (close: () => void) => ReactNode }

export function useRowWhy(): { askRow: AskRow; rowWhy: ReactNode } {
  const [asked, setAsked] = useState<Asked>()
  const [opened, setOpened] = useState(false)
  const close = useCallback(() => setOpened(false), [])
  const askRow: AskRow = useCallback((event, label, answer) => {
    setAsked({ place: event.currentTarget.getBoundingClientRect(), label, answer })
    setOpened(true)
  }, [])
  useEffect(() => (opened ? whenRowsMove(close) : undefined), [opened, close])
  return { askRow, rowWhy: <RowWhy asked={asked} opened={opened} onClose={close} /> }
}

function RowWhy({ asked, opened, onClose }: { asked: Asked | undefined; opened: boolean; onClose: () => void }) {
  const { left, top, width, height } = asked?.place ?? { left: 0, top: 0, width: 0, height: 0 }
  return (
    <Popover
      opened={opened}
      onChange={(next) => !next && onClose()}
      width="min(560px, calc(100vw - 24px))"
      position="bottom-end"
      // Never beyond the edge of the window: what has no room scrolls.
      middlewares={{ flip: true, shift: true, size: true }}
      shadow="md"
      withRoles={false}
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <span className={classes.askedPlace} style={{ left, top, width, height }} />
      </Popover.Target>
      <Popover.Dropdown role="dialog" aria-label={asked?.label} tabIndex={0} className={classes.answer}>
        {opened && asked?.answer(onClose)}
      </Popover.Dropdown>
    </Popover>
  )
}

/** The place it hangs at is the button's, as it was. */
function whenRowsMove(close: () => void): () => void {
  const onScroll = ({ target }: Event) => {
    if (target instanceof Element && target.role === 'treegrid') close()
  }
  window.addEventListener('scroll', onScroll, { capture: true, passive: true })
  window.addEventListener('resize', close)
  return () => {
    window.removeEventListener('scroll', onScroll, { capture: true })
    window.removeEventListener('resize', close)
  }
}

export function Words({ children }: { children: ReactNode }) {
  return <Text size="sm">{children}</Text>
}
