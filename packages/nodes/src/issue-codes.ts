/** Every code of an issue that a node type raises about its settings, with what it means. */
// biome-ignore format: one row a code, aligned
export const ISSUE_CODES = {
  connection_missing:    'No connection is chosen.',
  topic_missing:         'No topic is chosen.',
  topic_invalid:         'The name is not one that Kafka takes, or it is reserved.',
  fields_missing:        'No fields are named where at least one is needed.',
  field_name_missing:    'A field has no name.',
  duplicate_field:       'Two fields of one schema have the same name.',
  type_invalid:          'The text of a type cannot be read.',
  field_missing:         'A field must be chosen.',
  unknown_field:         'A setting names a field that the stream does not have.',
  field_type:            'A field has a type that does not serve the purpose.',
  expression_missing:    'An expression must be written.',
  expression_invalid:    'An expression does not fit the stream, or its text is wrong.',
  offset_too_large:      'The offset of a window is not smaller than its size.',
  step_uneven:           'The step of cumulative windows does not divide their length.',
  too_many_windows:      'An event would belong to too many windows, or a period would have too many.',
  time_zone_unknown:     'There is no time zone of this name.',
  argument_missing:      'An aggregate needs an argument.',
  argument_type:         'An aggregate does not take an argument of this type.',
  update_key_lost:       'A field that tells which row is corrected later goes no further.',
  miss_loses_updates:    'Corrections of an updating stream that find no reference row would go no further.',
  table_missing:         'No table is given.',
  table_invalid:         'A table in the settings has a mistake, on the line that is named.',
  table_too_large:       'A table in the settings has more rows than it may.',
  update_key_unused:     'A record key or document id is not made of what names the rows of an updating stream.',
  alias_missing:         'No alias is given.',
  alias_invalid:         'The alias is not a name from which index names can be made.',
  document_id_missing:   'No template for the document id is given.',
  document_id_invalid:   'The template for the document id is wrong.',
  index_date_may_change: 'The date in the index name could change for one document id.',
  mapping_type:          'A mapping type does not hold the values of its field.',
  retention_unused:      'A retention is set where there are no daily indices to drop.',
} as const satisfies { readonly [code: string]: string }

/** A code that a node type raises. */
export type NodeIssueCode = keyof typeof ISSUE_CODES
