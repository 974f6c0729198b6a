import type { NodeConfig } from '@millrace/graph'
import { fireEvent, screen } from '@testing-library/react'
import { afterEach, expect, test, vi } from 'vitest'
import { renderInApp } from '../../testing/render.tsx'
import { type Form, FormContext } from '../form-context.ts'
import { IndexCheck } from './index-check.tsx'

afterEach(() => vi.unstubAllGlobals())

function show(answer: object, config: NodeConfig = {}) {
  vi.stubGlobal('fetch', async () => Response.json(answer))
  const set = vi.fn()
  const form = {
    config: { connection: 'es', alias: 'orders', fields: [{ field: 'id', type: 'text' }], ...config },
    fieldsAt: () => [{ name: 'id', type: { kind: 'string', nullable: true } }],
    set,
  } as unknown as Form
  renderInApp(
    <FormContext value={form}>
      <IndexCheck path={['fields']} />
    </FormContext>,
  )
  return set
}

test('says how fields differ from the index that exists, and mends it with one click', async () => {
  const set = show({
    indices: ['orders-all'],
    isIndex: false,
    fields: [
      { name: 'id', types: ['keyword'] },
      { name: 'old', types: ['long'] },
    ],
  })
  await screen.findByText(/The index holds "id" as keyword, and it is text here/)
  expect(screen.getByText(/1 field cannot be written to the index that exists/)).toBeTruthy()
  expect(screen.getByText(/Only in older documents: old/)).toBeTruthy()
  fireEvent.click(screen.getByRole('button', { name: 'Use keyword' }))
  expect(set).toHaveBeenCalledWith(['fields', '0', 'type'], 'keyword', { isStep: true, label: 'Use keyword' })
})

test('says that there is no index yet, and that a name is taken', async () => {
  show({ indices: [], isIndex: false, fields: [] })
  await screen.findByText(/There is no index behind “orders” yet/)
  show({ indices: [], isIndex: true, fields: [] })
  await screen.findByText(/is the name of an index that Millrace did not make/)
})
