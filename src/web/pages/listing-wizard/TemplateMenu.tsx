// A saved template over the chosen products: those for their kind first, and what would be missing before it is used.
import { Button, Menu } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Answer } from '../../api.ts'
import { ask } from '../../api.ts'
import { t } from '../../i18n.ts'
import { IconBookmark, IconChevronDown } from '../../icons.ts'
import { ApplyTemplate } from './ApplyTemplate.tsx'
import type { Wizard } from './use-wizard.ts'

export type Template = Answer<'listingTemplates'>[number]

export function TemplateMenu({ wizard }: { wizard: Wizard }) {
  const templates = useQuery(ask('listingTemplates', { params: { id: wizard.channelId } }))
  const [using, setUsing] = useState<Template>()
  const ours = new Set(wizard.loaded.map(({ own }) => own.category))
  const isLikely = ({ catalogueCategory }: Template) => catalogueCategory !== null && ours.has(catalogueCategory)
  const all = templates.data ?? []
  const groups = [
    { label: t('wizard.template.likely'), templates: all.filter(isLikely) },
    { label: t('wizard.template.others'), templates: all.filter((one) => !isLikely(one)) },
  ].filter((group) => group.templates.length > 0)
  if (all.length === 0) return null
  return (
    <>
      <Menu width={300}>
        <Menu.Target>
          <Button
            variant="default"
            size="xs"
            leftSection={<IconBookmark size={14} aria-hidden="true" />}
            rightSection={<IconChevronDown size={14} aria-hidden="true" />}
          >
            {t('wizard.template.use')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {groups.map((group) => (
            <div key={group.label} role="group" aria-label={group.label}>
              <Menu.Label>{group.label}</Menu.Label>
              {group.templates.map((template) => (
                <Menu.Item key={template.id} onClick={() => setUsing(template)}>
                  {template.name}
                </Menu.Item>
              ))}
            </div>
          ))}
        </Menu.Dropdown>
      </Menu>
      <ApplyTemplate template={using} chosen={wizard.chosen} onClose={() => setUsing(undefined)} />
    </>
  )
}
