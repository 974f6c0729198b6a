import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { createBrowserRouter } from 'react-router'
import { RouterProvider } from 'react-router/dom'
import './theme/global.css'
import { createQueryClient } from './http/query-client.ts'
import { startLanguage, useLanguage } from './i18n/language.ts'
import { followSession } from './session/session-query.ts'
import { reloadAfterUpgrade } from './shell/reload-after-upgrade.ts'
import { routes } from './shell/routes.tsx'
import { followContrast } from './theme/appearance.ts'
import { cssVariablesResolver, themeForLanguage } from './theme/theme.ts'
import { contrastStyle } from './theme/tokens.ts'

reloadAfterUpgrade(sessionStorage)
followContrast()
await startLanguage()

const queryClient = createQueryClient()
followSession(queryClient)

const router = createBrowserRouter(routes)

function Editor() {
  useLanguage()
  return (
    <MantineProvider
      theme={themeForLanguage()}
      cssVariablesResolver={cssVariablesResolver}
      defaultColorScheme="auto"
    >
      <Notifications position="bottom-right" />
      <RouterProvider router={router} />
    </MantineProvider>
  )
}

createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <style>{contrastStyle()}</style>
      <Editor />
    </QueryClientProvider>
  </StrictMode>,
)
