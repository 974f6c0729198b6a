import { Button } from '@mantine/core'
import { counted } from '../format/numbers.ts'
import { wordsOf } from '../http/api-error.ts'
import { msg, t } from '../i18n/t.ts'
import { Notice } from '../ui/notice.tsx'
import { useCommand } from '../workspace/pipeline-queries.ts'
import { useWorkspace } from '../workspace/workspace.ts'

const ANSWERS = [
  { answer: 'keep_waiting', label: msg('Keep waiting') },
  { answer: 'roll_back', label: msg('Stay with the version before') },
  { answer: 'discard', label: msg('Give them up') },
] as const

/** Asks what to do while a publish cannot drain. */
export function DrainQuestion({ unread }: { readonly unread: number }) {
  const { pipelineId } = useWorkspace()
  const answer = useCommand(pipelineId, 'answer')
  return (
    <Notice
      tone="warn"
      urgent
      action={ANSWERS.map((choice) => (
        <Button
          key={choice.answer}
          size="sm"
          variant={choice.answer === 'discard' ? 'light' : 'default'}
          color={choice.answer === 'discard' ? 'err' : undefined}
          loading={answer.isPending && (answer.variables as { answer: string }).answer === choice.answer}
          onClick={() => answer.mutate({ answer: choice.answer })}
        >
          {t(choice.label)}
        </Button>
      ))}
    >
      {t(
        'The running version cannot finish: {records} in its internal topics are still unread. Giving them up loses them.',
        { records: counted(unread, 'record') },
      )}{' '}
      {answer.error && wordsOf(answer.error)}
    </Notice>
  )
}
