import { type ConfigIssue, quote } from '@millrace/graph'
import { issue } from './issue.ts'

const TOPIC = /^[A-Za-z0-9._-]{1,249}$/

/** Kafka's own topics, which no pipeline may touch, and Millrace's, which none may write. */
const RESERVED = { read: /^__/, write: /^(__|millrace\.)/ }

/** What is wrong with the choice of connection and topic; `writes` where the node writes the topic. */
export function checkTopic(
  { connection, topic }: { readonly connection: string; readonly topic: string },
  writes: boolean,
): readonly ConfigIssue[] {
  return [...checkConnection(connection), ...checkTopicName(topic, writes)]
}

/** What is wrong with the choice of a connection. */
export function checkConnection(connection: string): readonly ConfigIssue[] {
  return connection === '' ? [issue('connection_missing', ['connection'], 'Choose a connection.')] : []
}

function checkTopicName(topic: string, writes: boolean): readonly ConfigIssue[] {
  if (topic === '') return [issue('topic_missing', ['topic'], 'Choose a topic.')]
  if (!TOPIC.test(topic) || topic === '.' || topic === '..') {
    const message = `${quote(topic)} is no topic name: use letters, digits, ".", "_" and "-".`
    return [issue('topic_invalid', ['topic'], message)]
  }
  if (RESERVED[writes ? 'write' : 'read'].test(topic)) {
    return [issue('topic_invalid', ['topic'], `${quote(topic)} is reserved: choose another topic.`)]
  }
  return []
}
