// What every shell has: the way past its navigation for those who go by keyboard, and the place of the page.
import { Outlet } from '@tanstack/react-router'
import { t } from '../i18n.ts'
import classes from './PageFrame.module.css'

export function SkipLink() {
  return (
    <a href="#main" className={classes.skip}>
      {t('app.skip')}
    </a>
  )
}

export function PagePlace({ className }: { className?: string | undefined }) {
  return (
    <main id="main" className={className ? `${classes.main} ${className}` : classes.main} tabIndex={-1}>
      <Outlet />
    </main>
  )
}
