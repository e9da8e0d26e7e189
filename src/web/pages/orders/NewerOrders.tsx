// Says that newer orders are there while the reader is further down; a screen reader hears it too.
import { Button } from '@mantine/core'
import { t } from '../../i18n.ts'
import classes from './orders.module.css'

export function NewerOrders({ count, onShow }: { count: number; onShow: () => void }) {
  return (
    <div role="status" className={classes.newer} data-some={count > 0 || undefined}>
      {count > 0 && (
        <Button size="compact-sm" radius="xl" onClick={onShow}>
          {t('orders.arrived', { count })} · {t('orders.show')}
        </Button>
      )}
    </div>
  )
}
