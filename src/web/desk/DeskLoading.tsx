// A page of the desk whose contents are still on their way.
import { Skeleton } from '@mantine/core'
import type { ReactNode } from 'react'
import { PageHeader } from '../parts/PageHeader.tsx'
import classes from './desk.module.css'

export function DeskLoading({ above }: { above: ReactNode }) {
  return (
    <>
      <PageHeader title="…" above={above} />
      <div className={classes.page} aria-busy="true">
        <Skeleton height={260} radius="lg" />
        <Skeleton height={180} radius="lg" />
      </div>
    </>
  )
}
