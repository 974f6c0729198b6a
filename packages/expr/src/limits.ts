/** What bounds the work that an expression can cause. Text and string lengths are counted in UTF-16 units. */
export const LIMITS = {
  /** Length of an expression's text. */
  textLength: 4096,
  /** How deep an expression may be nested; a chain of one operator is one level, however long. */
  depth: 32,
  /** Literals, fields, operators and calls of one expression. */
  nodes: 500,
  /** How deep arrays and structs may be nested in a type. */
  typeDepth: 32,
  /** Length of the text of a type. */
  typeTextLength: 32_768,
  /** Length of a string that an expression makes. */
  stringLength: 65_536,
  /** How deep lambdas may stand within lambdas. */
  lambdaDepth: 4,
  /** Elements that lambdas are called for in one evaluation. */
  steps: 10_000,
  /** Characters and elements in all that arrays made by `transform` may hold in one evaluation. */
  keptSize: 1_048_576,
  /** Length of a pattern of `like` or of a regular expression. */
  patternLength: 1000,
  /** Instructions of a compiled regular expression. Time is at most this times the length of the text. */
  patternProgram: 1000,
  /** Length of a text that a regular expression is tried on. */
  matchedTextLength: 65_536,
  /** Length of a text times the number of matches in it, where all of them are asked for. */
  repeatedMatching: 1_048_576,
  /** Elements of an array that an expression makes. */
  arrayLength: 65_536,
} as const
