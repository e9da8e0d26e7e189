// Adding a feed, or changing one: where from, how it signs in, how often. Trying it shows what would be read.
import { Button, Group, Modal, NumberInput, SegmentedControl, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { Answer, Args } from '../../api.ts'
import { ApiRefusal, call } from '../../api.ts'
import { t } from '../../i18n.ts'
import { tell } from '../../parts/ask.tsx'
import { ErrorState } from '../../parts/ErrorState.tsx'
import { ColumnTable } from '../files/ColumnTable.tsx'
import { SampleTable } from '../files/SampleTable.tsx'
import { useFeedsAgain, type Feed } from './Feeds.tsx'

type Props = { supplierId: string; feed: Feed | undefined; opened: boolean; onClose: () => void }
type Source = NonNullable<Args<'addFeed'>['body']>['source']

export function FeedDialog(props: Props) {
  const { feed, opened, onClose } = props
  const [round, setRound] = useState(0)
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      onExitTransitionEnd={() => setRound(round + 1)}
      title={t(feed ? 'feeds.form.changeTitle' : 'feeds.form.addTitle')}
      size={760}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Form key={`${round} ${feed?.id ?? ''}`} {...props} />
    </Modal>
  )
}

type Fields = ReturnType<typeof fieldsOf>

function fieldsOf(feed: Feed | undefined) {
  const shown = feed?.shown
  const url = shown?.source === 'url' ? shown : undefined
  const sftp = shown?.source === 'sftp' ? shown : undefined
  return {
    source: shown?.source ?? ('url' as 'url' | 'sftp'),
    // What may be shown of an address is the whole of it, or it must be given again.
    url: url && !url.address.endsWith('?…') ? url.address : '',
    auth: (url?.auth?.kind ?? 'none') as 'none' | 'basic' | 'header',
    name: url?.auth?.name ?? '',
    secret: '',
    host: sftp?.host ?? '',
    port: (sftp?.port ?? 22) as number | string,
    username: sftp?.username ?? '',
    privateKey: '',
    hostKey: sftp?.hostKey ?? '',
    folder: sftp?.folder ?? '/',
    pattern: sftp?.pattern ?? '*.csv',
    everyMinutes: (feed?.everyMinutes ?? 60) as number | string,
  }
}

function sourceOf(fields: Fields): Source {
  if (fields.source === 'sftp') {
    const { host, username, hostKey, folder, pattern } = fields
    return {
      source: 'sftp',
      host,
      port: Number(fields.port),
      username,
      hostKey,
      folder,
      pattern,
      password: fields.secret === '' ? null : fields.secret,
      privateKey: fields.privateKey.trim() === '' ? null : fields.privateKey,
    }
  }
  const { url, name, secret } = fields
  if (fields.auth === 'none') return { source: 'url', url, auth: null }
  return {
    source: 'url',
    url,
    auth:
      fields.auth === 'basic'
        ? { kind: 'basic', username: name, password: secret }
        : { kind: 'header', name, value: secret },
  }
}

