import type { PreviewRow } from '@millrace/engine'
import { scalar } from '@millrace/expr'
import { fireEvent, screen } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import { renderInApp } from '../testing/render.tsx'
import type { Fates } from './fates.ts'
import { RowTable } from './row-table.tsx'

const fields = [
  { name: 'orderId', type: scalar('string') },
  { name: 'total', type: scalar('double') },
]

const rows: readonly PreviewRow[] = Array.from({ length: 1_000 }, (_, offset) => ({
  row: [`o-${offset}`, offset],
  time: offset,
  origin: { topic: 'orders', partition: 0, offset },
  open: offset === 2,
  events: offset,
}))

const fates: Fates = new Map([
  ['orders/0/0', { kind: 'dropped', cause: 'the condition is true' }],
  ['orders/0/1', { kind: 'failed', message: 'No number' }],
])

describe('a table of rows', () => {
  test('keeps only rows in sight in the page, and shows the others when it is scrolled', () => {
    const { container } = renderInApp(<RowTable rows={rows} fields={fields} fates={null} empty="" />)
    expect(container.querySelectorAll('tbody tr').length).toBeLessThan(60)
    expect(screen.queryByText('o-900')).toBeNull()
    const scroller = container.querySelector('[tabindex="0"]') as HTMLElement
    scroller.scrollTop = 900 * 27
    fireEvent.scroll(scroller)
    expect(screen.getByText('o-900')).toBeTruthy()
    expect(container.querySelectorAll('tbody tr').length).toBeLessThan(60)
  })

  test('says what became of each row', () => {
    renderInApp(<RowTable rows={rows.slice(0, 4)} fields={fields} fates={fates} empty="" />)
    const marks = screen
      .getAllByRole('row')
      .slice(1)
      .map((row) => row.lastElementChild?.textContent)
    expect(marks.slice(0, 2)).toEqual(['the condition is true', 'error'])
    expect(screen.getAllByRole('img', { name: 'went through' })).toHaveLength(2)
    expect(screen.getAllByRole('img', { name: 'still open' })).toHaveLength(1)
  })

  test('marks rows of an updating stream that were changed, and those that are gone', () => {
    const [first, second, third] = rows as [PreviewRow, PreviewRow, PreviewRow]
    const changed = [
      { ...first, updates: 0 },
      { ...second, updates: 2 },
      { ...third, updates: 3, deleted: true as const },
    ]
    renderInApp(<RowTable rows={changed} fields={fields} fates={null} empty="" />)
    expect(screen.getByTitle('The last state of this row, after 2 changes').textContent).toBe('×3')
    expect(screen.getByTitle('Deleted in the end, after 3 changes').textContent).toBe('deleted')
    expect(screen.queryByTitle(/after 0/)).toBeNull()
  })

  test('says why there is none', () => {
    renderInApp(<RowTable rows={[]} fields={fields} fates={null} empty="Everything was dropped." />)
    expect(screen.getByText('Everything was dropped.')).toBeTruthy()
  })
})
