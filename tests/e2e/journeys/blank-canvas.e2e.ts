import { randomBytes } from 'node:crypto'
import { createKafkaPort } from '@millrace/nodes/connectors'
import { EditorPage } from '../editor-page.ts'
import { expect, test } from '../fixtures.ts'
import { createPipeline, dialogOf } from '../pipelines.ts'
import { picture } from './picture.ts'

/** Journey J2: an empty canvas and a topic that nobody has described, with garbage in it. */
test('J2: reads a topic without a schema, marks the event time, and is told what is wrong with a condition', async ({
  page,
  world,
}) => {
  test.slow()
  const topic = `deliveries-${randomBytes(4).toString('hex')}`
  await fill(world.addresses.kafka, topic)
  const editor = new EditorPage(page)
  await createPipeline(page, 'Deliveries')
  const source = editor.panel('Kafka')

  await test.step('samples the topic, and infers its fields past the records that are none', async () => {
    await editor.dragFromPalette('kafka', { x: 0.2, y: 0.4 })
    await editor.choose(source.getByLabel('Connection'), 'Kafka')
    await source.getByLabel('Topic', { exact: true }).fill(topic)
    await source.getByRole('button', { name: 'From a sample' }).click()
    const dialog = dialogOf(page, `Fields of ${topic}`)
    await expect(dialog.getByRole('status')).toContainText('fields from')
    await picture(page, 'j2-1-fields')
    await dialog.getByRole('button', { name: /^Take \d+ fields$/ }).click()
    await editor.choose(source.getByLabel('Event time'), 'at')
  })

  await test.step('filters by a nested field, with a mistake in the type told in words', async () => {
    await editor.dragFromPalette('filter', { x: 0.5, y: 0.4 })
    await editor.connect(editor.port('Kafka', 'out:out'), editor.port('Filter', 'in:in'))
    await editor.select('Filter')
    const condition = await editor.conditionText(editor.panel('Filter'))
    await condition.fill("place.zone > 'north'")
    await editor.dock.getByRole('tab', { name: /Problems/ }).click()
    await expect(editor.problems).toContainText(/Filter/)
    await expect(editor.problems).toContainText(/int64|whole number/)
    await picture(page, 'j2-2-mistake')
    await condition.fill('place.zone > 1 and note is not null')
    await expect(editor.problems.getByText(/int64|whole number/)).toHaveCount(0)
  })

  await test.step('sees in the preview what passes, and the garbage as errors of the source', async () => {
    await editor.dock.getByRole('tab', { name: /Preview/ }).click()
    await expect(editor.output.getByRole('row').nth(1)).toBeVisible()
    await editor.select('Kafka')
    await expect(editor.dock.getByText(/The record is no JSON/).first()).toBeVisible()
    await picture(page, 'j2-3-garbage')
  })
})

/** Deliveries with a nested field and one that is often null, and every seventh record garbage. */
async function fill(brokers: string, topic: string): Promise<void> {
  const kafka = createKafkaPort({ brokers }, {})
  try {
    await kafka.createTopic({ name: topic, partitions: 1, replicationFactor: 1, config: {} })
    const records = Array.from({ length: 70 }, (_, i) => {
      const row = {
        id: `d-${i}`,
        at: 1_767_225_600_000 + i * 1000,
        place: { zone: i % 5 },
        note: i % 3 ? 'by hand' : null,
      }
      return { key: null, value: i % 7 === 6 ? '{"id":' : JSON.stringify(row) }
    })
    await kafka.produce(topic, records)
  } finally {
    await kafka.close()
  }
}
