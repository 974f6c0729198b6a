import { decodeJson, formatType, parseType } from '@millrace/expr'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { fieldsOfJson } from './from-json.ts'

const record = fc.dictionary(
  fc.oneof(fc.constantFrom('a', 'ts', 'x_at', '__proto__'), fc.string()),
  fc.jsonValue(),
)

/** Escaped, so that every character is one byte. */
function utf8(text: string): Uint8Array {
  const escaped = text.replace(/[^ -~]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
  return Uint8Array.from(escaped, (char) => char.charCodeAt(0))
}

it('random records give fields whose types can be written, and that read the records where confidence is full', {
  timeout: 60_000,
}, () => {
  fc.assert(
    fc.property(fc.array(record, { maxLength: 8 }), fc.boolean(), (made, decimals) => {
      const records = made.map((value) => JSON.parse(JSON.stringify(value)))
      const { fields, read } = fieldsOfJson(records, { decimals })
      expect(read).toBe(records.length)
      for (const { type, confidence } of fields) {
        expect(parseType(formatType(type))).toEqual({ ok: true, type })
        expect(confidence).toBeGreaterThan(0)
        expect(confidence).toBeLessThanOrEqual(1)
      }
      expect(fieldsOfJson(records, { decimals }).fields).toEqual(fields)
      const sure = fields.filter(({ confidence }) => confidence === 1)
      const decode = decodeJson(sure.map(({ name, type }) => ({ name, type })))
      for (const value of records) decode(utf8(JSON.stringify(value)))
    }),
    { numRuns: 200 },
  )
})

it('anything at all gives something', { timeout: 60_000 }, () => {
  fc.assert(
    fc.property(fc.array(fc.anything()), (values) => void fieldsOfJson(values)),
    { numRuns: 500 },
  )
})
