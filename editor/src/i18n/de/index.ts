import type { LanguageTexts } from '../t.ts'
import fromPackages from './from-packages.json' with { type: 'json' }
import nouns from './nouns.json' with { type: 'json' }

const files = import.meta.glob<LanguageTexts['texts']>(
  ['./*.json', '!./from-packages.json', '!./nouns.json'],
  {
    eager: true,
    import: 'default',
  },
)

/** German. A file holds the texts of the folder of its name, `common.json` those that several folders have. */
export const texts: LanguageTexts = {
  texts: Object.assign({}, ...Object.values(files)),
  fromPackages,
  nouns,
}
