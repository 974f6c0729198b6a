import { QueryClient } from '@tanstack/react-query'
import { ApiError } from './api-error.ts'

/** The cache of what the api said. Only what may help is tried again. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 2_000,
        retry: (failures, error) => failures < 2 && error instanceof ApiError && error.isTemporary,
        refetchOnWindowFocus: true,
      },
      mutations: { retry: false },
    },
  })
}
