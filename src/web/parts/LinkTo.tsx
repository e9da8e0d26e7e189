// Mantine's button and anchor as links of the router, so that pages are typed and nothing reloads.
import { Anchor, Button } from '@mantine/core'
import { createLink } from '@tanstack/react-router'

export const ButtonLink = createLink(Button<'a'>)
export const AnchorLink = createLink(Anchor<'a'>)
