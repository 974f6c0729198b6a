import { counted, formatCount } from '../format/numbers.ts'
import { type Message, msg, t } from '../i18n/t.ts'
import { type RecordKind, recordKind } from './record-kind.ts'

/** What a pipeline can make of the records of a topic, in words. */
export interface TopicVerdict {
  readonly tone: 'ok' | 'warn' | 'err' | 'neutral'
  readonly words: string
}

type Kind = RecordKind['kind']

/** What records that are no JSON objects are, behind their number. */
const WORDS: Readonly<Record<Exclude<Kind, 'object'>, Message>> = {
  json: msg('JSON, but no object (such as an array or a number)'),
  text: msg('plain text'),
  xml: msg('XML'),
  binary: msg('binary'),
  compressed: msg('compressed within the value'),
  empty: msg('without a value (a tombstone)'),
  registry: msg('written with a schema registry (Avro or Protobuf)'),
}

/** Judges sampled values: a source reads JSON objects, everything else goes to dead letters. */
export function judgeTopic(values: readonly (Uint8Array | null)[]): TopicVerdict {
  if (values.length === 0)
    return { tone: 'neutral', words: t('The topic is empty. Once events arrive, they are shown here.') }
  const kinds = Map.groupBy(values.map(recordKind), ({ kind }) => kind)
  const good = kinds.get('object')?.length ?? 0
  if (good === values.length)
    return {
      tone: 'ok',
      words: t('All {good} records that were read are JSON objects.', { good: formatCount(good) }),
    }
  const others = [...kinds]
    .flatMap(([kind, found]) => (kind === 'object' ? [] : [{ kind, found }]))
    .sort((a, b) => b.found.length - a.found.length)
    .map(({ kind, found }) => `${formatCount(found.length)} ${verb(found.length)} ${wordsOf(kind, found)}`)
    .join(', ')
  const all = formatCount(values.length)
  return good === 0
    ? {
        tone: 'err',
        words: t(
          'No record of the {all} that were read is a JSON object: {others}. A source reads JSON objects, so every one of these events would go to dead letters. Choose another topic, or have JSON written here.',
          { all, others },
        ),
      }
    : {
        tone: 'warn',
        words: t(
          '{records} of {all} would go to dead letters: {others}. The other {good} are JSON objects, and the fields are learnt from those.',
          { records: counted(values.length - good, 'record'), all, others, good: formatCount(good) },
        ),
      }
}

function verb(count: number): string {
  return count === 1 ? t('is') : t('are')
}

function wordsOf(kind: Exclude<Kind, 'object'>, found: readonly RecordKind[]): string {
  const ids = new Set(found.flatMap((record) => (record.kind === 'registry' ? [record.schemaId] : [])))
  if (ids.size === 0) return t(WORDS[kind])
  return t('{kind}, schema {ids}', { kind: t(WORDS[kind]), ids: [...ids].slice(0, 5).join(', ') })
}
