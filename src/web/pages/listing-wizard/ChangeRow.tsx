// One product of a run: what became of it, and what can be done where it was refused.
import { Button, Group } from '@mantine/core'
import { t } from '../../i18n.ts'
import { AnchorLink } from '../../parts/LinkTo.tsx'
import { RelativeTime } from '../../parts/RelativeTime.tsx'
import { StatusBadge } from '../../parts/StatusBadge.tsx'
import type { Change } from './change-look.ts'
import { changeLook } from './change-look.ts'
import { FaultText } from './FaultText.tsx'
import classes from './wizard.module.css'

type Props = {
  change: Change
  marketplace: string
  onEdit: () => void
  onTryAgain: () => void
  isTrying: boolean
}

export function ChangeRow({ change, marketplace, onEdit, onTryAgain, isTrying }: Props) {
  const { title, sku, productId, state, action, faults, settledAt } = change
  const isOver = state === 'refused' || state === 'stopped'
  const help = state === 'unclear' || state === 'in-review' ? t(`wizard.stateHelp.${state}`) : undefined
  return (
    <li className={classes.change}>
      <div className={classes.changeName}>
        <AnchorLink to="/products/$id" params={{ id: productId }} size="sm">
          {title}
        </AnchorLink>
        {sku !== null && <span className={`code ${classes.quiet}`}>{sku}</span>}
        {faults.length > 0 && (
          <ul className={classes.changeFaults}>
            {faults.map((fault) => (
              <li key={`${fault.channelSku} ${fault.attribute} ${fault.message}`}>
                <FaultText fault={fault} marketplace={marketplace} />
              </li>
            ))}
          </ul>
        )}
      </div>
      <div className={classes.changeState}>
        <StatusBadge look={changeLook(change)} why={help} />
        {settledAt && (
          <span className={classes.quiet}>
            <RelativeTime at={settledAt} />
          </span>
        )}
      </div>
      {isOver && (
        <Group gap={6} className={classes.changeDeeds}>
          {action !== 'delete' && (
            <Button
              variant="default"
              size="compact-sm"
              aria-label={t('wizard.run.editOf', { name: title })}
              onClick={onEdit}
            >
              {t('wizard.edit')}
            </Button>
          )}
          <Button
            variant="default"
            size="compact-sm"
            aria-label={t('wizard.run.tryAgainOf', { name: title })}
            loading={isTrying}
            onClick={onTryAgain}
          >
            {t('wizard.run.tryAgain')}
          </Button>
        </Group>
      )}
    </li>
  )
}
