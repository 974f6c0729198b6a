import { Input } from '@mantine/core'
import { type CompileResult, type Field, formatType } from '@millrace/expr'
import { lazy, type ReactNode, Suspense, useMemo } from 'react'
import { t } from '../../i18n/t.ts'
import { Icon } from '../../ui/icon.tsx'
import { type ControlProps, emptied, textOf } from '../control-props.ts'
import { checkExpression, diagnosticsOf, type ExpressionKind } from '../expression/diagnostics.ts'
import styles from '../form.module.css'
import { samplesFor, useForm } from '../form-context.ts'

/** The code editor is a chunk of its own, asked for with the form, so that it is there before it is seen. */
const loading = import('../expression/expression-input.tsx')
const ExpressionInput = lazy(() => loading)

/** What the input of an expression may be told. */
export interface ExpressionFieldProps extends ControlProps {
  /** Fields that may be named; null while they are unknown. */
  readonly fields: readonly Field[] | null
  /** A condition must be true or false. */
  readonly kind: ExpressionKind
  readonly label: ReactNode
  /** The label for screen readers. */
  readonly name: string
}

/** The text of an expression, checked while it is typed, with fields and functions to choose from. */
export function ExpressionField(props: ExpressionFieldProps) {
  const { spec, value, onChange, fields, kind, label, name, isWrong, describedBy } = props
  const form = useForm()
  const text = textOf(value).replace(/\r\n?/g, '\n')
  const result = useMemo(() => checkExpression(text, fields, kind), [text, fields, kind])
  const diagnostics = useMemo(() => diagnosticsOf(result), [result])
  const change = (next: string, isStep: boolean) => {
    if (isStep) form.leave()
    onChange(emptied(spec, next))
    if (isStep) form.leave()
  }
  return (
    <div>
      <div className={styles.labelRow}>
        {label}
        {text.trim() !== '' && <TypeCheck result={result} isUnknown={fields === null} />}
      </div>
      <Suspense fallback={<div className={styles.code}>{text}</div>}>
        <ExpressionInput
          text={text}
          fields={fields}
          samplesOf={samplesFor(form, spec.hint)}
          diagnostics={diagnostics}
          name={name}
          isWrong={isWrong || result?.ok === false}
          describedBy={describedBy}
          placeholder={spec.hint.placeholder}
          maxLength={spec.schema.maxLength}
          onChange={change}
        />
      </Suspense>
      <Input.Description mt={4}>{spec.description}</Input.Description>
    </div>
  )
}

/** The type of an expression that is right. What is wrong is marked in the text, and said below it. */
function TypeCheck({
  result,
  isUnknown,
}: {
  readonly result: CompileResult | null
  readonly isUnknown: boolean
}) {
  if (isUnknown) return <span className={styles.optionType}>{t('connect an input to check it')}</span>
  if (result === null || !result.ok) return null
  return (
    <span className={styles.check}>
      <Icon name="ok" size={14} />
      {formatType(result.expression.type).replace(' not null', '')}
    </span>
  )
}
