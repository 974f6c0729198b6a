import { Autocomplete, Loader } from '@mantine/core'
import { useTopics } from '../../connections/connection-queries.ts'
import { counted } from '../../format/numbers.ts'
import { wordsOf } from '../../http/api-error.ts'
import { type ControlProps, emptied, inputProps, textOf } from '../control-props.ts'
import styles from '../form.module.css'
import { useForm } from '../form-context.ts'
import { siblingValue } from '../siblings.ts'

/** A topic of the connection that is chosen in the same form. A name that does not exist yet may be typed. */
export function TopicControl(props: ControlProps) {
  const { spec, path, value, onChange } = props
  const { config } = useForm()
  const connection = siblingValue(config, path, 'connection')
  const { data, error, isFetching } = useTopics(connection)
  const topics = data?.topics ?? []
  const chosen = topics.find(({ name }) => name === textOf(value))
  return (
    <>
      <Autocomplete
        {...inputProps(props)}
        placeholder={connection === '' ? 'Choose a connection first' : 'Name of a topic'}
        data={topics.map(({ name }) => name)}
        limit={50}
        maxLength={249}
        rightSection={isFetching ? <Loader size={12} /> : undefined}
        value={textOf(value)}
        onChange={(text) => onChange(emptied(spec, text))}
      />
      {chosen && <p className={styles.hint}>{counted(chosen.partitions, 'partition')}</p>}
      {error && <p className={styles.hint}>The topics cannot be listed: {wordsOf(error)}</p>}
    </>
  )
}
