import { END_OF_INPUT } from '../record.ts'

/** A watermark that stays behind another one by so many ms; the end of the input is the end for everybody. */
export function heldBack(watermark: number, by: number): number {
  return watermark === END_OF_INPUT ? watermark : watermark - by
}
