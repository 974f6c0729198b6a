import { MantineProvider } from '@mantine/core'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { render } from '@testing-library/react'
import type { ReactElement } from 'react'
import { MemoryRouter } from 'react-router'
import { themeForLanguage } from '../theme/theme.ts'

/** Renders with what every page stands in. */
export function renderInApp(element: ReactElement) {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } })
  return render(
    <QueryClientProvider client={client}>
      <MantineProvider theme={themeForLanguage()} env="test">
        <MemoryRouter>{element}</MemoryRouter>
      </MantineProvider>
    </QueryClientProvider>,
  )
}
