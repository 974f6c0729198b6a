/**
 * Text of a Java properties file. Names are ASCII identifiers with dots; in values only the backslash needs an
 * escape, because Java reads the rest of the line as it is.
 */
export function renderProperties(properties: Readonly<Record<string, string>>): string {
  return Object.entries(properties)
    .map(([name, value]) => `${name}=${value.replaceAll('\\', '\\\\')}\n`)
    .join('')
}
