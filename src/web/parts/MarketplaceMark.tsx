// Our own neutral sign for a marketplace; never its logo.
import type { Icon } from '../icons.ts'
import { IconBuilding, IconMusic, IconPackage, IconShoppingBag, IconTag } from '../icons.ts'
import classes from './MarketplaceMark.module.css'

const marks: Record<string, Icon> = { reverb: IconMusic, amazon: IconPackage, tiktok: IconShoppingBag, wish: IconTag }

export function MarketplaceMark({ id, size = 24 }: { id: string; size?: number }) {
  const Icon = marks[id] ?? IconBuilding
  return (
    <span className={classes.mark} style={{ width: size, height: size }} aria-hidden="true">
      <Icon size={Math.round(size * 0.62)} stroke={1.7} />
    </span>
  )
}
