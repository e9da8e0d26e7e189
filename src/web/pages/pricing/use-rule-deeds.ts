// What may be done to a rule in the list: switched on after its preview, off after a word, deleted after its preview.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ask, call } from '../../api.ts'
import { t } from '../../i18n.ts'
import { confirmDialog, tell, tellRefusal } from '../../parts/ask.tsx'
import type { Rule } from './rule-words.ts'

export type Wish = { kind: 'switch-on' | 'delete'; rule: Rule }

export function useRuleDeeds() {
  const client = useQueryClient()
  const [wish, setWish] = useState<Wish>()
  const lookAgain = () => client.invalidateQueries({ queryKey: ['pricingRules'] })
  const switching = useMutation({
    mutationFn: ({ id }: Rule) => call('switchPricingRule', { params: { id }, body: { active: false } }),
    onSuccess: (rule) => tell(t('pricing.switchedOff', { name: rule.rule.name })),
    onError: tellRefusal,
    onSettled: lookAgain,
  })
  const onSwitch = async (rule: Rule) => {
    if (!rule.active) return setWish({ kind: 'switch-on', rule })
    const isSure = await confirmDialog({
      title: t('pricing.offTitle', { name: rule.rule.name }),
      text: t('pricing.offText'),
      confirm: t('pricing.offConfirm'),
    })
    if (isSure) switching.mutate(rule)
  }
  const apply = async ({ kind, rule }: Wish, seen: string) => {
    const params = { id: rule.id }
    const { name } = rule.rule
    if (kind === 'delete')
      client.setQueryData(ask('pricingRules').queryKey, await call('deletePricingRule', { params, query: { seen } }))
    else await call('switchPricingRule', { params, body: { active: true, seen } })
    setWish(undefined)
    tell(t(kind === 'delete' ? 'pricing.deleted' : 'pricing.switchedOn', { name }))
    await lookAgain()
  }
  return {
    wish,
    leave: () => setWish(undefined),
    apply,
    onSwitch: (rule: Rule) => void onSwitch(rule),
    onDelete: (rule: Rule) => setWish({ kind: 'delete', rule }),
    isSwitching: switching.isPending,
  }
}
