import { ActionIcon, Button, SegmentedControl, Select } from '@mantine/core'
import type { DataType, Field, SimpleCondition, SimpleConditions, SimpleOperator } from '@millrace/expr'
import { Icon } from '../../ui/icon.tsx'
import styles from '../form.module.css'
import {
  conditionFields,
  fieldAt,
  lookOf,
  newRow,
  type OperandKind,
  operatorsFor,
  withField,
  withOperator,
  withRow,
} from './condition-rows.ts'
import { OperandInputs } from './operand-inputs.tsx'
import { SampleValues } from './sample-values.tsx'

/** What the builder may be told. */
export interface ConditionBuilderProps {
  readonly title: string
  readonly conditions: SimpleConditions
  readonly fields: readonly Field[]
  readonly onChange: (conditions: SimpleConditions, isStep: boolean) => void
}

/** A condition as rows of field, operator and values; the same as the text below it. */
export function ConditionBuilder({ title, conditions, fields, onChange }: ConditionBuilderProps) {
  const { conjunction, rows } = conditions
  const known = conditionFields(fields)
  const [first] = known
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out as a grid in all browsers
    <div className={styles.group} role="group" aria-label={title}>
      {rows.length > 1 && (
        <div className={styles.groupHead}>
          <SegmentedControl
            size="xs"
            aria-label="How the conditions are joined"
            data={[
              { value: 'and', label: 'All' },
              { value: 'or', label: 'Any' },
            ]}
            value={conjunction}
            onChange={(next) => onChange({ conjunction: next === 'or' ? 'or' : 'and', rows }, true)}
          />
          of these hold
        </div>
      )}
      {rows.map((row, i) => (
        <ConditionRow
          // biome-ignore lint/suspicious/noArrayIndexKey: a row has no name but its place
          key={i}
          number={i + 1}
          row={row}
          fields={fields}
          onChange={(next, isStep) => onChange(withRow(conditions, i, next), isStep)}
        />
      ))}
      <Button
        size="xs"
        variant="default"
        leftSection={<Icon name="plus" size={12} />}
        disabled={first === undefined}
        onClick={() => first && onChange(withRow(conditions, rows.length, newRow(first)), true)}
      >
        Condition
      </Button>
    </div>
  )
}

interface ConditionRowProps {
  readonly number: number
  readonly row: SimpleCondition
  readonly fields: readonly Field[]
  readonly onChange: (row: SimpleCondition | null, isStep: boolean) => void
}

function ConditionRow({ number, row, fields, onChange }: ConditionRowProps) {
  const known = conditionFields(fields)
  const type = fieldAt(row.path, fields)?.type
  const kind = operandKind(type?.kind, row)
  const name = row.path.join('.')
  return (
    <>
      <div className={styles.condition}>
        <Select
          size="sm"
          aria-label={`Field of condition ${number}`}
          searchable
          allowDeselect={false}
          comboboxProps={{ width: 240, position: 'bottom-start' }}
          data={
            known.some(({ path }) => path.join('.') === name)
              ? options(known)
              : [{ value: name, label: name }, ...options(known)]
          }
          value={name}
          onChange={(next) => {
            const field = known.find(({ path }) => path.join('.') === next)
            if (field) onChange(withField(row, field), true)
          }}
        />
        <Select
          size="sm"
          aria-label={`Comparison of condition ${number}`}
          allowDeselect={false}
          comboboxProps={{ width: 160, position: 'bottom-start' }}
          data={operatorOptions(type, row.operator)}
          value={row.operator}
          onChange={(next) => onChange(withOperator(row, (next ?? '=') as SimpleOperator, kind), true)}
        />
        <OperandInputs
          number={number}
          row={row}
          kind={kind}
          onChange={(operands) => onChange({ ...row, operands }, false)}
        />
        <ActionIcon
          size="xs"
          variant="subtle"
          aria-label={`Remove condition ${number}`}
          onClick={() => onChange(null, true)}
        >
          <Icon name="x" size={12} />
        </ActionIcon>
      </div>
      <SampleValues path={row.path} />
    </>
  )
}

function options(known: ReturnType<typeof conditionFields>) {
  return known.map(({ path }) => ({ value: path.join('.'), label: path.join('.') }))
}

function operatorOptions(type: DataType | undefined, current: SimpleOperator) {
  const offered = operatorsFor(type)
  const all = offered.some(({ operator }) => operator === current) ? offered : [lookOf(current), ...offered]
  return all.map(({ operator, label }) => ({ value: operator, label }))
}

/** The kind to compare with: the field's, or that of the literal where the field is unknown. */
function operandKind(kind: DataType['kind'] | undefined, row: SimpleCondition): OperandKind {
  return kind === undefined || kind === 'array' || kind === 'map' || kind === 'struct'
    ? (row.operands[0]?.kind ?? 'string')
    : kind
}
