// Who signs in for a supplier at his desk, and who is invited (G3).
import { Button, Modal, Stack, Text, TextInput, Title } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useDisclosure } from '@mantine/hooks'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Answer } from '../../api.ts'
import { ApiRefusal, ask, call } from '../../api.ts'
import { t } from '../../i18n.ts'
import { IconPlus } from '../../icons.ts'
import { confirmDialog, tell, tellRefusal } from '../../parts/ask.tsx'
import { ErrorState } from '../../parts/ErrorState.tsx'
import { RelativeTime } from '../../parts/RelativeTime.tsx'
import { PeopleKeys } from './PeopleKeys.tsx'
import { OnceShown } from './OnceShown.tsx'
import classes from './people.module.css'

type People = Answer<'supplierPeople'>

export function People({ supplierId }: { supplierId: string }) {
  const { data, error, isPending, refetch } = useQuery(ask('supplierPeople', { params: { id: supplierId } }))
  const [inviting, { open, close }] = useDisclosure()
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />
  return (
    <div className={`page-body ${classes.page}`} aria-busy={isPending}>
      <section className={`panel ${classes.panel}`} aria-label={t('people.title')}>
        <div className={classes.head}>
          <Title order={2}>{t('people.title')}</Title>
          <Button size="xs" leftSection={<IconPlus size={14} aria-hidden="true" />} onClick={open}>
            {t('people.invite')}
          </Button>
        </div>
        <Text size="sm" c="dimmed">
          {t('people.intro')}
        </Text>
        {data && <PeopleTable people={data} />}
      </section>
      <PeopleKeys supplierId={supplierId} />
      <InviteDialog supplierId={supplierId} opened={inviting} onClose={close} />
    </div>
  )
}

function PeopleTable({ people: { people, invitations } }: { people: People }) {
  const end = useEnding()
  const removeOne = async ({ id, name }: People['people'][number]) => {
    const ask = { title: t('people.removeTitle', { name }), text: t('people.removeText'), danger: true }
    if (!(await confirmDialog({ ...ask, confirm: t('people.remove') }))) return
    end.mutate({ run: () => call('removePerson', { params: { id } }), done: t('people.removed', { name }) })
  }
  const withdrawOne = ({ id, email }: People['invitations'][number]) =>
    end.mutate({ run: () => call('withdrawInvitation', { params: { id } }), done: t('people.withdrawn', { email }) })
  if (people.length + invitations.length === 0) return <p className={classes.none}>{t('people.none')}</p>
  return (
    <ul className={classes.rows}>
      {people.map((person) => (
        <li key={person.id} className={classes.row}>
          <span className={classes.who}>
            <strong>{person.name}</strong>
            <span className={classes.quiet}>{person.email}</span>
          </span>
          <span className={classes.quiet}>
            {t('people.seen')} <RelativeTime at={person.lastSeenAt} />
          </span>
          <Button
            size="compact-sm"
            variant="default"
            aria-label={t('people.removeOne', { name: person.name })}
            onClick={() => void removeOne(person)}
          >
            {t('people.remove')}
          </Button>
        </li>
      ))}
      {invitations.map((invitation) => (
        <li key={invitation.id} className={classes.row}>
          <span className={classes.who}>
            <strong>{invitation.email}</strong>
            <span className={classes.quiet}>
              {t('people.invited')} {t('people.invitedBy', { who: invitation.invitedBy })}
            </span>
          </span>
          <span className={classes.quiet}>
            {invitation.expired ? t('people.expired') : t('people.expires')} <RelativeTime at={invitation.expiresAt} />
          </span>
          <Button
            size="compact-sm"
            variant="default"
            aria-label={t('people.withdrawOne', { email: invitation.email })}
            onClick={() => withdrawOne(invitation)}
          >
            {t('people.withdraw')}
          </Button>
        </li>
      ))}
    </ul>
  )
}

function useEnding() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ run }: { run: () => Promise<unknown>; done: string }) => run(),
    onSuccess: async (_, { done }) => {
      tell(done)
      await client.invalidateQueries({ queryKey: ['supplierPeople'] })
    },
    onError: tellRefusal,
  })
}

function InviteDialog({ supplierId, opened, onClose }: { supplierId: string; opened: boolean; onClose: () => void }) {
  const client = useQueryClient()
  const form = useForm({
    initialValues: { email: '' },
    validate: { email: (email) => (/^\S+@\S+$/.test(email.trim()) ? null : t('errors.email')) },
  })
  const inviting = useMutation({
    mutationFn: ({ email }: { email: string }) =>
      call('invitePerson', { params: { id: supplierId }, body: { email: email.trim() } }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['supplierPeople'] }),
    onError: (error) => {
      if (error instanceof ApiRefusal) form.setErrors(error.fields)
    },
  })
  const close = () => {
    onClose()
    form.reset()
    inviting.reset()
  }
  const email = form.values.email.trim()
  const shown = {
    sent: t('people.linkMailed', { email }),
    'not-set-up': t('people.linkNotSetUp', { email }),
    failed: t('people.linkFailed', { email }),
  }
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={t('people.inviteTitle')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      {inviting.data ? (
        <OnceShown
          text={shown[inviting.data.mail]}
          label={t('people.link')}
          copy={t('people.copyLink')}
          secret={inviting.data.link}
          onDone={close}
        />
      ) : (
        <form onSubmit={form.onSubmit((given) => inviting.mutate(given))} noValidate>
          <Stack>
            <Text size="sm">{t('people.inviteText')}</Text>
            <TextInput
              label={t('people.email')}
              type="email"
              autoComplete="off"
              data-autofocus
              {...form.getInputProps('email')}
            />
            {inviting.error && Object.keys(form.errors).length === 0 && <ErrorState error={inviting.error} />}
            <Button type="submit" loading={inviting.isPending}>
              {t('people.invite')}
            </Button>
          </Stack>
        </form>
      )}
    </Modal>
  )
}
