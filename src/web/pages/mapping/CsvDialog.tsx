// A mapping file: what it would change is shown before anything is applied (B7).
import { Alert, Button, FileButton, Group, List, Modal, Stack, Table, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { Answer } from '../../api.ts'
import { call } from '../../api.ts'
import { countLabel } from '../../format.ts'
import { t } from '../../i18n.ts'
import { IconAlertTriangle, IconUpload } from '../../icons.ts'
import { tell, tellRefusal } from '../../parts/ask.tsx'
import { ErrorState } from '../../parts/ErrorState.tsx'
import { Figure, Figures } from '../../parts/Figure.tsx'
import { lookAgainAtMappings } from './use-drafts.ts'

type Diff = Answer<'diffMappingsCsv'>
const refusedShown = 20

export function CsvDialog({ channelId, opened, onClose }: { channelId: string; opened: boolean; onClose: () => void }) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t('mapping.csv.title')}
      size={820}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Content channelId={channelId} onClose={onClose} />
    </Modal>
  )
}

function Content({ channelId, onClose }: { channelId: string; onClose: () => void }) {
  const client = useQueryClient()
  const params = { id: channelId }
  const comparing = useMutation({
    mutationFn: (file: File) => {
      const body = new FormData()
      body.set('file', file)
      return call('diffMappingsCsv', { params, body })
    },
  })
  const applying = useMutation({
    mutationFn: (diff: Diff) => call('saveMappings', { params, body: diff.change_set }),
    onSuccess: (sum) => {
      tell(t('mapping.saved', sum))
      onClose()
      return lookAgainAtMappings(client)
    },
    onError: tellRefusal,
  })
  const diff = comparing.data
  const changes = diff ? diff.add + diff.change + diff.cut : 0
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        {comparing.isPending ? t('mapping.csv.reading', { name: comparing.variables.name }) : t('mapping.csv.intro')}
      </Text>
      {comparing.error && <ErrorState error={comparing.error} />}
      {diff && <DiffView diff={diff} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {t('common.cancel')}
        </Button>
        <FileButton accept=".csv,text/csv" onChange={(file) => file && comparing.mutate(file)}>
          {(button) => (
            <Button
              {...button}
              variant={diff ? 'default' : 'filled'}
              leftSection={<IconUpload size={15} />}
              loading={comparing.isPending}
            >
              {t('mapping.csv.choose')}
            </Button>
          )}
        </FileButton>
        {diff && changes > 0 && (
          <Button onClick={() => applying.mutate(diff)} loading={applying.isPending}>
            {t('mapping.csv.apply', { count: changes, shown: countLabel(changes) })}
          </Button>
        )}
      </Group>
    </Stack>
  )
}

function DiffView({ diff }: { diff: Diff }) {
  const changes = diff.add + diff.change + diff.cut
  return (
    <>
      <Figures>
        <Figure label={t('mapping.csv.add')}>{countLabel(diff.add)}</Figure>
        <Figure label={t('mapping.csv.change')}>{countLabel(diff.change)}</Figure>
        <Figure label={t('mapping.csv.cut')}>{countLabel(diff.cut)}</Figure>
        <Figure label={t('mapping.csv.same')}>{countLabel(diff.same)}</Figure>
        <Figure label={t('mapping.csv.refused')}>{countLabel(diff.refused.length)}</Figure>
      </Figures>
      {diff.refused.length > 0 && (
        <Alert
          color="red"
          variant="light"
          icon={<IconAlertTriangle />}
          title={t('mapping.csv.refusedTitle', { count: diff.refused.length })}
        >
          <List size="sm">
            {diff.refused.slice(0, refusedShown).map(({ line, reason }) => (
              <List.Item key={`${line} ${reason}`}>
                {t('mapping.csv.line', { line })}: {reason}
              </List.Item>
            ))}
          </List>
        </Alert>
      )}
      {changes === 0 && <Text size="sm">{t('mapping.csv.nothing')}</Text>}
      {diff.preview.length > 0 && (
        <Table.ScrollContainer minWidth={560} maxHeight={320} type="native">
          <Table fz="sm" stickyHeader>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('mapping.columns.listing')}</Table.Th>
                <Table.Th>{t('mapping.csv.before')}</Table.Th>
                <Table.Th>{t('mapping.csv.after')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {diff.preview.map((row, index) => (
                <Table.Tr key={index}>
                  <Table.Td>
                    <span className="code">{row.channelSku ?? t('mapping.noSku')}</span> {row.title}
                  </Table.Td>
                  <Table.Td className="code">{row.before || t('common.none')}</Table.Td>
                  <Table.Td className="code">{row.after || t('common.none')}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {diff.preview.length < changes && (
        <Text size="xs" c="dimmed">
          {t('mapping.csv.shownOf', { shown: diff.preview.length, total: countLabel(changes) })}
        </Text>
      )}
    </>
  )
}
