// What can be done to the products selected, or to all that match.
import { Button, Menu } from '@mantine/core'
import { useState } from 'react'
import { countLabel } from '../../format.ts'
import { t } from '../../i18n.ts'
import { IconChevronDown } from '../../icons.ts'
import type { RoughCount } from '../../parts/table-source.ts'
import { AutomateDialog } from './AutomateDialog.tsx'
import type { ChosenProducts } from './chosen.ts'
import { chosenLabel } from './grid-columns.tsx'
import { PriceDialog } from './PriceDialog.tsx'
import { TemplateDialog } from './TemplateDialog.tsx'

type Props = {
  channelId: string
  channelName: string
  currency: string
  noShipping: string | undefined
  chosen: ChosenProducts
  chosenCount: RoughCount
  /** All that match instead of those selected. */
  everything: boolean
  onEverything: () => void
  matching: RoughCount | undefined
  onGoOn: (action: 'list' | 'update', chosen: ChosenProducts, count: string) => void
  onRemove: (chosen: ChosenProducts) => void
}

export function GridBulk(props: Props) {
  const { channelId, chosen, chosenCount, everything, matching, onGoOn } = props
  const [asking, setAsking] = useState<'template' | 'price' | 'automate'>()
  const isMore = !everything && matching !== undefined && (matching.more || matching.value > chosenCount.value)
  const dialog = { channelId, chosen, shown: chosenLabel(chosenCount), onClose: () => setAsking(undefined) }
  return (
    <>
      {isMore && (
        <Button size="compact-sm" variant="subtle" onClick={props.onEverything}>
          {t('listings.bulk.all', { shown: countLabel(matching) })}
        </Button>
      )}
      {(['list', 'update'] as const).map((action) => (
        <Button
          key={action}
          size="compact-sm"
          variant={action === 'list' ? 'filled' : 'default'}
          onClick={() => onGoOn(action, chosen, countLabel(chosenCount))}
        >
          {t(`listings.bulk.${action}`)}
        </Button>
      ))}
      <Menu position="top-start">
        <Menu.Target>
          <Button size="compact-sm" variant="default" rightSection={<IconChevronDown size={13} aria-hidden="true" />}>
            {t('listings.bulk.more')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {(['template', 'price', 'automate'] as const).map((each) => (
            <Menu.Item key={each} onClick={() => setAsking(each)}>
              {t(`listings.bulk.${each}`)}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item color="red" onClick={() => props.onRemove(chosen)}>
            {t('listings.bulk.delete')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {asking === 'template' && <TemplateDialog {...dialog} />}
      {asking === 'price' && <PriceDialog {...dialog} currency={props.currency} noShipping={props.noShipping} />}
      {asking === 'automate' && <AutomateDialog {...dialog} />}
    </>
  )
}
