export { compile, compileCondition } from './compile.ts'
export {
  type CompiledExpression,
  type CompileResult,
  type Evaluate,
  type EvaluationContext,
  EvaluationError,
  type EvaluationErrorCode,
  type ExpressionFix,
  type ExpressionIssue,
  type ExpressionIssueCode,
  type ExpressionSchema,
} from './expression.ts'
export { LIMITS } from './limits.ts'
export { literal } from './literal.ts'
export { quoteName, quotePath } from './names.ts'
export { suggest } from './suggest.ts'
export { formatTimestamp, parseTimestamp, TIMESTAMP_LIMIT } from './timestamp.ts'
export {
  type ArrayType,
  arrayOf,
  type DataType,
  type Field,
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
export { formatType, parseType, type TypeResult } from './type-text.ts'
export { INT64_MAX, INT64_MIN, type Row, toInt64, type Value } from './value.ts'
