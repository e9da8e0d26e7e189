// The frame of the pages before signing in.
import { Paper, Stack, Text, Title } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import type { ReactNode } from 'react'
import { t } from '../../i18n.ts'
import { Mark } from '../../parts/Mark.tsx'
import classes from './Outside.module.css'

export function Outside({ title, intro, children }: { title: string; intro?: string; children: ReactNode }) {
  useDocumentTitle(`${title} · ${t('app.name')}`)
  return (
    <main className={classes.ground}>
      <div className={classes.column}>
        <div className={classes.brand}>
          <Mark size={38} />
          <span>{t('app.name')}</span>
        </div>
        <Paper className={classes.card} withBorder radius="lg">
          <Stack gap={4} mb="lg">
            <Title order={1}>{title}</Title>
            {intro && (
              <Text size="sm" c="dimmed">
                {intro}
              </Text>
            )}
          </Stack>
          {children}
        </Paper>
        <Text size="sm" c="dimmed" ta="center" mt="lg">
          {t('signIn.tagline')}
        </Text>
      </div>
    </main>
  )
}
