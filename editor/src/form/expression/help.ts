import type { Completion } from '@millrace/expr'
import { t } from '../../i18n/t.ts'

/** A line of help: code, or words. */
type HelpLine = readonly [tag: 'code' | 'p', text: string]

/** What is told about something that can be written; the lines of a function are its signatures, a sentence, an example. */
export function helpLines(option: Completion): readonly HelpLine[] {
  switch (option.kind) {
    case 'field': {
      const lines: HelpLine[] = [['code', `${option.insert}  ${option.type}`]]
      if (option.samples.length > 0)
        lines.push(['p', t('In the sample: {samples}', { samples: option.samples.join(', ') })])
      return lines
    }
    case 'function': {
      const { signatures, documentation, example } = option.doc
      return [
        ...signatures.map((signature): HelpLine => ['code', signature]),
        ['p', documentation],
        ['p', t('For example {example}', { example })],
      ]
    }
    default:
      return []
  }
}

/** What stands behind the name in the list. */
export function detailOf(option: Completion): string {
  switch (option.kind) {
    case 'field':
      return [option.type, ...option.samples].join(' · ')
    case 'value':
      return t('in the sample')
    case 'function':
      return option.doc.signatures[0]?.slice(option.label.length) ?? ''
    case 'keyword':
      return ''
  }
}

/** The help as elements; texts stay texts. Null where there is nothing to tell. */
export function helpElement(option: Completion): HTMLElement | null {
  const lines = helpLines(option)
  if (lines.length === 0) return null
  const box = document.createElement('div')
  box.className = 'expr-help'
  for (const [tag, text] of lines) {
    const line = document.createElement(tag)
    line.textContent = text
    box.append(line)
  }
  return box
}
