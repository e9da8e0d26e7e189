// A part of a page that opens and closes; which are open is in the address.
import { UnstyledButton } from '@mantine/core'
import type { ReactNode } from 'react'
import { useEffect, useId, useRef } from 'react'
import { IconChevronRight } from '../icons.ts'
import { useFilters } from './filters.ts'
import classes from './Section.module.css'

type Props = { name: string; title: string; summary?: ReactNode; children: ReactNode }

export function Section({ name, title, summary, children }: Props) {
  const { isOpen, toggle } = useSections()
  const opened = isOpen(name)
  const id = useId()
  const place = useRef<HTMLElement>(null)
  useEffect(() => {
    // Opened from elsewhere, such as by a button that leads here, it may lie below the edge.
    if (opened) place.current?.scrollIntoView({ block: 'nearest' })
  }, [opened])
  return (
    <section ref={place} className={`panel ${classes.section}`} aria-label={title} data-section={name}>
      <h2 className={classes.heading}>
        <UnstyledButton className={classes.head} aria-expanded={opened} aria-controls={id} onClick={() => toggle(name)}>
          <IconChevronRight size={16} className={classes.chevron} aria-hidden="true" />
          <span className={classes.title}>{title}</span>
          {summary && <span className={classes.summary}>{summary}</span>}
        </UnstyledButton>
      </h2>
      <div id={id} hidden={!opened} className={classes.body}>
        {opened && children}
      </div>
    </section>
  )
}

export function useSections() {
  const [{ open }, setFilters] = useFilters('open')
  const names = open?.split(' ') ?? []
  return {
    isOpen: (name: string) => names.includes(name),
    toggle: (name: string) =>
      setFilters({ open: (names.includes(name) ? names.filter((each) => each !== name) : [...names, name]).join(' ') }),
    open: (name: string) => setFilters({ open: [...new Set([...names, name])].join(' ') }),
  }
}
