import { describe, expect, test } from 'vitest'
import { returnPath } from './return-path.ts'

describe('returnPath', () => {
  test.each([
    ['/pipelines/abc?node=n1', '/pipelines/abc?node=n1'],
    [null, '/pipelines'],
    ['/sign-in?return=/x', '/pipelines'],
    ['//evil.example', '/pipelines'],
    ['/\\evil.example', '/pipelines'],
    ['https://evil.example', '/pipelines'],
    ['javascript:alert(1)', '/pipelines'],
  ])('%s leads to %s', (wanted, expected) => {
    expect(returnPath(wanted)).toBe(expected)
  })
})
