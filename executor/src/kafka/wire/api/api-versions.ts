import type { WireReader } from '../wire-reader.ts'
import type { Api } from './api.ts'

/** Name and version of the client, for the broker's own metrics. */
export interface ApiVersionsRequest {
  readonly softwareName: string
  readonly softwareVersion: string
}

/** The versions of one request type that a broker speaks. */
export interface VersionRange {
  readonly min: number
  readonly max: number
}

/** What a broker offers. */
export interface ApiVersionsResponse {
  readonly error: number
  readonly versions: ReadonlyMap<number, VersionRange>
  /** Finalized level of each cluster feature (KIP-584), `transaction.version` among them. */
  readonly features: ReadonlyMap<string, number>
}

/*
  ApiVersions Request v3 => client_software_name client_software_version TAGS
  ApiVersions Response v3 => error_code [api_keys] throttle_time_ms TAGS   (after response header v0: no tagged fields)
    api_keys => api_key min_version max_version TAGS        (INT16 each)
    tag 2: [finalized_features] => name max_version_level min_version_level TAGS
*/
/** ApiVersions: asked once per connection, before anything else. */
export const apiVersions: Api<ApiVersionsRequest, ApiVersionsResponse> = {
  name: 'ApiVersions',
  key: 18,
  minVersion: 3,
  maxVersion: 3,
  encode(writer, request) {
    writer.string(request.softwareName).string(request.softwareVersion).tags()
  },
  decode(reader) {
    const error = reader.int16()
    const versions = new Map(reader.array(readVersionRange))
    reader.int32()
    const features = new Map<string, number>()
    reader.taggedFields({
      2: (field) => {
        for (const [name, level] of field.array(readFeature)) features.set(name, level)
      },
    })
    return { error, versions, features }
  },
}

function readVersionRange(reader: WireReader): readonly [number, VersionRange] {
  const key = reader.int16()
  const range = { min: reader.int16(), max: reader.int16() }
  reader.tags()
  return [key, range]
}

function readFeature(reader: WireReader): readonly [string, number] {
  const name = reader.string()
  const level = reader.int16()
  reader.int16()
  reader.tags()
  return [name, level]
}
