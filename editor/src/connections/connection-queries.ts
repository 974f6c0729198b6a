import type { ConnectionBody, ConnectionCheck, SaveConnection, Topics } from '@millrace/contracts'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { request, segment } from '../http/request.ts'

const LIST = ['connections']

/** All connections; of their secrets only the names. */
export function useConnections() {
  return useQuery({
    queryKey: LIST,
    queryFn: ({ signal }) => request<readonly ConnectionBody[]>('/connections', { signal }),
    staleTime: 30_000,
  })
}

/** The topics of a Kafka connection; nothing while none is chosen. */
export function useTopics(connection: string) {
  return useQuery({
    queryKey: [...LIST, connection, 'topics'],
    queryFn: ({ signal }) => request<Topics>(`/connections/${segment(connection)}/topics`, { signal }),
    enabled: connection !== '',
    staleTime: 30_000,
    retry: false,
  })
}

/** Creates or changes a connection. */
export function useSaveConnection(id: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: SaveConnection) =>
      request<ConnectionBody>(`/connections/${segment(id)}`, { method: 'PUT', body }),
    onSuccess: () => client.invalidateQueries({ queryKey: LIST }),
  })
}

/** Deletes a connection. */
export function useDeleteConnection() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => request(`/connections/${segment(id)}`, { method: 'DELETE' }),
    onSuccess: () => client.invalidateQueries({ queryKey: LIST }),
  })
}

/** Asks the server behind a connection whether it answers. */
export function useCheckConnection() {
  return useMutation({
    mutationFn: (id: string) =>
      request<ConnectionCheck>(`/connections/${segment(id)}/check`, { method: 'POST', body: {} }),
  })
}
