// The order of the rules as it is being changed, by dragging or by arrow keys. It is saved when the hand rests, so that a
// way of five places is one change.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { ask, call } from '../../api.ts'
import { after } from '../../browser.ts'
import { t } from '../../i18n.ts'
import { tell, tellRefusal } from '../../parts/ask.tsx'
import type { Rule } from './rule-words.ts'

const restMs = 800

export function useOrder(rules: Rule[]) {
  const client = useQueryClient()
  const [ids, setIds] = useState<string[]>()
  const [said, setSaid] = useState('')
  const saving = useMutation({
    mutationFn: (wanted: string[]) => call('reorderPricingRules', { body: { ids: wanted } }),
    onSuccess: (answer) => {
      client.setQueryData(ask('pricingRules').queryKey, answer)
      tell(t('pricing.orderSaved'))
    },
    onError: (error) => {
      tellRefusal(error)
      return client.invalidateQueries({ queryKey: ['pricingRules'] })
    },
    onSettled: () => setIds(undefined),
  })
  const { mutate } = saving
  const isHeld = useRef(false)
  useEffect(() => {
    if (!ids) return undefined
    return after(restMs, () => !isHeld.current && mutate(ids))
  }, [ids, mutate])

  const ordered = ids ? ids.flatMap((id) => rules.find((rule) => rule.id === id) ?? []) : rules
  const move = (id: string, place: number) => {
    const from = ordered.findIndex((rule) => rule.id === id)
    const to = Math.max(0, Math.min(ordered.length - 1, place))
    const moved = ordered[from]
    if (!moved || from === to) return
    const rest = ordered.filter((rule) => rule.id !== id)
    setIds([...rest.slice(0, to), moved, ...rest.slice(to)].map((rule) => rule.id))
    setSaid(t('pricing.movedTo', { name: moved.rule.name, place: to + 1, total: ordered.length }))
  }
  return {
    ordered,
    said,
    move,
    /** While the handle is held nothing is saved. */
    hold: () => {
      isHeld.current = true
    },
    letGo: () => {
      isHeld.current = false
      if (ids) setIds([...ids])
    },
  }
}
