import { Input, SegmentedControl, Select } from '@mantine/core'
import { useId } from 'react'
import { type ControlProps, inputProps, textOf } from '../control-props.ts'
import { type Choice, choicesOf } from '../describe-form.ts'
import { useForm } from '../form-context.ts'

/** Up to so many characters stand side by side in the panel. */
const SEGMENTS_LENGTH = 36

/** One of several words: side by side where they are few and short, else as a list. */
export function ChoiceControl(props: ControlProps) {
  const { spec, path, value, onChange } = props
  const unfit = useUnfit(path)
  const choices = choicesOf(spec.schema)
  if (areShort(choices) && !spec.nullable && !spec.optional) return <Segments {...props} choices={choices} />
  return (
    <Select
      {...inputProps(props)}
      data={choices.map((choice) => {
        const reason = unfit.get(choice.value)
        return reason === undefined
          ? choice
          : { ...choice, label: `${choice.label}: ${reason}`, disabled: choice.value !== value }
      })}
      comboboxProps={{ width: 'max-content', position: 'bottom-start' }}
      placeholder={spec.hint.placeholder}
      allowDeselect={false}
      clearable={spec.nullable || spec.optional}
      readOnly={choices.length === 1}
      value={textOf(value) || null}
      onChange={(next) => onChange(next ?? (spec.nullable ? null : undefined))}
    />
  )
}

/** Of a choice in an entry of a list: the words that do not fit, with the reason. */
function useUnfit(path: readonly string[]): ReadonlyMap<string, string> {
  const form = useForm()
  const [, index, member] = path
  const help = member === undefined ? null : form.listHelp(path)
  return help?.unfit(Number(index), member ?? '') ?? new Map()
}

function Segments({
  spec,
  value,
  onChange,
  choices,
}: ControlProps & { readonly choices: readonly Choice[] }) {
  const labelId = useId()
  return (
    <div>
      <Input.Label id={labelId} labelElement="div">
        {spec.title}
      </Input.Label>
      <div>
        <SegmentedControl
          aria-labelledby={labelId}
          size="sm"
          data={choices.map((choice) => ({ ...choice }))}
          value={textOf(value)}
          onChange={onChange}
        />
      </div>
      <Input.Description mt={4}>{spec.description}</Input.Description>
    </div>
  )
}

function areShort(choices: readonly Choice[]): boolean {
  const length = choices.reduce((sum, { label }) => sum + label.length, 0)
  return choices.length > 1 && length <= SEGMENTS_LENGTH && choices.length <= 4
}
