// One pricing rule as a form, beside it the live example on real products, below it its history (F7). It is saved only after
// its preview was seen.
import { Skeleton } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useBlocker, useNavigate, useParams } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { ApiRefusal, ask, call } from '../../api.ts'
import { useMe } from '../../auth.ts'
import { t } from '../../i18n.ts'
import { confirmDialog, tell } from '../../parts/ask.tsx'
import { ErrorState } from '../../parts/ErrorState.tsx'
import { goToFirstFault } from '../../parts/first-fault.ts'
import { AnchorLink } from '../../parts/LinkTo.tsx'
import { PageHeader } from '../../parts/PageHeader.tsx'
import { MissingPage } from '../BrokenPage.tsx'
import { Examples } from './Examples.tsx'
import { History } from './History.tsx'
import { PreviewDialog } from './PreviewDialog.tsx'
import classes from './pricing.module.css'
import type { RuleDraft, RuleFields } from './rule-form.ts'
import { draftOf, fieldOf, fieldsOf } from './rule-form.ts'
import type { Rule } from './rule-words.ts'
import { RuleForm } from './RuleForm.tsx'

export function RulePage() {
  const { id } = useParams({ strict: false }) as { id?: string }
  const { data, error, refetch } = useQuery(ask('pricingRules'))
  const rule = data?.rules.find((one) => one.id === id)
  if (data && id !== undefined && !rule) return <MissingPage />
  return (
    <>
      <PageHeader
        title={rule?.rule.name ?? t(id === undefined ? 'pricing.form.newTitle' : 'pricing.columns.rule')}
        above={
          <AnchorLink to="/pricing" size="sm">
            {t('pricing.title')}
          </AnchorLink>
        }
      />
      {error && !data ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : data ? (
        <Editor key={id ?? 'new'} rule={rule} />
      ) : (
        <div className={classes.editor} aria-busy="true">
          <Skeleton height={620} radius="lg" />
          <Skeleton height={420} radius="lg" />
        </div>
      )}
    </>
  )
}

function Editor({ rule }: { rule: Rule | undefined }) {
  const { business } = useMe()
  // Its preview is of the rule as it stood when it was opened; what others save meanwhile is said when it is saved.
  const form = useForm<RuleFields>({ initialValues: fieldsOf(rule?.rule, business.currency) })
  const [previewed, setPreviewed] = useState<RuleDraft>()
  const [told, setTold] = useState<Record<string, string>>({})
  const { draft } = draftOf(form.values)
  const { apply, isSaved } = useSaving(rule)
  useLeaving(() => form.isDirty() && !isSaved.current)
  const preview = () => {
    const { faults } = draftOf(form.values)
    form.setErrors(faults)
    if (draft) return setPreviewed(draft)
    goToFirstFault(form, faults)
  }
  return (
    <div className={classes.editor}>
      <RuleForm form={form} told={atFields(told, form.values)} isNew={!rule} onPreview={preview} />
      <div className={classes.beside}>
        <Examples values={form.values} onTold={setTold} />
        {rule && <History rule={rule} />}
      </div>
      {previewed && (
        <PreviewDialog
          opened
          onClose={() => setPreviewed(undefined)}
          title={t('pricing.preview.title', { name: previewed.name })}
          ruleId={rule?.id ?? null}
          rule={previewed}
          confirm={t(rule && !rule.active ? 'pricing.preview.saveOff' : 'pricing.preview.save')}
          isOff={rule ? !rule.active : false}
          apply={(seen) =>
            apply(previewed, seen).catch((error: unknown) => {
              const fields = error instanceof ApiRefusal ? atFields(error.fields, form.values) : {}
              if (Object.keys(fields).length > 0) {
                setPreviewed(undefined)
                form.setErrors(fields)
                goToFirstFault(form, fields)
                return
              }
              throw error
            })
          }
        />
      )}
    </div>
  )
}

function useSaving(rule: Rule | undefined) {
  const client = useQueryClient()
  const navigate = useNavigate()
  const isSaved = useRef(false)
  const apply = async (draft: RuleDraft, seen: string) => {
    const saved = rule
      ? await call('changePricingRule', { params: { id: rule.id }, body: { rule: draft, seen } })
      : await call('addPricingRule', { body: { rule: draft, active: true, seen } })
    isSaved.current = true
    tell(t(saved.active ? 'pricing.saved' : 'pricing.savedOff', { name: saved.rule.name }))
    await client.invalidateQueries({ queryKey: ['pricingRules'] })
    await client.invalidateQueries({ queryKey: ['pricingRuleHistory'] })
    // The list shows how far the prices are.
    await navigate({ to: '/pricing' })
  }
  return { apply, isSaved }
}

function useLeaving(isDirty: () => boolean) {
  useBlocker({
    shouldBlockFn: async ({ current, next }) => {
      if (!isDirty() || current.pathname === next.pathname) return false
      return !(await confirmDialog({
        title: t('pricing.form.leaveTitle'),
        text: t('pricing.form.leaveText'),
        confirm: t('pricing.form.leave'),
        cancel: t('pricing.form.stay'),
        danger: true,
      }))
    },
    enableBeforeUnload: isDirty,
  })
}

/** What the hub said of its fields, at ours. */
function atFields(told: Record<string, string>, values: RuleFields): Partial<Record<keyof RuleFields, string>> {
  const faults: Partial<Record<keyof RuleFields, string>> = {}
  for (const [path, sentence] of Object.entries(told)) {
    const field = fieldOf(path, values)
    if (field) faults[field] ??= sentence
  }
  return faults
}