function Form({ supplierId, feed, onClose }: Props) {
  const again = useFeedsAgain()
  const [fields, setFields] = useState(() => fieldsOf(feed))
  const [columns, setColumns] = useState<Record<string, string | null>>()
  const change = (part: Partial<Fields>) => setFields((before) => ({ ...before, ...part }))
  // An address that is a secret in part and was not given again stays as it is.
  const keepsSource = feed?.shown.source === 'url' && fields.source === 'url' && fields.url.trim() === ''
  const trying = useMutation({
    mutationFn: () =>
      call('tryFeed', {
        params: { id: supplierId },
        body: { source: sourceOf(fields), ...(feed ? { feedId: feed.id } : {}) },
      }),
    onSuccess: (found) => setColumns(found.layout.columns),
  })
  const saving = useMutation({
    mutationFn: (): Promise<unknown> => {
      const layout = trying.data && {
        layout: { ...trying.data.layout, columns: columns ?? trying.data.layout.columns },
      }
      const everyMinutes = Number(fields.everyMinutes)
      const source = keepsSource ? {} : { source: sourceOf(fields) }
      return feed
        ? call('changeFeed', { params: { id: feed.id }, body: { everyMinutes, ...source, ...layout } })
        : call('addFeed', { params: { id: supplierId }, body: { everyMinutes, source: sourceOf(fields), ...layout } })
    },
    onSuccess: async () => {
      await again()
      tell(t('feeds.form.saved'))
      onClose()
    },
  })
  const isWhole = typeof fields.everyMinutes === 'number' && fields.everyMinutes >= 5 && fields.everyMinutes <= 10_080
  const address = fields.source === 'url' ? fields.url.trim() : fields.host.trim()
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (isWhole && (address !== '' || keepsSource)) saving.mutate()
      }}
    >
      <Stack>
        <SegmentedControl
          aria-label={t('feeds.form.source')}
          data={(['url', 'sftp'] as const).map((value) => ({ value, label: t(`feeds.form.sources.${value}`) }))}
          value={fields.source}
          onChange={(source) => change({ source: source as Fields['source'] })}
        />
        {fields.source === 'url' ? (
          <UrlFields feed={feed} fields={fields} onChange={change} />
        ) : (
          <SftpFields feed={feed} fields={fields} onChange={change} />
        )}
        <NumberInput
          label={t('feeds.form.everyMinutes')}
          value={fields.everyMinutes}
          onChange={(everyMinutes) => change({ everyMinutes })}
          allowDecimal={false}
          allowNegative={false}
          clampBehavior="none"
          error={isWhole ? null : t('feeds.form.everyWrong')}
        />
        {trying.data && (
          <Found found={trying.data} columns={columns ?? trying.data.layout.columns} onChange={setColumns} />
        )}
        {refusalOf(trying.error)}
        {refusalOf(saving.error)}
        <Group justify="flex-end">
          <Button
            variant="default"
            mr="auto"
            onClick={() => trying.mutate()}
            loading={trying.isPending}
            disabled={address === ''}
          >
            {t('feeds.form.try')}
          </Button>
          <Button variant="default" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={saving.isPending} disabled={address === '' && !keepsSource}>
            {t('feeds.form.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

function refusalOf(error: Error | null) {
  if (!error) return null
  const fields = error instanceof ApiRefusal ? Object.values(error.fields) : []
  if (fields.length === 0) return <ErrorState error={error} />
  return (
    <Text size="sm" c="var(--mantine-color-error)" role="alert">
      {fields.join(' ')}
    </Text>
  )
}

type Part = { feed: Feed | undefined; fields: Fields; onChange: (part: Partial<Fields>) => void }

function UrlFields({ feed, fields, onChange }: Part) {
  const kept = feed?.shown.source === 'url' ? feed.shown : undefined
  const secret = {
    type: 'password',
    autoComplete: 'off',
    value: fields.secret,
    onChange: (event: { currentTarget: { value: string } }) => onChange({ secret: event.currentTarget.value }),
    ...(kept?.auth?.kind === fields.auth ? { description: t('feeds.form.secretKept') } : {}),
  }
  return (
    <>
      <TextInput
        label={t('feeds.form.url')}
        placeholder="https://"
        data-autofocus
        autoComplete="off"
        value={fields.url}
        onChange={(event) => onChange({ url: event.currentTarget.value })}
        {...(kept?.address.endsWith('?…') ? { description: t('feeds.form.urlKept', { address: kept.address }) } : {})}
      />
      <SegmentedControl
        aria-label={t('feeds.form.auth')}
        data={(['none', 'basic', 'header'] as const).map((value) => ({ value, label: t(`feeds.form.auths.${value}`) }))}
        value={fields.auth}
        onChange={(auth) => onChange({ auth: auth as Fields['auth'], secret: '' })}
      />
      {fields.auth !== 'none' && (
        <Group grow>
          <TextInput
            label={t(fields.auth === 'basic' ? 'feeds.form.username' : 'feeds.form.headerName')}
            autoComplete="off"
            value={fields.name}
            onChange={(event) => onChange({ name: event.currentTarget.value })}
          />
          <TextInput
            label={t(fields.auth === 'basic' ? 'feeds.form.password' : 'feeds.form.headerValue')}
            {...secret}
          />
        </Group>
      )}
    </>
  )
}

function SftpFields({ feed, fields, onChange }: Part) {
  const asking = useMutation({
    mutationFn: () => call('feedHostKey', { body: { host: fields.host.trim(), port: Number(fields.port) } }),
    onSuccess: ({ hostKey }) => onChange({ hostKey }),
  })
  const text = (key: 'host' | 'username' | 'hostKey' | 'folder' | 'pattern') => ({
    value: fields[key],
    autoComplete: 'off',
    onChange: (event: { currentTarget: { value: string } }) => onChange({ [key]: event.currentTarget.value }),
  })
  const kept = feed?.shown.source === 'sftp' ? { description: t('feeds.form.secretKept') } : {}
  return (
    <>
      <Group grow align="flex-end">
        <TextInput label={t('feeds.form.host')} {...text('host')} />
        <NumberInput label={t('feeds.form.port')} value={fields.port} onChange={(port) => onChange({ port })} />
      </Group>
      <Group align="flex-end">
        <TextInput
          flex={1}
          label={t('feeds.form.hostKey')}
          description={t('feeds.form.hostKeyHelp')}
          {...text('hostKey')}
        />
        <Button
          variant="default"
          onClick={() => asking.mutate()}
          loading={asking.isPending}
          disabled={fields.host.trim() === ''}
        >
          {t('feeds.form.askHostKey')}
        </Button>
      </Group>
      {refusalOf(asking.error)}
      <Group grow align="flex-end">
        <TextInput label={t('feeds.form.username')} {...text('username')} />
        <TextInput
          label={t('feeds.form.password')}
          type="password"
          autoComplete="off"
          value={fields.secret}
          onChange={(event) => onChange({ secret: event.currentTarget.value })}
          {...kept}
        />
      </Group>
      <Textarea
        label={t('feeds.form.privateKey')}
        autosize
        maxRows={4}
        value={fields.privateKey}
        onChange={(event) => onChange({ privateKey: event.currentTarget.value })}
      />
      <Group grow align="flex-end">
        <TextInput label={t('feeds.form.folder')} {...text('folder')} />
        <TextInput label={t('feeds.form.pattern')} description={t('feeds.form.patternHelp')} {...text('pattern')} />
      </Group>
    </>
  )
}

type FoundProps = {
  found: Answer<'tryFeed'>
  columns: Record<string, string | null>
  onChange: (columns: Record<string, string | null>) => void
}

function Found({ found, columns, onChange }: FoundProps) {
  const { layout, headers, sample, wanted, warnings } = found
  const names = { ',': 'comma', ';': 'semicolon', '\t': 'tab', '|': 'bar' } as const
  return (
    <div role="region" aria-label={t('feeds.form.tried', { name: found.fileName })}>
      <Text fw={600} size="sm">
        {t('feeds.form.tried', { name: found.fileName })}
      </Text>
      <Text size="sm" c="dimmed">
        {t(`files.encodings.${layout.encoding}`)} · {t('files.delimiter')}:{' '}
        {t(`files.delimiters.${names[layout.delimiter]}`)} ·{' '}
        {t(`files.decimalMarks.${layout.decimalMark === '.' ? 'point' : 'comma'}`)}
      </Text>
      {warnings.map((warning) => (
        <Text key={warning} size="sm" c="var(--state-wait)">
          {warning}
        </Text>
      ))}
      <ColumnTable
        wanted={wanted}
        headers={headers}
        rows={sample}
        columns={columns}
        onChange={(column, header) => onChange({ ...columns, [column]: header })}
      />
      <SampleTable headers={headers} rows={sample} />
    </div>
  )
}
