import { Autocomplete, Button, Loader, Modal } from '@mantine/core'
import { lazy, Suspense, useState } from 'react'
import { useTopics } from '../../connections/connection-queries.ts'
import { counted } from '../../format/numbers.ts'
import { wordsOf } from '../../http/api-error.ts'
import { t } from '../../i18n/t.ts'
import { type ControlProps, emptied, inputProps, textOf } from '../control-props.ts'
import styles from '../form.module.css'
import { useForm } from '../form-context.ts'
import { siblingValue } from '../siblings.ts'
import { sensitiveRows } from './sensitive-rows.ts'
import { useTakeTopic } from './use-take-topic.ts'

const TopicBrowser = lazy(async () => ({
  default: (await import('../../topics/topic-browser.tsx')).TopicBrowser,
}))

/** A topic of the connection that is chosen in the same form. A name that does not exist yet may be typed. */
export function TopicControl(props: ControlProps) {
  const { spec, path, value, onChange } = props
  const { config, pipelineId } = useForm()
  const [isBrowsing, setBrowsing] = useState(false)
  const connection = siblingValue(config, path, 'connection')
  const { data, error, isFetching } = useTopics(connection)
  const topics = data?.topics ?? []
  const chosen = topics.find(({ name }) => name === textOf(value))
  const { fills } = spec.hint
  const taking = useTakeTopic(path, fills)
  const close = () => setBrowsing(false)
  return (
    <>
      <Autocomplete
        {...inputProps(props)}
        placeholder={connection === '' ? t('Choose a connection first') : t('Name of a topic')}
        data={topics.map(({ name }) => name)}
        limit={50}
        maxLength={249}
        rightSection={isFetching ? <Loader size={12} /> : undefined}
        value={textOf(value)}
        onChange={(text) => onChange(emptied(spec, text))}
      />
      <div className={styles.tokens}>
        <Button size="xs" variant="light" disabled={connection === ''} onClick={() => setBrowsing(true)}>
          {t('Browse topics')}
        </Button>
        {chosen && <span className="caption">{counted(chosen.partitions, 'partition')}</span>}
      </div>
      <Modal opened={isBrowsing} onClose={close} title={t('Topics')} size="min(1180px, 94vw)">
        <Suspense>
          <TopicBrowser
            connection={connection}
            chosen={textOf(value)}
            pipelineId={pipelineId}
            sensitive={sensitiveRows(config, path, fills?.fields)}
            standing={taking.standing}
            onChoose={(topic) => {
              taking.choose(topic)
              close()
            }}
            {...(fills?.fields && {
              onTake: (topic, taken) => {
                taking.take(topic, taken)
                close()
              },
            })}
          />
        </Suspense>
      </Modal>
      {error && (
        <p className={styles.hint}>{t('The topics cannot be listed: {error}', { error: wordsOf(error) })}</p>
      )}
    </>
  )
}
