// Mantine's button and anchor as links of the router, so that pages are typed and nothing reloads.
import type { AnchorProps, ButtonProps } from '@mantine/core'
import { Anchor, Button } from '@mantine/core'
import { createLink } from '@tanstack/react-router'
import type { ComponentProps } from 'react'

type LinkProps = Omit<ComponentProps<'a'>, 'color' | 'style'>

export const ButtonLink = createLink((props: ButtonProps & LinkProps) => <Button component="a" {...props} />)
export const AnchorLink = createLink((props: AnchorProps & LinkProps) => <Anchor {...props} />)
