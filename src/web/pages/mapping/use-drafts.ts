// The drafts of one visit: kept here until Save, asked about before they are lost, dropped by Cancel and the way back.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useBlocker, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { call } from '../../api.ts'
import { t } from '../../i18n.ts'
import { confirmDialog, tell, tellRefusal } from '../../parts/ask.tsx'
import type { Drafts } from './drafts.ts'
import { changesOf } from './drafts.ts'

const none: Drafts = new Map()

export function useDrafts(channelId: string) {
  const client = useQueryClient()
  const navigate = useNavigate()
  const [drafts, setDrafts] = useState(none)
  const saving = useMutation({
    mutationFn: async () => {
      const sum = { mapped: 0, unlinked: 0 }
      for (const body of changesOf(drafts)) {
        const part = await call('saveMappings', { params: { id: channelId }, body })
        sum.mapped += part.mapped
        sum.unlinked += part.unlinked
      }
      return sum
    },
    onSuccess: (sum) => {
      setDrafts(none)
      tell(t('mapping.saved', sum))
    },
    onError: tellRefusal,
    onSettled: () => lookAgainAtMappings(client),
  })
  useBlocker({
    // Searching changes the address too; only leaving the page is asked about.
    shouldBlockFn: async ({ current, next }) => {
      if (drafts.size === 0 || current.pathname === next.pathname) return false
      return !(await confirmDialog({
        title: t('mapping.leaveTitle'),
        text: t('mapping.leaveText', { count: drafts.size }),
        confirm: t('mapping.leave'),
        cancel: t('mapping.stay'),
        danger: true,
      }))
    },
    enableBeforeUnload: () => drafts.size > 0,
  })
  const leave = (to: 'list' | 'integration') => {
    const address =
      to === 'list'
        ? ({ to: '/settings/channels' } as const)
        : ({ to: '/settings/channels/$id', params: { id: channelId } } as const)
    void navigate({ ...address, ignoreBlocker: true })
  }
  return { drafts, setDrafts, save: () => saving.mutate(), isSaving: saving.isPending, leave }
}

export function lookAgainAtMappings(client: ReturnType<typeof useQueryClient>) {
  const names = ['listings', 'variants', 'channel', 'proposeMappings', 'home']
  return client.invalidateQueries({ predicate: ({ queryKey }) => names.includes(String(queryKey[0])) })
}
