// A list is empty because of what was searched or chosen: one button shows all of it again.
import { Button } from '@mantine/core'
import { t } from '../i18n.ts'
import { IconFilter, type Icon } from '../icons.ts'
import { EmptyState } from './EmptyState.tsx'

type Props = { icon?: Icon; onClear: () => void }

export function NothingFound({ icon = IconFilter, onClear }: Props) {
  return (
    <EmptyState icon={icon} title={t('table.nothingFound')} text={t('table.nothingFoundNext')}>
      <Button variant="default" onClick={onClear}>
        {t('table.clearFilters')}
      </Button>
    </EmptyState>
  )
}
