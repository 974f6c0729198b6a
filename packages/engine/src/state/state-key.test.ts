import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkProperty } from '../testing/check-property.ts'
import { parseStateKey, rowName, splitRowName, stateKeyPrefix } from './state-key.ts'

const anyText = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', ':', '1:', '1:a', '0:', 'a:1', '\u0000', '\n', '\u{1f600}'),
)
const nodeId = fc.stringMatching(/^[A-Za-z0-9_-]{1,12}$/)
const stateKey = fc.record({ nodeId, birth: fc.nat(), key: anyText, subKey: anyText })

function textOf({
  nodeId,
  birth,
  key,
  subKey,
}: {
  nodeId: string
  birth: number
  key: string
  subKey: string
}): string {
  return stateKeyPrefix(nodeId, birth) + rowName(key, subKey)
}

describe('state keys', () => {
  it('stand in the changelog as they always did', () => {
    expect(stateKeyPrefix('count', 3) + rowName('EU', '1700')).toBe('count:3:2:EU1700')
    expect(rowName('', '')).toBe('0:')
  })

  it('can be read back, whatever is in key and sub-key', async () => {
    await checkProperty(
      fc.property(stateKey, (parts) => {
        const { key, subKey } = parts
        const name = rowName(key, subKey)
        expect(splitRowName(name)).toEqual({ key, subKey })
        expect(parseStateKey(textOf(parts))).toEqual({ nodeId: parts.nodeId, birth: parts.birth, name })
      }),
      1000,
    )
  })

  it('differ where any part differs', async () => {
    await checkProperty(
      fc.property(stateKey, stateKey, (a, b) => {
        const same = (['nodeId', 'birth', 'key', 'subKey'] as const).every((part) => a[part] === b[part])
        expect(textOf(a) === textOf(b)).toBe(same)
      }),
      1000,
    )
  })

  it('share a prefix that no other key has, over all rows of a key', async () => {
    await checkProperty(
      fc.property(stateKey, anyText, anyText, (parts, otherKey, otherSubKey) => {
        const prefix = textOf({ ...parts, subKey: '' })
        expect(textOf(parts).startsWith(prefix)).toBe(true)
        const other = textOf({ ...parts, key: otherKey, subKey: otherSubKey })
        expect(other.startsWith(prefix)).toBe(otherKey === parts.key)
      }),
      1000,
    )
  })

  it.each([
    '',
    'position',
    'count',
    'count:3',
    'count:3:',
    'count:3:EU',
    'count:x:2:EU',
    ':3:2:EU',
    'a b:3:2:EU',
  ])('are none: %j', (text) => {
    expect(parseStateKey(text)).toBeNull()
  })
})
