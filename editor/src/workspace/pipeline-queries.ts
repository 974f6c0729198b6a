import type { DeploymentBody, OperationStarted, PipelineBody, RunSettingsBody } from '@millrace/contracts'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { request, segment } from '../http/request.ts'

const keyOf = (id: string) => ['pipeline', id]

/** A pipeline with its draft and what is live. Read anew now and then, so that drafts of others are seen. */
export function usePipeline(id: string) {
  return useQuery({
    queryKey: keyOf(id),
    queryFn: ({ signal }) => request<PipelineBody>(`/pipelines/${segment(id)}`, { signal }),
    refetchInterval: 15_000,
    staleTime: 0,
  })
}

/** How the pipeline's deployment stands; often while something is going on. */
export function useDeployment(id: string) {
  return useQuery({
    queryKey: [...keyOf(id), 'deployment'],
    queryFn: ({ signal }) => request<DeploymentBody>(`/pipelines/${segment(id)}/deployment`, { signal }),
    refetchInterval: ({ state }) => (isMoving(state.data) ? 1_000 : 4_000),
  })
}

/** True while an operation is at work. */
export function isMoving(deployment: DeploymentBody | undefined): boolean {
  const operation = deployment?.operation
  return operation != null && operation.outcome === null
}

/** What can be asked of a deployment: the last part of the address. */
export type DeploymentCommand = 'publish' | 'start' | 'stop' | 'replay' | 'roll-back' | 'continue' | 'answer'

/** Starts an operation on a pipeline; its progress is read by `useDeployment`. */
export function useCommand(id: string, command: DeploymentCommand) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: object) =>
      request<OperationStarted>(`/pipelines/${segment(id)}/${command}`, { method: 'POST', body }),
    onSettled: () => client.invalidateQueries({ queryKey: keyOf(id) }),
  })
}

/** Changes how a pipeline runs. */
export function useChangeSettings(id: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: RunSettingsBody) =>
      request<RunSettingsBody>(`/pipelines/${segment(id)}/settings`, { method: 'PUT', body }),
    onSettled: () => client.invalidateQueries({ queryKey: keyOf(id) }),
  })
}
