// The top of a page: where it hangs, its name, what may be done, and below it search and filters.
import { Group, Title } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import type { ReactNode } from 'react'
import { t } from '../i18n.ts'
import classes from './PageHeader.module.css'

export function PageHeader(props: {
  title: string
  above?: ReactNode
  beside?: ReactNode
  actions?: ReactNode
  below?: ReactNode
}) {
  useDocumentTitle(`${props.title} · ${t('app.name')}`)
  return (
    <header className={classes.header}>
      {props.above && <div className={classes.above}>{props.above}</div>}
      <Group justify="space-between" gap="sm" wrap="wrap">
        <Group gap="sm" wrap="nowrap" style={{ minWidth: 0 }}>
          <Title order={1} className="ellipsis">
            {props.title}
          </Title>
          {props.beside}
        </Group>
        {props.actions && <Group gap="xs">{props.actions}</Group>}
      </Group>
      {props.below && <div className={classes.below}>{props.below}</div>}
    </header>
  )
}
