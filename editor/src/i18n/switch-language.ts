import { notifications } from '@mantine/notifications'
import { chooseLanguage, type Language } from './language.ts'
import { t } from './t.ts'

/** Speaks another language from now on; says so where its texts cannot be loaded. */
export function switchLanguage(language: Language): void {
  chooseLanguage(language).catch(() =>
    notifications.show({ color: 'err', message: t('The texts of this language could not be loaded.') }),
  )
}
