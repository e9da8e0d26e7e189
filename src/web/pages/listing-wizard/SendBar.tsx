// How many go and how many wait, and the button that sends them. It stays at the bottom of the page.
import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { call } from '../../api.ts'
import { countLabel } from '../../format.ts'
import { t } from '../../i18n.ts'
import { IconAlertTriangle, IconBookmark, IconSend, IconTrash } from '../../icons.ts'
import { confirmDialog, tell, tellRefusal } from '../../parts/ask.tsx'
import { WhyButton } from '../../parts/WhyButton.tsx'
import { SaveTemplate } from './SaveTemplate.tsx'
import type { Checked, Wizard } from './use-wizard.ts'
import { focusOn } from './use-wizard.ts'
import classes from './wizard.module.css'

type Props = { wizard: Wizard; marketplace: string; categoryId: string | undefined }

export function SendBar({ wizard, marketplace, categoryId }: Props) {
  const { action, check, isSaying } = wizard
  const [isSavingTemplate, setSavingTemplate] = useState(false)
  const sending = useSending(wizard)
  const unchecked = check.data?.unchecked ?? 0
  const ready = (check.data?.ready ?? 0) + unchecked
  const waiting = (check.data?.products ?? 0) - (check.data?.ready ?? 0)
  const count = { count: ready, shown: countLabel(ready) }
  const isSettling = isSaying || check.isFetching
  const press = async () => {
    if (action === 'delete' && !(await confirmDelete(marketplace, ready))) return
    sending.mutate()
  }
  return (
    <div className={classes.bar} role="region" aria-label={t(`wizard.send.${action}`, count)}>
      <span className={classes.barText} role="status">
        {!check.data ? (
          t('wizard.checking')
        ) : (
          <>
            {t('wizard.send.go', count)}
            {unchecked > 0 && `, ${t('wizard.send.unchecked', { shown: countLabel(unchecked) })}`}
            {waiting > 0 && (
              <>
                {', '}
                <button type="button" className={classes.waits} onClick={() => focusOn('part-check')}>
                  <IconAlertTriangle size={14} aria-hidden="true" />{' '}
                  {t('wizard.send.wait', { count: waiting, shown: countLabel(waiting) })}
                </button>
              </>
            )}
          </>
        )}
        <span className={classes.settling}>
          {isSaying ? t('wizard.saving') : isSettling ? t('wizard.checking') : ''}
        </span>
      </span>
      {action !== 'delete' && categoryId !== undefined && (
        <Button
          variant="default"
          leftSection={<IconBookmark size={15} aria-hidden="true" />}
          onClick={() => setSavingTemplate(true)}
        >
          {t('wizard.template.save')}
        </Button>
      )}
      <WhyButton
        why={!check.data ? t('wizard.send.notChecked') : ready === 0 ? t('wizard.send.noneReady') : undefined}
        loading={sending.isPending}
        {...(action === 'delete' ? { color: 'red.9' } : {})}
        leftSection={
          action === 'delete' ? <IconTrash size={15} aria-hidden="true" /> : <IconSend size={15} aria-hidden="true" />
        }
        onClick={() => void press()}
      >
        {t(`wizard.send.${action}`, count)}
      </WhyButton>
      {categoryId !== undefined && (
        <SaveTemplate
          channelId={wizard.channelId}
          categoryId={categoryId}
          products={wizard.loaded}
          opened={isSavingTemplate}
          onClose={() => setSavingTemplate(false)}
        />
      )}
    </div>
  )
}

function confirmDelete(marketplace: string, count: number): Promise<boolean> {
  return confirmDialog({
    title: t('wizard.send.deleteAsk', { marketplace }),
    text: t('wizard.send.deleteText', { marketplace, count, shown: countLabel(count) }),
    confirm: t('wizard.send.delete', { count, shown: countLabel(count) }),
    danger: true,
  })
}

/** What was typed last is said and checked first; those with faults stay behind. */
function useSending(wizard: Wizard) {
  const navigate = useNavigate()
  const { channelId, action } = wizard
  return useMutation({
    mutationFn: async () => {
      const checked = await wizard.freshCheck()
      if (checked.ready + checked.unchecked === 0) return 'none-ready' as const
      const params = { id: channelId }
      return call('changeListings', { params, body: { chosen: readyOf(wizard, checked), action } })
    },
    onSuccess: (answer) => {
      if (answer === 'none-ready') focusOn('part-check')
      else if (answer.runId === null) tell(t('wizard.send.openAlready'))
      else void navigate({ to: '/listings/runs/$runId', params: { runId: answer.runId } })
    },
    onError: tellRefusal,
  })
}

/** Faulty ones come first in the check's rows, so where a ready one is told all faulty ones are. */
function readyOf({ chosen, productIds }: Wizard, { rows, ready }: Checked): Wizard['chosen'] {
  const isReady = new Set(rows.filter(({ faults }) => faults.length === 0).map(({ productId }) => productId))
  if (isReady.size === 0 || ready === 0) return chosen
  const faulty = new Set(rows.map(({ productId }) => productId).filter((id) => !isReady.has(id)))
  // Of a filter with more than the check tells, what has faults is refused by the hub.
  return 'filter' in chosen ? chosen : { productIds: productIds.filter((id) => !faulty.has(id)) }
}
