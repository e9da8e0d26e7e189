// A titled part of the order page.
import { Title } from '@mantine/core'
import type { ReactNode } from 'react'
import classes from './order.module.css'

type Props = { title: string; note?: ReactNode; children: ReactNode; className?: string | undefined; id?: string }

export function Panel({ title, note, children, className, id }: Props) {
  return (
    <section id={id} className={`panel ${classes.panel} ${className ?? ''}`} aria-label={title}>
      <div className={classes.panelHead}>
        <Title order={2}>{title}</Title>
        {note}
      </div>
      {children}
    </section>
  )
}
