// How long a text is and how long it may be, counted while one writes.
import { countLabel } from '../../format.ts'
import { t } from '../../i18n.ts'
import classes from './listings.module.css'

export function Counter({ length, max }: { length: number; max: number }) {
  const over = length - max
  return (
    <div className={classes.counter} data-over={over > 0 || undefined} role="status">
      <span className="figure">{t('listings.editor.count', { length: countLabel(length), max: countLabel(max) })}</span>
      {over > 0 && <strong>{t('listings.editor.tooLong', { over: countLabel(over) })}</strong>}
    </div>
  )
}
