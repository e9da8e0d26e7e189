// One icon a file keeps the build from reading all six thousand; those files carry no types of their own.
declare module '@tabler/icons-react/dist/esm/icons/*.mjs' {
  import type { Icon } from '@tabler/icons-react'
  const icon: Icon
  export default icon
  /** Its lines, each with what an SVG path is given. */
  // oxlint-disable-next-line no-underscore-dangle -- the package's own name
  export const __iconNode: [name: string, attributes: { d: string }][]
}
