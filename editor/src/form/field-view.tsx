import type { FormControl, JsonValue } from '@millrace/graph'
import { type ComponentType, useId } from 'react'
import type { ControlProps } from './control-props.ts'
import { ChoiceControl } from './controls/choice-control.tsx'
import { ConditionControl } from './controls/condition-control.tsx'
import { ConnectionControl } from './controls/connection-control.tsx'
import { CsvControl } from './controls/csv-control.tsx'
import { DurationControl } from './controls/duration-control.tsx'
import { ExpressionControl } from './controls/expression-control.tsx'
import { FieldControl } from './controls/field-control.tsx'
import { FieldsControl } from './controls/fields-control.tsx'
import { ListControl } from './controls/list-control.tsx'
import { NumberControl } from './controls/number-control.tsx'
import { SchemaControl } from './controls/schema-control.tsx'
import { TemplateControl } from './controls/template-control.tsx'
import { TextControl } from './controls/text-control.tsx'
import { ToggleControl } from './controls/toggle-control.tsx'
import { TopicControl } from './controls/topic-control.tsx'
import { TypeControl } from './controls/type-control.tsx'
import type { FieldSpec } from './describe-form.ts'
import { FieldIssues } from './field-issues.tsx'
import styles from './form.module.css'
import { isWithin, useForm } from './form-context.ts'

/** The input for each kind of setting. There is no form code per node type. */
const CONTROLS = {
  text: TextControl,
  number: NumberControl,
  toggle: ToggleControl,
  choice: ChoiceControl,
  duration: DurationControl,
  connection: ConnectionControl,
  topic: TopicControl,
  field: FieldControl,
  fields: FieldsControl,
  condition: ConditionControl,
  expression: ExpressionControl,
  schema: SchemaControl,
  template: TemplateControl,
  csv: CsvControl,
  list: ListControl,
  type: TypeControl,
  // Chosen by the list, and never shown.
  port: () => null,
} as const satisfies Record<FormControl, ComponentType<ControlProps>>

/** Controls that show what is wrong within them in the place where it is. */
const SHOWS_INNER_ISSUES: ReadonlySet<FormControl> = new Set(['list', 'schema'])

/** What one setting of a form may be told. */
export interface FieldViewProps {
  readonly spec: FieldSpec
  readonly path: readonly string[]
  readonly value: JsonValue | undefined
}

/** One setting with what is wrong with it. */
export function FieldView({ spec, path, value }: FieldViewProps) {
  const form = useForm()
  const issuesId = useId()
  const Control = CONTROLS[spec.control]
  const issues = form.issues.filter(({ path: at }) =>
    SHOWS_INNER_ISSUES.has(spec.control)
      ? at.length === path.length && isWithin(at, path)
      : isWithin(at, path),
  )
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: hears of a focus that leaves the inputs within
    <div className={styles.field} data-path={path.join('/')} onBlur={() => form.leave()}>
      <Control
        spec={spec}
        path={path}
        value={value}
        onChange={(next) => form.set(path, next)}
        isWrong={issues.some(({ severity }) => severity === 'error')}
        describedBy={issues.length > 0 ? issuesId : undefined}
      />
      <FieldIssues id={issuesId} issues={issues} />
    </div>
  )
}
