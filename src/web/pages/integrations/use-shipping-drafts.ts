// Drafts of the shipping mapping: kept until Save, asked about before they are lost.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useBlocker } from '@tanstack/react-router'
import { useState } from 'react'
import { call } from '../../api.ts'
import { t } from '../../i18n.ts'
import { confirmDialog, tell, tellRefusal } from '../../parts/ask.tsx'

/** By the service of theirs: the one of ours it is to mean, or null for none. */
export type ShippingDrafts = ReadonlyMap<string, string | null>

const none: ShippingDrafts = new Map()

export function useShippingDrafts(channelId: string) {
  const client = useQueryClient()
  const [drafts, setDrafts] = useState(none)
  const saving = useMutation({
    mutationFn: () => {
      const entries = [...drafts]
      const map = entries.flatMap(([service, id]) => (id === null ? [] : [{ service, shippingServiceId: id }]))
      const unmap = entries.flatMap(([service, id]) => (id === null ? [service] : []))
      return call('saveShippingMappings', { params: { id: channelId }, body: { map, unmap } })
    },
    onSuccess: () => {
      setDrafts(none)
      tell(t('shipping.saved'))
    },
    onError: tellRefusal,
    onSettled: () =>
      client.invalidateQueries({
        predicate: ({ queryKey }) => ['channelServices', 'shippingServices'].includes(String(queryKey[0])),
      }),
  })
  useBlocker({
    // Opening another section changes the address too; only leaving the page is asked about.
    shouldBlockFn: async ({ current, next }) => {
      if (drafts.size === 0 || current.pathname === next.pathname) return false
      return !(await confirmDialog({
        title: t('shipping.leaveTitle'),
        text: t('shipping.leaveText', { count: drafts.size }),
        confirm: t('shipping.leave'),
        cancel: t('shipping.stay'),
        danger: true,
      }))
    },
    enableBeforeUnload: () => drafts.size > 0,
  })
  const draft = (service: string, ours: string | null | undefined) =>
    setDrafts((before) => {
      const next = new Map(before)
      if (ours === undefined) next.delete(service)
      else next.set(service, ours)
      return next
    })
  return { drafts, draft, clear: () => setDrafts(none), save: () => saving.mutate(), isSaving: saving.isPending }
}
