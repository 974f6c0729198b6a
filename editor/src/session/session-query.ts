import type { SessionBody } from '@millrace/contracts'
import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query'
import { ApiError } from '../http/api-error.ts'
import { request, whenUnauthorized } from '../http/request.ts'

const KEY = ['session']

/** Who is signed in; null: nobody. */
export function useSession() {
  return useQuery({ queryKey: KEY, queryFn: fetchSession, staleTime: 5 * 60_000 })
}

async function fetchSession(): Promise<SessionBody | null> {
  try {
    return await request<SessionBody>('/auth/session')
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return null
    throw error
  }
}

/** Any answer that says that nobody is signed in ends the session here too. */
export function followSession(client: QueryClient): void {
  whenUnauthorized(() => client.setQueryData(KEY, null))
}

/** What a sign-in page does with the cache. */
export interface SessionActions {
  /** Takes over a fresh session; what failed for the lack of one is asked again. */
  signedIn(session: SessionBody): void
  /** Ends the session and forgets all that was read with it. */
  signOut(): Promise<void>
}

/** Changes who is signed in. */
export function useSessionActions(): SessionActions {
  const client = useQueryClient()
  return {
    signedIn(session) {
      client.setQueryData(KEY, session)
      void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== KEY[0] })
    },
    async signOut() {
      await request('/auth/sign-out', { method: 'POST', body: {} })
      client.clear()
      client.setQueryData(KEY, null)
    },
  }
}
