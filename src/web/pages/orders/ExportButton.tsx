// All rows of the view as a file; the browser downloads it while one goes on working.
import { Button, Tooltip } from '@mantine/core'
import { t } from '../../i18n.ts'
import { IconDownload } from '../../icons.ts'

export function ExportButton({ href, disabled }: { href: string; disabled: boolean }) {
  const icon = <IconDownload size={15} aria-hidden="true" />
  if (disabled)
    return (
      <Button variant="default" disabled leftSection={icon}>
        {t('orders.export')}
      </Button>
    )
  return (
    <Tooltip label={t('orders.exportHint')}>
      <Button component="a" href={href} download variant="default" leftSection={icon}>
        {t('orders.export')}
      </Button>
    </Tooltip>
  )
}
