// What can be sold now. Unknown is not 0, so it looks different and says why.
import { Tooltip } from '@mantine/core'
import { countLabel } from '../../format.ts'
import { t } from '../../i18n.ts'
import classes from './products.module.css'

export function Available({ count }: { count: number | null }) {
  if (count !== null)
    return (
      <span className={`figure ${classes.available}`} data-none={count === 0 || undefined}>
        {countLabel(count)}
      </span>
    )
  return (
    <Tooltip label={t('products.unknownStock')} multiline maw={280}>
      <span className={classes.unknown} tabIndex={0} role="note" aria-label={t('products.unknownStock')}>
        –
      </span>
    </Tooltip>
  )
}
