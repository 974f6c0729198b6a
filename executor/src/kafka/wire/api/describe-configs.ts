import type { WireReader } from '../wire-reader.ts'
import type { Api } from './api.ts'

/** Asks for one setting of topics. */
export interface DescribeConfigsRequest {
  readonly topics: readonly string[]
  readonly setting: string
}

/** What a topic's setting is: its own value, or that of the broker behind it. */
export interface DescribedConfig {
  readonly topic: string
  readonly error: number
  /** Null where the broker does not tell it. */
  readonly value: string | null
}

const TOPIC = 2

/*
  DescribeConfigs Request v4 => [resources] include_synonyms include_documentation TAGS
    resources => resource_type resource_name [configuration_keys] TAGS
  DescribeConfigs Response v4 => throttle_time_ms [results] TAGS
    results => error_code error_message resource_type resource_name [configs] TAGS
      configs => name value read_only config_source is_sensitive [synonyms] config_type documentation TAGS
        synonyms => name value source TAGS
*/
/** DescribeConfigs, of topics. */
export const describeConfigs: Api<DescribeConfigsRequest, readonly DescribedConfig[]> = {
  name: 'DescribeConfigs',
  key: 32,
  minVersion: 4,
  maxVersion: 4,
  encode(writer, { topics, setting }) {
    writer
      .array(topics, (topic) => {
        writer.int8(TOPIC).string(topic)
        writer.array([setting], (name) => writer.string(name)).tags()
      })
      .boolean(false)
      .boolean(false)
      .tags()
  },
  decode(reader) {
    reader.int32()
    return reader.array(readTopic)
  },
}

function readTopic(reader: WireReader): DescribedConfig {
  const error = reader.int16()
  reader.nullableString()
  reader.int8()
  const topic = reader.string()
  const values = reader.array(readValue)
  reader.tags()
  return { topic, error, value: values[0] ?? null }
}

function readValue(reader: WireReader): string | null {
  reader.string()
  const value = reader.nullableString()
  reader.boolean()
  reader.int8()
  reader.boolean()
  reader.array(readSynonym)
  reader.int8()
  reader.nullableString()
  reader.tags()
  return value
}

function readSynonym(reader: WireReader): void {
  reader.string()
  reader.nullableString()
  reader.int8()
  reader.tags()
}
