import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { packageTexts } from './support/package-texts.ts'
import { sourceFiles, textsOf, unwrappedTexts } from './support/source-texts.ts'

const ROOT = `${import.meta.dirname}/../../editor/src/i18n`

type Texts = { readonly [english: string]: string }

const files = sourceFiles()
const source = textsOf(files)
const used = new Set(source.texts.map(({ english }) => english))

function read<Content>(language: string, name: string): Content {
  return JSON.parse(readFileSync(`${ROOT}/${language}/${name}.json`, 'utf8')) as Content
}

/** The names in braces, in their order of the alphabet. */
function placeholders(text: string): readonly string[] {
  return [...text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name).toSorted()
}

function differing(texts: Texts): readonly string[] {
  return Object.entries(texts)
    .filter(([english, other]) => String(placeholders(english)) !== String(placeholders(other)))
    .map(([english]) => english)
}

function missing(wanted: Iterable<string>, given: Iterable<string>): readonly string[] {
  const there = new Set(given)
  return [...new Set(wanted)].filter((text) => !there.has(text)).toSorted()
}

describe('the texts of the editor', () => {
  it('are all handed over for translation', () => {
    expect(unwrappedTexts(files)).toEqual([])
  })

  it('stand in the source where they are handed over', () => {
    expect(source.unknown).toEqual([])
  })
})

const LANGUAGES = globSync('*/index.ts', { cwd: ROOT }).map((file) => path.dirname(file))

it('German is there', () => {
  expect(LANGUAGES).toContain('de')
})

describe.each(LANGUAGES)('the language %s', (language) => {
  const areas = globSync('*.json', { cwd: `${ROOT}/${language}` })
    .map((file) => path.basename(file, '.json'))
    .filter((name) => name !== 'from-packages' && name !== 'nouns')
  const catalogues = areas.map((name) => read<Texts>(language, name))
  const texts: Texts = Object.assign({}, ...catalogues)

  it('has every text of the editor and no other', () => {
    expect(missing(used, Object.keys(texts)), 'not translated').toEqual([])
    expect(missing(Object.keys(texts), used), 'not used any more').toEqual([])
  })

  it('has each text once', () => {
    const all = catalogues.flatMap((catalogue) => Object.keys(catalogue))
    expect(all.filter((text, i) => all.indexOf(text) !== i)).toEqual([])
  })

  it('has every text of node types and templates and no other', () => {
    const given = Object.keys(read<Texts>(language, 'from-packages'))
    expect(missing(packageTexts(), given), 'not translated').toEqual([])
    expect(missing(given, packageTexts()), 'not used any more').toEqual([])
  })

  it('has the placeholders of the English texts', () => {
    expect(differing(texts)).toEqual([])
  })

  it('has every noun in every form that it counts with', () => {
    const nouns = read<{ readonly [noun: string]: Texts }>(language, 'nouns')
    const counted = source.nouns.map(({ english }) => english)
    expect(missing(counted, Object.keys(nouns)), 'not translated').toEqual([])
    expect(missing(Object.keys(nouns), counted), 'not used any more').toEqual([])
    const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories.toSorted()
    for (const [noun, words] of Object.entries(nouns))
      expect(Object.keys(words).toSorted(), noun).toEqual(forms)
  })

  it('leaves no text empty', () => {
    expect(Object.entries(texts).filter(([, other]) => other.trim() === '')).toEqual([])
  })
})
