// An icon drawn in one stroke, for the rows of long tables: all its lines are one path, where an icon of its own has many.
import { __iconNode as check } from '@tabler/icons-react/dist/esm/icons/IconCircleCheck.mjs'
import { __iconNode as dashed } from '@tabler/icons-react/dist/esm/icons/IconCircleDashed.mjs'
import { __iconNode as cross } from '@tabler/icons-react/dist/esm/icons/IconCircleX.mjs'
import { __iconNode as clock } from '@tabler/icons-react/dist/esm/icons/IconClock.mjs'
import { __iconNode as link } from '@tabler/icons-react/dist/esm/icons/IconLink.mjs'
import { __iconNode as minus } from '@tabler/icons-react/dist/esm/icons/IconMinus.mjs'
import { __iconNode as pencil } from '@tabler/icons-react/dist/esm/icons/IconPencil.mjs'
import { __iconNode as photo } from '@tabler/icons-react/dist/esm/icons/IconPhoto.mjs'
import { __iconNode as plus } from '@tabler/icons-react/dist/esm/icons/IconPlus.mjs'
import classes from './Glyph.module.css'

const icons = { check, dashed, cross, clock, link, minus, pencil, photo, plus }
const paths = Object.fromEntries(
  Object.entries(icons).map(([name, lines]) => [name, lines.map(([, { d }]) => d).join('')]),
)

export function Glyph({ name }: { name: keyof typeof icons }) {
  return (
    <svg viewBox="0 0 24 24" className={classes.glyph} aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  )
}
