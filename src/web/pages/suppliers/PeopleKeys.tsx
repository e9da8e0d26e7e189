// Keys with which a supplier's own programs sign in at his desk (G3).
import { Button, Modal, Stack, Text, TextInput, Title } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useDisclosure } from '@mantine/hooks'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Answer } from '../../api.ts'
import { ask, call } from '../../api.ts'
import { t } from '../../i18n.ts'
import { IconBan, IconCircleCheck, IconPlus } from '../../icons.ts'
import { confirmDialog, tell, tellRefusal } from '../../parts/ask.tsx'
import { ErrorState } from '../../parts/ErrorState.tsx'
import { RelativeTime } from '../../parts/RelativeTime.tsx'
import { StatusBadge } from '../../parts/StatusBadge.tsx'
import { OnceShown } from './OnceShown.tsx'
import classes from './people.module.css'

type Key = Answer<'supplierKeys'>[number]

export function PeopleKeys({ supplierId }: { supplierId: string }) {
  const { data, error, refetch } = useQuery(ask('supplierKeys', { params: { id: supplierId } }))
  const [making, { open, close }] = useDisclosure()
  return (
    <section className={`panel ${classes.panel}`} aria-label={t('supplierKeys.title')}>
      <div className={classes.head}>
        <Title order={2}>{t('supplierKeys.title')}</Title>
        <Button size="xs" variant="default" leftSection={<IconPlus size={14} aria-hidden="true" />} onClick={open}>
          {t('supplierKeys.make')}
        </Button>
      </div>
      <Text size="sm" c="dimmed">
        {t('supplierKeys.intro')}
      </Text>
      {error && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {data?.length === 0 && <p className={classes.none}>{t('supplierKeys.none')}</p>}
      <ul className={classes.rows}>
        {data?.map((key) => (
          <KeyRow key={key.id} supplierKey={key} />
        ))}
      </ul>
      <MakeDialog supplierId={supplierId} opened={making} onClose={close} />
    </section>
  )
}

function KeyRow({ supplierKey: key }: { supplierKey: Key }) {
  const client = useQueryClient()
  const { id, name } = key
  const revoking = useMutation({
    mutationFn: () => call('revokeSupplierKey', { params: { id } }),
    onSuccess: async () => {
      tell(t('supplierKeys.revokedNow', { name }))
      await client.invalidateQueries({ queryKey: ['supplierKeys'] })
    },
    onError: tellRefusal,
  })
  const revoke = async () => {
    const ask = { title: t('supplierKeys.revokeTitle', { name }), text: t('supplierKeys.revokeText'), danger: true }
    if (await confirmDialog({ ...ask, confirm: t('supplierKeys.revoke') })) revoking.mutate()
  }
  return (
    <li className={classes.row}>
      <span className={classes.who}>
        <strong>{name}</strong>
        <span className={classes.quiet}>
          <span className="code">{key.hint}</span> · {t('supplierKeys.used')}{' '}
          <RelativeTime at={key.lastUsedAt} never={t('supplierKeys.never')} />
        </span>
      </span>
      <StatusBadge
        look={
          key.revokedAt === null
            ? { icon: IconCircleCheck, tone: 'good', label: t('supplierKeys.active') }
            : { icon: IconBan, tone: 'quiet', label: t('supplierKeys.revoked') }
        }
      />
      {key.revokedAt === null ? (
        <Button
          size="compact-sm"
          variant="default"
          aria-label={t('supplierKeys.revokeOne', { name })}
          onClick={() => void revoke()}
        >
          {t('supplierKeys.revoke')}
        </Button>
      ) : (
        <span />
      )}
    </li>
  )
}

function MakeDialog({ supplierId, opened, onClose }: { supplierId: string; opened: boolean; onClose: () => void }) {
  const client = useQueryClient()
  const form = useForm({
    initialValues: { name: '' },
    validate: { name: (name) => (name.trim() ? null : t('errors.required')) },
  })
  const making = useMutation({
    mutationFn: ({ name }: { name: string }) =>
      call('addSupplierKey', { params: { id: supplierId }, body: { name: name.trim() } }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['supplierKeys'] }),
  })
  const close = () => {
    onClose()
    form.reset()
    making.reset()
  }
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={t('supplierKeys.makeTitle')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      {making.data ? (
        <OnceShown
          text={t('supplierKeys.made')}
          label={t('supplierKeys.key')}
          copy={t('supplierKeys.copy')}
          secret={making.data.key}
          onDone={close}
        />
      ) : (
        <form onSubmit={form.onSubmit((given) => making.mutate(given))} noValidate>
          <Stack>
            <TextInput
              label={t('supplierKeys.name')}
              description={t('supplierKeys.nameHelp')}
              maxLength={80}
              autoComplete="off"
              data-autofocus
              {...form.getInputProps('name')}
            />
            {making.error && <ErrorState error={making.error} />}
            <Button type="submit" loading={making.isPending}>
              {t('supplierKeys.make')}
            </Button>
          </Stack>
        </form>
      )}
    </Modal>
  )
}
