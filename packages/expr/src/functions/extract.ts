import { extracted } from '../sql/time.ts'
import { type TimePart, timeParts } from '../time-parts.ts'
import { type FunctionRow, prepared, row } from './function.ts'

/** The function behind `extract(year from ts)`. */
// biome-ignore format: one row a line, columns aligned
export const EXTRACT_FUNCTION: readonly FunctionRow[] = [
  row('extract', ['time_part', 'timestamp'], 'int64', 'any', prepared((part: TimePart) => timeParts[part]), extracted, 'A part of a timestamp in UTC: second, minute, hour, day, week (ISO), month, quarter, year, isoyear, isodow (1 is Monday), doy (day of the year) or epoch (seconds since 1970).', "extract(year from timestamp '2026-01-31') = 2026"),
]
