import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { checkFile, type SourceFile } from './import-rules.ts'

/** Checks the direction of imports and the purity of packages in the whole repository; prints what breaks a rule. */
const root = path.dirname(import.meta.dirname)
const files = globSync(
  '{packages/*/src,editor,api,executor,stack,tests,bench,scripts,prisma}/**/*.{ts,tsx}',
  {
    cwd: root,
    exclude: (name) => name === 'node_modules' || name === 'dist' || name === 'generated',
  },
)
const broken = files.flatMap((file) => {
  const source: SourceFile = {
    path: file.split(path.sep).join('/'),
    text: readFileSync(path.join(root, file), 'utf8'),
  }
  return checkFile(source)
})
for (const { path: file, line, message } of broken) console.error(`${file}:${line} ${message}`)
console.log(`${files.length} files checked, ${broken.length} imports or calls against the rules`)
process.exitCode = broken.length > 0 ? 1 : 0
