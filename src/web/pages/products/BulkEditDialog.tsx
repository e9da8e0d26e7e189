// One change of many products: what it is, what it would do, and then doing it, with a way back.
import { Alert, Button, Group, Modal, Select, Stack, Table, TagsInput, Text, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { parseMoney } from '../../../domain/money.ts'
import type { Answer, Args } from '../../api.ts'
import { ask, call } from '../../api.ts'
import { useMe } from '../../auth.ts'
import { countLabel } from '../../format.ts'
import { t } from '../../i18n.ts'
import { tell, tellRefusal } from '../../parts/ask.tsx'
import { errorText } from '../../parts/ErrorState.tsx'
import { valueText, type BulkChange } from './bulk-look.ts'
import { CategoryInput } from './CategoryInput.tsx'
import classes from './products.module.css'
import { useUndoEdit } from './use-undo-edit.ts'
import { productQueries } from './use-product.ts'

type Of = Pick<Args<'bulkEditProducts'>['body'], 'productIds' | 'filter'>
type Outcome = Answer<'bulkEditProducts'>
type Props = { of: Of; onClose: () => void; onDone: () => void }

const kinds = ['category', 'brand', 'tags', 'price', 'vat-rate'] as const
type Kind = (typeof kinds)[number]
type Typed = { kind: Kind; text: string; by: 'percent' | 'amount'; add: string[]; remove: string[] }

export function BulkEditDialog({ of, onClose, onDone }: Props) {
  const client = useQueryClient()
  const { currency } = useMe().business
  const undo = useUndoEdit()
  const [typed, setTyped] = useState<Typed>({ kind: 'price', text: '', by: 'percent', add: [], remove: [] })
  const change = changeOf(typed, currency)
  const body = (preview: boolean) => ({ ...of, change: change as BulkChange, preview })
  const preview = useMutation({ mutationFn: () => call('bulkEditProducts', { body: body(true) }) })
  const making = useMutation({
    mutationFn: () => call('bulkEditProducts', { body: body(false) }),
    onSuccess: async ({ changes, editId }) => {
      await client.invalidateQueries({ predicate: ({ queryKey }) => productQueries.has(String(queryKey[0])) })
      tell(
        t('bulkEdit.done', { count: changes, shown: countLabel(changes) }),
        editId === null ? undefined : () => undo.mutate(editId),
      )
      onDone()
      onClose()
    },
    onError: tellRefusal,
  })
  const set = (part: Partial<Typed>) => {
    setTyped({ ...typed, ...part })
    preview.reset()
  }
  const outcome = preview.data
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('bulkEdit.title')}
      size={640}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Stack>
        <Group align="flex-start" grow>
          <Select
            data-autofocus
            label={t('bulkEdit.what')}
            data={kinds.map((value) => ({ value, label: t(`bulkEdit.kinds.${value}`) }))}
            value={typed.kind}
            allowDeselect={false}
            onChange={(kind) => set({ kind: kinds.find((one) => one === kind) ?? 'price', text: '' })}
          />
          {typed.kind === 'price' && (
            <Select
              label={t('bulkEdit.how')}
              data={[
                { value: 'percent', label: t('bulkEdit.byPercent') },
                { value: 'amount', label: t('bulkEdit.byAmount') },
              ]}
              value={typed.by}
              allowDeselect={false}
              onChange={(by) => set({ by: by === 'amount' ? 'amount' : 'percent' })}
            />
          )}
        </Group>
        <ValueField typed={typed} onSet={set} isWrong={change === undefined && typed.text.trim() !== ''} />
        {preview.error && <Alert color="red">{errorText(preview.error)}</Alert>}
        {outcome && <Preview outcome={outcome} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          {outcome && outcome.changes > 0 ? (
            <Button onClick={() => making.mutate()} loading={making.isPending}>
              {t('bulkEdit.apply', { count: outcome.changes, shown: countLabel(outcome.changes) })}
            </Button>
          ) : (
            <Button disabled={change === undefined} loading={preview.isPending} onClick={() => preview.mutate()}>
              {t('bulkEdit.preview')}
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  )
}

type FieldProps = { typed: Typed; onSet: (part: Partial<Typed>) => void; isWrong: boolean }

function ValueField({ typed, onSet, isWrong }: FieldProps) {
  const { data: choices } = useQuery(ask('myProductsChoices'))
  const { kind, text, by } = typed
  if (kind === 'category')
    return (
      <CategoryInput
        label={t('bulkEdit.category')}
        description={t('bulkEdit.empties')}
        value={text}
        data={choices?.categories ?? []}
        onChange={(category) => onSet({ text: category })}
      />
    )
  if (kind === 'tags')
    return (
      <Group grow align="flex-start">
        {(['add', 'remove'] as const).map((which) => (
          <TagsInput
            key={which}
            label={t(which === 'add' ? 'bulkEdit.addTags' : 'bulkEdit.removeTags')}
            description={t('bulkEdit.tagsHelp')}
            value={typed[which]}
            onChange={(tags) => onSet({ [which]: tags })}
            acceptValueOnBlur
          />
        ))}
      </Group>
    )
  const label = {
    brand: t('bulkEdit.brand'),
    price: t(by === 'percent' ? 'bulkEdit.percent' : 'bulkEdit.amount'),
    'vat-rate': t('bulkEdit.vatRate'),
  }[kind]
  const help = { brand: t('bulkEdit.empties'), price: undefined, 'vat-rate': t('bulkEdit.vatHelp') }[kind]
  return (
    <TextInput
      label={label}
      description={help}
      value={text}
      error={isWrong ? t('bulkEdit.wrong') : undefined}
      onChange={(event) => onSet({ text: event.currentTarget.value })}
    />
  )
}

function Preview({ outcome }: { outcome: Outcome }) {
  const { changes, products, unchanged, refused, sample, refusals, currency } = outcome
  return (
    <Stack gap="xs" role="status">
      <Text fw={600}>
        {changes === 0
          ? t('bulkEdit.none')
          : t('bulkEdit.changes', { count: changes, shown: countLabel(changes), products: countLabel(products) })}
      </Text>
      {unchanged > 0 && (
        <Text size="sm" c="dimmed">
          {t('bulkEdit.unchanged', { count: unchanged, shown: countLabel(unchanged) })}
        </Text>
      )}
      {sample.length > 0 && (
        <div className={classes.sample} tabIndex={0} role="region" aria-label={t('bulkEdit.preview')}>
          <Table fz="sm" verticalSpacing={4}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('bulkEdit.name')}</Table.Th>
                <Table.Th ta="right">{t('bulkEdit.before')}</Table.Th>
                <Table.Th ta="right">{t('bulkEdit.after')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {sample.map(({ name, before, after }, at) => (
                // oxlint-disable-next-line react/no-array-index-key -- two products may have one title
                <Table.Tr key={at}>
                  <Table.Td>{name}</Table.Td>
                  <Table.Td ta="right" className="figure">
                    {valueText(before, currency)}
                  </Table.Td>
                  <Table.Td ta="right" className="figure">
                    {valueText(after, currency)}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
      )}
      {changes > sample.length && (
        <Text size="sm" c="dimmed">
          {t('bulkEdit.more', { shown: countLabel(changes - sample.length) })}
        </Text>
      )}
      {refused > 0 && (
        <div>
          <Text size="sm">{t('bulkEdit.refused', { count: refused, shown: countLabel(refused) })}</Text>
          <ul className={classes.why}>
            {refusals.map(({ name, reason }) => (
              <li key={name}>
                <span className="code">{name}</span>: {reason}
              </li>
            ))}
          </ul>
        </div>
      )}
    </Stack>
  )
}

/** Undefined: what is typed is no such change. */
function changeOf({ kind, text, by, add, remove }: Typed, currency: string): BulkChange | undefined {
  const plain = text.trim().replaceAll('−', '-').replace(',', '.').replace(/\s*%$/, '')
  if (kind === 'category') return { kind, category: text.trim() }
  if (kind === 'brand') return { kind, brand: text.trim() }
  if (kind === 'tags') return add.length + remove.length > 0 ? { kind, add, remove } : undefined
  if (kind === 'price' && by === 'amount') {
    const money = parseMoney(plain.replace(/^\+/, ''), currency)
    return money && money.minor !== 0 ? { kind, by, minor: money.minor } : undefined
  }
  // Hundredths of a percent are read as an amount of a currency with two decimals.
  const basisPoints = parseMoney(plain.replace(/^\+/, ''), 'GBP')?.minor
  if (kind === 'price') return basisPoints ? { kind, by: 'percent', basisPoints } : undefined
  if (plain === '') return { kind, vatRateBasisPoints: null }
  return basisPoints !== undefined && basisPoints >= 0 && basisPoints <= 10_000
    ? { kind, vatRateBasisPoints: basisPoints }
    : undefined
}
