// The first run: connect → import → map → switch on, each with its state and the next one with its button.
import { Group, Text, Title } from '@mantine/core'
import type { Answer } from '../../api.ts'
import { t } from '../../i18n.ts'
import { IconCheck } from '../../icons.ts'
import { HrefButton } from '../../parts/HrefButton.tsx'
import classes from './home.module.css'

export function FirstSteps({ steps }: { steps: Answer<'home'>['steps'] }) {
  const next = steps.find((step) => !step.done)?.key
  const done = steps.filter((step) => step.done).length
  return (
    <section className={`panel ${classes.block}`} aria-label={t('home.setUp')}>
      <Group justify="space-between" mb={2}>
        <Title order={2}>{t('home.setUp')}</Title>
        <Text size="sm" c="dimmed">
          {t('home.stepsDone', { done, total: steps.length })}
        </Text>
      </Group>
      <Text size="sm" c="dimmed" mb="md">
        {t('home.setUpIntro')}
      </Text>
      <ol className={classes.steps}>
        {steps.map(({ key, done: isDone, text, href }, index) => (
          <li key={key} className={classes.step} data-state={isDone ? 'done' : key === next ? 'next' : 'later'}>
            <span className={classes.stepMark} aria-hidden="true">
              {isDone ? <IconCheck size={15} stroke={2.4} /> : index + 1}
            </span>
            <div className={classes.stepText}>
              <Group gap={8}>
                <strong>{t(`home.steps.${key}`)}</strong>
                <span className={classes.stepState}>
                  {isDone ? t('home.stepDone') : key === next ? t('home.stepNext') : t('home.stepLater')}
                </span>
              </Group>
              <Text size="sm" c="dimmed">
                {text}
              </Text>
              {key === next && (
                <HrefButton href={href} variant="filled" size="sm" mt={10}>
                  {t(`home.stepButtons.${key}`)}
                </HrefButton>
              )}
            </div>
          </li>
        ))}
      </ol>
    </section>
  )
}
