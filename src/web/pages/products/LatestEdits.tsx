// The latest changes of many products: what, by whom, when, and taking them back.
import { Button, Loader, Modal } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { ask } from '../../api.ts'
import { useMe } from '../../auth.ts'
import { t } from '../../i18n.ts'
import { ErrorState } from '../../parts/ErrorState.tsx'
import { RelativeTime } from '../../parts/RelativeTime.tsx'
import { changeText } from './bulk-look.ts'
import classes from './products.module.css'
import { useUndoEdit } from './use-undo-edit.ts'

export function LatestEdits({ onClose }: { onClose: () => void }) {
  const { data, error, refetch } = useQuery(ask('productEdits'))
  const { currency } = useMe().business
  const undo = useUndoEdit()
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('myProducts.latest')}
      size={560}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      {error && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loader size="sm" />}
      {data?.length === 0 && <p className={classes.quiet}>{t('bulkEdit.noEdits')}</p>}
      <ul className={classes.edits}>
        {data?.map((edit) => (
          <li key={edit.id}>
            <div>
              <strong>{changeText(edit.change, currency)}</strong>
              <p className={classes.quiet}>
                {t('bulkEdit.count', { count: edit.products })}, {t('bulkEdit.by', { who: edit.actor })},{' '}
                <RelativeTime at={edit.createdAt} never="" />
              </p>
            </div>
            {edit.undoneAt === null ? (
              <Button
                size="compact-sm"
                variant="default"
                loading={undo.isPending && undo.variables === edit.id}
                onClick={() => undo.mutate(edit.id)}
              >
                {t('bulkEdit.undo')}
              </Button>
            ) : (
              <span className={classes.quiet}>{t('bulkEdit.undoneBy', { who: edit.undoneBy ?? '' })}</span>
            )}
          </li>
        ))}
      </ul>
    </Modal>
  )
}
