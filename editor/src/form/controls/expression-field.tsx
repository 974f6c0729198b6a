import { Input, Textarea } from '@mantine/core'
import {
  type Completion,
  compile,
  compileCondition,
  completions,
  type Field,
  formatType,
  type SamplesOf,
} from '@millrace/expr'
import { type KeyboardEvent, type ReactNode, useId, useRef, useState } from 'react'
import { Icon } from '../../ui/icon.tsx'
import { type ControlProps, emptied, textOf } from '../control-props.ts'
import { suggestionsAt } from '../expression-suggestions.ts'
import styles from '../form.module.css'
import { samplesFor, useForm } from '../form-context.ts'

/** What the input of an expression may be told. */
export interface ExpressionFieldProps extends ControlProps {
  /** Fields that may be named; null while they are unknown. */
  readonly fields: readonly Field[] | null
  /** A condition must be true or false. */
  readonly kind: 'expression' | 'condition'
  readonly label: ReactNode
  /** The label for screen readers. */
  readonly name: string
}

/** The text of an expression, checked while it is typed, with fields and functions to choose from. */
export function ExpressionField(props: ExpressionFieldProps) {
  const { spec, value, onChange, fields, kind, label, name, isWrong, describedBy } = props
  const inputId = useId()
  const text = textOf(value)
  const input = useRef<HTMLTextAreaElement>(null)
  const samplesOf = samplesFor(useForm(), spec.hint)
  const list = useSuggestions(text, { fields: fields ?? [], samplesOf }, input, (next) =>
    onChange(emptied(spec, next)),
  )
  return (
    <div>
      <div className={styles.labelRow}>
        {label}
        <TypeCheck text={text} fields={fields} kind={kind} />
      </div>
      <div className={styles.expression}>
        <Textarea
          ref={input}
          id={inputId}
          aria-label={name}
          aria-describedby={describedBy}
          error={isWrong}
          size="sm"
          autosize
          minRows={kind === 'condition' ? 2 : 1}
          maxRows={8}
          spellCheck={false}
          autoComplete="off"
          maxLength={spec.schema.maxLength}
          placeholder={spec.hint.placeholder}
          classNames={{ input: styles.code }}
          value={text}
          onChange={(event) => {
            onChange(emptied(spec, event.currentTarget.value))
            list.open(event.currentTarget.value, event.currentTarget.selectionStart)
          }}
          onKeyDown={list.onKeyDown}
          onBlur={list.close}
          {...list.inputProps}
        />
        {list.element}
      </div>
      <Input.Description mt={4}>{spec.description}</Input.Description>
    </div>
  )
}

/** The type of an expression that is right. What is wrong is said below the field. */
function TypeCheck({
  text,
  fields,
  kind,
}: Pick<ExpressionFieldProps, 'fields' | 'kind'> & { readonly text: string }) {
  if (text.trim() === '') return null
  if (fields === null) return <span className={styles.optionType}>connect an input to check it</span>
  const result = kind === 'condition' ? compileCondition(text, fields) : compile(text, fields)
  if (!result.ok) return null
  return (
    <span className={styles.check}>
      <Icon name="ok" size={14} />
      {formatType(result.expression.type).replace(' not null', '')}
    </span>
  )
}

interface OpenList {
  readonly from: number
  readonly to: number
  readonly options: readonly Completion[]
}

/** The list of what can be written at the caret: arrows choose, Enter or Tab inserts, Escape closes. */
function useSuggestions(
  text: string,
  { fields, samplesOf }: { readonly fields: readonly Field[]; readonly samplesOf: SamplesOf },
  input: { readonly current: HTMLTextAreaElement | null },
  onChange: (text: string) => void,
) {
  const listId = useId()
  const [list, setList] = useState<OpenList | null>(null)
  const [active, setActive] = useState(0)
  const close = () => setList(null)
  const open = (now: string, caret: number, isAsked = false) => {
    setList(suggestionsAt(now, caret, completions(now, caret, fields, samplesOf), isAsked))
    setActive(0)
  }
  const insert = ({ insert: inserted }: Completion) => {
    if (list === null) return
    onChange(text.slice(0, list.from) + inserted + text.slice(list.to))
    close()
    const caret = list.from + inserted.length
    requestAnimationFrame(() => input.current?.setSelectionRange(caret, caret))
  }
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key === ' ' && event.ctrlKey) {
      event.preventDefault()
      open(text, event.currentTarget.selectionStart, true)
      return
    }
    if (list === null) return
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    const chosen = list.options[active]
    if (step !== undefined) setActive((active + step + list.options.length) % list.options.length)
    else if ((event.key === 'Enter' || event.key === 'Tab') && chosen) insert(chosen)
    else if (event.key === 'Escape') close()
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  const inputProps = {
    'aria-autocomplete': 'list',
    'aria-haspopup': 'listbox',
    'aria-controls': list === null ? undefined : listId,
    'aria-activedescendant': list === null ? undefined : `${listId}-${active}`,
  } as const
  const element = list && (
    <div className={styles.suggestions} role="listbox" id={listId} aria-label="What can be written here">
      {list.options.map((option, i) => (
        <Suggestion
          key={`${option.kind} ${option.label}`}
          id={`${listId}-${i}`}
          option={option}
          isActive={i === active}
          onChoose={() => insert(option)}
        />
      ))}
    </div>
  )
  return { open, close, onKeyDown, inputProps, element }
}

interface SuggestionProps {
  readonly id: string
  readonly option: Completion
  readonly isActive: boolean
  readonly onChoose: () => void
}

function Suggestion({ id, option, isActive, onChoose }: SuggestionProps) {
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the text has the focus and handles the keys
    <div
      id={id}
      role="option"
      aria-selected={isActive}
      className={styles.suggestion}
      ref={(element) => {
        if (isActive) element?.scrollIntoView({ block: 'nearest' })
      }}
      onMouseDown={(event) => {
        event.preventDefault()
        onChoose()
      }}
    >
      <span className={styles.mono}>{option.label}</span>
      <span className={`${styles.optionType} grow ellipsis`}>{detailOf(option)}</span>
    </div>
  )
}

function detailOf(option: Completion): string {
  switch (option.kind) {
    case 'field':
      return [option.type, ...option.samples].join(' · ')
    case 'value':
      return 'in the sample'
    case 'function':
      return option.doc.documentation
    case 'keyword':
      return ''
  }
}
