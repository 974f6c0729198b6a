import { TextInput } from '@mantine/core'
import { type KeyboardEvent, type ReactNode, useId, useState } from 'react'
import styles from './choice-list.module.css'

/** What a list of choices may be told. */
export interface ChoiceListProps<Choice> {
  /** The label of the field, and that of the list. */
  readonly label: string
  readonly listLabel: string
  readonly placeholder: string
  /** What is offered for the typed text, best first. */
  readonly search: (text: string) => readonly Choice[]
  readonly keyOf: (choice: Choice) => string
  readonly show: (choice: Choice) => ReactNode
  /** What is said where nothing is offered. */
  readonly empty: (text: string) => string
  readonly onChoose: (choice: Choice) => void
  /** True for what is shown and cannot be chosen. */
  readonly isOff?: (choice: Choice) => boolean
}

/** A field with what fits below it: type, arrows, Enter. */
export function ChoiceList<Choice>(props: ChoiceListProps<Choice>) {
  const { search, keyOf, isOff = () => false } = props
  const onChoose = (choice: Choice) => {
    if (!isOff(choice)) props.onChoose(choice)
  }
  const listId = useId()
  const [text, setText] = useState('')
  const [active, setActive] = useState(0)
  const shown = search(text)
  const current = shown[Math.min(active, shown.length - 1)]
  const onKey = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step !== undefined) {
      event.preventDefault()
      setActive((active + step + shown.length) % Math.max(1, shown.length))
    }
    if (event.key === 'Enter' && current) {
      event.preventDefault()
      onChoose(current)
    }
  }
  return (
    <>
      <TextInput
        role="combobox"
        aria-label={props.label}
        aria-expanded="true"
        aria-controls={listId}
        aria-activedescendant={current && `${listId}-${keyOf(current)}`}
        placeholder={props.placeholder}
        size="md"
        data-autofocus
        value={text}
        onKeyDown={onKey}
        onChange={(event) => {
          setText(event.currentTarget.value)
          setActive(0)
        }}
      />
      <div className={styles.list} role="listbox" id={listId} aria-label={props.listLabel}>
        {shown.map((choice) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the focus and handles the keys
          // biome-ignore lint/a11y/useFocusableInteractive: as above, by aria-activedescendant
          <div
            key={keyOf(choice)}
            id={`${listId}-${keyOf(choice)}`}
            role="option"
            aria-selected={choice === current}
            aria-disabled={isOff(choice) || undefined}
            className={styles.option}
            ref={(element) => {
              if (choice === current) element?.scrollIntoView({ block: 'nearest' })
            }}
            onClick={() => onChoose(choice)}
          >
            {props.show(choice)}
          </div>
        ))}
        {shown.length === 0 && <p className="small second">{props.empty(text)}</p>}
      </div>
    </>
  )
}
