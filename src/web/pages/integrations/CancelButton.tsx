import { t } from '../../i18n.ts'
import { ButtonLink } from '../../parts/LinkTo.tsx'

/** Back to the list; `onCancel` takes away what was begun. */
export function CancelButton({ onCancel }: { onCancel?: () => unknown }) {
  return (
    <ButtonLink to="/settings/channels" variant="subtle" color="gray" onClick={() => void onCancel?.()}>
      {t('common.cancel')}
    </ButtonLink>
  )
}
