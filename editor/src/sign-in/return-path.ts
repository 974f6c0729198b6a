const HOME = '/pipelines'

/** Where a sign-in leads to: the wanted path, if it is one of ours; anything else would be an open redirect. */
export function returnPath(wanted: string | null): string {
  if (wanted === null || !/^\/(?![/\\])/.test(wanted) || wanted.startsWith('/sign-in')) return HOME
  const origin = 'http://millrace.invalid'
  return new URL(wanted, origin).origin === origin ? wanted : HOME
}
