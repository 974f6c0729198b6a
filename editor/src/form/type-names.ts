/** Types as people write them: what is offered where one is typed. */
export const TYPE_NAMES: readonly string[] = [
  'string',
  'int64',
  'decimal(18, 2)',
  'double',
  'boolean',
  'timestamp',
  'bytes',
  'array<string>',
  'map<string, string>',
  'struct<name string>',
]
