import { Switch } from '@mantine/core'
import type { ControlProps } from '../control-props.ts'

/** On or off. */
export function ToggleControl({ spec, value, onChange, describedBy }: ControlProps) {
  return (
    <Switch
      size="sm"
      label={spec.title}
      description={spec.description}
      aria-describedby={describedBy}
      checked={value === true}
      onChange={(event) => onChange(event.currentTarget.checked)}
    />
  )
}
