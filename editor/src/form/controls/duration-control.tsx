import { Checkbox, Input, NativeSelect, NumberInput } from '@mantine/core'
import { useId, useState } from 'react'
import { t } from '../../i18n/t.ts'
import type { ControlProps } from '../control-props.ts'
import { DURATION_UNITS, type DurationUnit, lengthOf, unitFor } from '../duration.ts'
import styles from '../form.module.css'
import { useTypedNumber } from '../use-typed-number.ts'

/** A span of time as number and unit; stored in ms. Where it may be null it can be switched off. */
export function DurationControl(props: ControlProps) {
  const { spec, value, onChange, isWrong, describedBy } = props
  const inputId = useId()
  const isOff = value === null || value === undefined
  const initial = typeof spec.initial === 'number' ? spec.initial : lengthOf('s')
  return (
    <div>
      <Input.Label htmlFor={inputId}>{spec.title}</Input.Label>
      <div className={styles.duration}>
        {isOff ? (
          <span className="small second grow">{spec.nullable ? t('Off') : t('Not set')}</span>
        ) : (
          <Span
            inputId={inputId}
            title={spec.title}
            ms={Number(value)}
            isWrong={isWrong}
            describedBy={describedBy}
            onChange={onChange}
          />
        )}
        {spec.nullable && (
          <Checkbox
            size="xs"
            label={t('Off')}
            aria-label={t('{title}: off', { title: spec.title })}
            checked={isOff}
            onChange={() => onChange(isOff ? initial : null)}
          />
        )}
      </div>
      <Input.Description mt={4}>{spec.description}</Input.Description>
    </div>
  )
}

interface SpanProps {
  readonly inputId: string
  readonly title: string
  readonly ms: number
  readonly isWrong: boolean
  readonly describedBy: string | undefined
  readonly onChange: (ms: number) => void
}

function Span({ inputId, title, ms, isWrong, describedBy, onChange }: SpanProps) {
  const [chosen, setChosen] = useState<DurationUnit | null>(null)
  const unit = chosen !== null && ms % lengthOf(chosen) === 0 ? chosen : unitFor(ms)
  const length = lengthOf(unit)
  const typed = useTypedNumber(ms / length, (next) => onChange(Math.round((next ?? 0) * length)), false)
  const chooseUnit = (next: DurationUnit) => {
    setChosen(next)
    onChange(Math.round((ms / length) * lengthOf(next)))
  }
  return (
    <>
      <NumberInput
        id={inputId}
        size="sm"
        className="grow"
        aria-describedby={describedBy}
        error={isWrong}
        clampBehavior="none"
        value={typed.text}
        onChange={typed.type}
      />
      <NativeSelect
        size="sm"
        aria-label={t('{title}: unit', { title })}
        data={DURATION_UNITS.map(({ value, label }) => ({ value, label: t(label) }))}
        value={unit}
        onChange={(event) => chooseUnit(event.currentTarget.value as DurationUnit)}
      />
    </>
  )
}
