// A consent under way: begun here, walked in another tab, and watched until it is settled.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Answer, Args } from '../../api.ts'
import { ask, call } from '../../api.ts'
import { openTab } from '../../browser.ts'

export type Consent = Answer<'consent'>
export type BeginBody = Args<'beginConsent'>['body']

const lookedAtMs = 2000

export function useConsent(givenId?: string) {
  const client = useQueryClient()
  const [begun, setBegun] = useState<{ id: string; url: string | null }>()
  const id = begun?.id ?? givenId
  const watched = useQuery({
    ...ask('consent', { params: { id: id ?? '' } }),
    enabled: id !== undefined,
    // The live stream usually tells it sooner.
    refetchInterval: ({ state }) => (isUnderWay(state.data) ? lookedAtMs : false),
  })
  const beginning = useMutation({
    mutationFn: async (body: BeginBody) => {
      const tab = body.way === 'typed' ? undefined : openTab()
      try {
        const answer = await call('beginConsent', { body })
        if (answer.url !== null) tab?.go(answer.url)
        return answer
      } catch (error) {
        tab?.close()
        throw error
      }
    },
    onSuccess: setBegun,
  })
  const cancel = async () => {
    setBegun(undefined)
    beginning.reset()
    if (id === undefined) return
    // Already gone, or gone with the connection: it ends by itself.
    await call('cancelConsent', { params: { id } }).catch(() => undefined)
    client.removeQueries({ queryKey: ['consent'] })
  }
  return { consent: id === undefined ? undefined : watched.data, url: begun?.url ?? null, beginning, cancel, id }
}

export function isUnderWay(consent: Consent | undefined): boolean {
  return consent === undefined || consent.state === 'waiting' || consent.state === 'exchanging'
}
