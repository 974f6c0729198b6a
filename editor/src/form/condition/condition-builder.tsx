import { ActionIcon, Button, SegmentedControl, Select } from '@mantine/core'
import type {
  DataType,
  Field,
  SimpleCondition,
  SimpleConditions,
  SimpleGroup,
  SimpleOperator,
} from '@millrace/expr'
import type { ReactNode } from 'react'
import { t, withinSentence } from '../../i18n/t.ts'
import { Icon } from '../../ui/icon.tsx'
import styles from '../form.module.css'
import {
  conditionFields,
  fieldAt,
  lookOf,
  newGroup,
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

/** A condition as rows of field, operator and values, and groups of such rows. */
export function ConditionBuilder({ title, conditions, fields, onChange }: ConditionBuilderProps) {
  const { conjunction, rows } = conditions
  const [first] = conditionFields(fields)
  const add = (row: SimpleCondition | SimpleGroup) => onChange(withRow(conditions, rows.length, row), true)
  return (
    <Joined
      title={title}
      conjunction={rows.length > 1 ? conjunction : null}
      onJoin={(next) => onChange({ conjunction: next, rows }, true)}
    >
      {rows.map((row, i) => {
        const place = { key: i, number: `${i + 1}`, fields }
        const change = (next: SimpleCondition | SimpleGroup | null, isStep: boolean) =>
          onChange(withRow(conditions, i, next), isStep)
        return 'rows' in row ? (
          <ConditionGroup {...place} key={place.key} group={row} onChange={change} />
        ) : (
          <ConditionRow {...place} key={place.key} row={row} onChange={change} />
        )
      })}
      <div className={styles.groupFoot}>
        <AddButton word={t('Condition')} onAdd={first && (() => add(newRow(first)))} />
        <AddButton word={t('Group')} onAdd={first && (() => add(newGroup(conjunction, first)))} />
      </div>
    </Joined>
  )
}

interface ConditionGroupProps {
  readonly number: string
  readonly group: SimpleGroup
  readonly fields: readonly Field[]
  readonly onChange: (group: SimpleGroup | null, isStep: boolean) => void
}

/** Rows in parentheses. Without its last row a group is gone. */
function ConditionGroup({ number, group, fields, onChange }: ConditionGroupProps) {
  const { rows } = group
  const [first] = conditionFields(fields)
  const change = (next: SimpleGroup, isStep: boolean) =>
    onChange(next.rows.length === 0 ? null : next, isStep)
  return (
    <Joined
      title={t('Group {number}', { number })}
      conjunction={group.conjunction}
      onJoin={(conjunction) => onChange({ conjunction, rows }, true)}
      onRemove={() => onChange(null, true)}
    >
      {rows.map((row, i) => (
        <ConditionRow
          // biome-ignore lint/suspicious/noArrayIndexKey: a row has no name but its place
          key={i}
          number={`${number}.${i + 1}`}
          row={row}
          fields={fields}
          onChange={(next, isStep) => change(withRow(group, i, next), isStep)}
        />
      ))}
      <AddButton
        word={t('Condition')}
        label={t('Condition in group {number}', { number })}
        onAdd={first && (() => change(withRow(group, rows.length, newRow(first)), true))}
      />
    </Joined>
  )
}

interface JoinedProps {
  readonly title: string
  /** Null where there is nothing to join. */
  readonly conjunction: 'and' | 'or' | null
  readonly onJoin: (conjunction: 'and' | 'or') => void
  readonly onRemove?: () => void
  readonly children: ReactNode
}

/** A box around rows, with how they are joined. */
function Joined({ title, conjunction, onJoin, onRemove, children }: JoinedProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out as a grid in all browsers
    <div className={styles.group} role="group" aria-label={title}>
      {conjunction !== null && (
        <div className={styles.groupHead}>
          <SegmentedControl
            size="xs"
            aria-label={
              onRemove
                ? t('How {title} is joined', { title: withinSentence(title) })
                : t('How the conditions are joined')
            }
            data={[
              { value: 'and', label: t('All') },
              { value: 'or', label: t('Any') },
            ]}
            value={conjunction}
            onChange={(next) => onJoin(next === 'or' ? 'or' : 'and')}
          />
          <span className="grow">{t('of these hold')}</span>
          {onRemove && (
            <ActionIcon
              size="xs"
              variant="subtle"
              aria-label={t('Remove {title}', { title: withinSentence(title) })}
              onClick={onRemove}
            >
              <Icon name="x" size={12} />
            </ActionIcon>
          )}
        </div>
      )}
      {children}
    </div>
  )
}

interface AddButtonProps {
  readonly word: string
  readonly label?: string
  /** Absent where there are no fields to be about. */
  readonly onAdd: (() => void) | undefined
}

function AddButton({ word, label = word, onAdd }: AddButtonProps) {
  return (
    <Button
      size="xs"
      variant="default"
      aria-label={label}
      leftSection={<Icon name="plus" size={12} />}
      disabled={onAdd === undefined}
      onClick={onAdd}
    >
      {word}
    </Button>
  )
}

interface ConditionRowProps {
  readonly number: string
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
          aria-label={t('Field of condition {number}', { number })}
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
          aria-label={t('Comparison of condition {number}', { number })}
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
          aria-label={t('Remove condition {number}', { number })}
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
  return all.map(({ operator, label }) => ({ value: operator, label: t(label) }))
}

/** The kind to compare with: the field's, or that of the literal where the field is unknown. */
function operandKind(kind: DataType['kind'] | undefined, row: SimpleCondition): OperandKind {
  return kind === undefined || kind === 'array' || kind === 'map' || kind === 'struct'
    ? (row.operands[0]?.kind ?? 'string')
    : kind
}
