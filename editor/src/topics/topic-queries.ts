import type { TopicFacts } from '@millrace/contracts'
import { useQuery } from '@tanstack/react-query'
import { fetchSample, type SampleRequest } from '../connections/topic-sample.ts'
import { request, segment } from '../http/request.ts'

/** Records read at once to be looked at. */
export const SHOWN_RECORDS = 200

/** What a topic holds, and how far behind this pipeline is in it. */
export function useTopicFacts(connection: string, topic: string, pipeline: string) {
  return useQuery({
    queryKey: ['topic', connection, topic, pipeline],
    queryFn: ({ signal }) =>
      request<TopicFacts>(
        `/connections/${segment(connection)}/topics/${segment(topic)}?${new URLSearchParams({ pipeline })}`,
        { signal },
      ),
    refetchInterval: 5_000,
    retry: false,
  })
}

/** Some records of a topic, with the fields that they suggest. */
export function useTopicRecords(wanted: Pick<SampleRequest, 'connection' | 'topic' | 'partition' | 'from'>) {
  return useQuery({
    queryKey: ['topic-records', wanted],
    queryFn: ({ signal }) => fetchSample({ ...wanted, limit: SHOWN_RECORDS, fields: 'double' }, signal),
    // Records are data of people: they are not kept once nobody looks.
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  })
}
