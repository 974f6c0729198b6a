import { expect, it } from 'vitest'
import { fieldsOfSchema } from './from-schema.ts'

it.each([
  ['Avro', '{"type":"record","name":"A","fields":[{"name":"id","type":"string"}]}', 1],
  ['Avro', '[{"type":"record","name":"A","fields":[{"name":"id","type":"string"}]}]', 1],
  ['JSON Schema', '{"type":"object","properties":{"id":{"type":"string"}}}', 1],
  ['JSON Schema', ' {"properties": {"id"', 0],
  ['Protobuf', 'syntax = "proto3"; message A { string id = 1; }', 1],
  ['Protobuf', '', 0],
])('tells %s from %j', (format, text, count) => {
  const found = fieldsOfSchema(text)
  expect(found.format).toBe(format)
  expect(found.fields).toHaveLength(count)
  expect(found.issues.length > 0).toBe(count === 0)
})
