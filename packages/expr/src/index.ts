export { decodeBase64, encodeBase64 } from './base64.ts'
export { greaterOf, lesserOf } from './compare.ts'
export { compile, compileCondition } from './compile.ts'
export { type Completion, type Completions, completions, type SamplesOf } from './completions.ts'
export {
  formatSimpleConditions,
  parseSimpleConditions,
  type SimpleCondition,
  type SimpleConditions,
  type SimpleGroup,
  type SimpleOperand,
  type SimpleOperator,
  simpleOperators,
} from './conditions.ts'
export {
  addDecimals,
  decimalToDouble,
  divideDecimals,
  fitsPrecision,
  formatDecimal,
  multiplyDecimals,
  readDecimal,
  rescale,
  subtractDecimals,
} from './decimal.ts'
export { decimalAverageType, decimalSumType } from './decimal-type.ts'
export {
  type CompiledExpression,
  type CompileResult,
  type Evaluate,
  type EvaluationContext,
  EvaluationError,
  type EvaluationErrorCode,
  type ExpressionFix,
  type ExpressionHint,
  type ExpressionHintCode,
  type ExpressionIssue,
  type ExpressionIssueCode,
  type ExpressionSchema,
  type SoftErrorCode,
} from './expression.ts'
export { type FunctionDoc, functionDocs } from './function-docs.ts'
export { expressionParser, HIGHLIGHT_NODES, type HighlightRole } from './highlight.ts'
export { addInt64, type Int64 } from './int64.ts'
export { type DecodeOptions, type DecodeRecord, decodeJson } from './json/decode.ts'
export { DecodeError, type DecodeErrorCode } from './json/decode-error.ts'
export { type EncodeRow, encodeJson } from './json/encode.ts'
export { decodeKey, encodeKey, isKeyType, keyText } from './key.ts'
export { LIMITS } from './limits.ts'
export { literal } from './literal.ts'
export { quoteName, quotePath } from './names.ts'
export type { SqlOptions } from './sql/call-sql.ts'
export { quoteIdentifier, sqlText, sqlType } from './sql/words.ts'
export { suggest } from './suggest.ts'
export { type TimeZone, timeZone } from './time-zone.ts'
export { daysFromCivil, formatTimestamp, parseTimestamp, TIMESTAMP_LIMIT } from './timestamp.ts'
export type { SqlResult } from './to-sql.ts'
export {
  type ArrayType,
  arrayOf,
  type DataType,
  type DecimalType,
  decimal,
  type Field,
  isMapKeyType,
  MAX_PRECISION,
  type MapKeyType,
  type MapType,
  mapOf,
  SCALAR_KINDS,
  type ScalarKind,
  type ScalarType,
  type StructType,
  sameFields,
  sameType,
  scalar,
  structOf,
  withNullable,
} from './type.ts'
export { formatKind, formatType, parseType, type TypeResult } from './type-text.ts'
export { decodeUtf8, encodeUtf8 } from './utf8.ts'
export { INT64_MAX, INT64_MIN, type Row, toInt64, toWhole, type Value, type Whole } from './value.ts'
