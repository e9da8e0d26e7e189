// Starts the web app: theme, queries, router.
import { MantineProvider } from '@mantine/core'
import { ModalsProvider } from '@mantine/modals'
import { Notifications } from '@mantine/notifications'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import '@mantine/spotlight/styles.css'
import './app.css'
import { ApiRefusal, whenSignedOut } from './api.ts'
import { cssVariables, theme } from './theme.ts'
import { makeRouter } from './router.tsx'

const client = new QueryClient({
  defaultOptions: {
    queries: {
      // The live stream says when something changed; this only covers what it missed.
      staleTime: 20_000,
      retry: (failures, error) =>
        failures < 2 && !(error instanceof ApiRefusal && error.status >= 400 && error.status < 500),
    },
  },
})
const router = makeRouter(client)

whenSignedOut(() => {
  const { pathname, href } = router.state.location
  if (pathname === '/sign-in' || pathname === '/setup' || !client.getQueryData(['me', null])) return
  client.removeQueries({ queryKey: ['me'] })
  void router.navigate({ to: '/sign-in', search: { next: href } as never, ignoreBlocker: true })
})

const place = document.querySelector('#root')
if (place)
  createRoot(place).render(
    <StrictMode>
      <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
        <QueryClientProvider client={client}>
          <Notifications position="bottom-right" limit={4} />
          <ModalsProvider>
            <RouterProvider router={router} />
          </ModalsProvider>
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  )
