import type { CreatePipeline, PipelineBody, PipelineRow, Template } from '@millrace/contracts'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { request, segment } from '../http/request.ts'

const LIST = ['pipelines']

/** All pipelines, read anew every 3 s while the page is looked at. */
export function usePipelines() {
  return useQuery({
    queryKey: LIST,
    queryFn: ({ signal }) => request<readonly PipelineRow[]>('/pipelines', { signal }),
    refetchInterval: 3_000,
  })
}

/** What a new pipeline can begin with. */
export function useTemplates() {
  return useQuery({
    queryKey: ['templates'],
    queryFn: ({ signal }) => request<readonly Template[]>('/templates', { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  })
}

/** Makes a pipeline, empty or from a template. */
export function useCreatePipeline() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: CreatePipeline) => request<PipelineBody>('/pipelines', { method: 'POST', body }),
    onSuccess: () => client.invalidateQueries({ queryKey: LIST }),
  })
}

/** Deletes a pipeline with its versions. */
export function useDeletePipeline() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => request(`/pipelines/${segment(id)}`, { method: 'DELETE' }),
    onSuccess: () => client.invalidateQueries({ queryKey: LIST }),
  })
}
