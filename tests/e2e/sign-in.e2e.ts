import { expect, test } from './fixtures.ts'

const PASSWORD = 'a mill by the river'

test.use({ storageState: { cookies: [], origins: [] } })

test('signs in once by the link, sets a password, and comes back with it', async ({
  page,
  browser,
  world,
}) => {
  await test.step('is led to the sign-in page', async () => {
    await page.goto('/connections')
    await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
  })

  await test.step('signs in by the link, which leaves no trace in the address', async () => {
    await page.goto(world.signInLink)
    await expect(page.getByText('You are signed in as ada@example.org.')).toBeVisible()
    expect(page.url()).not.toContain('token')
    await page.getByLabel('New password').fill('short')
    await expect(page.getByText('5 more characters')).toBeVisible()
    await page.getByLabel('New password').fill(PASSWORD)
    await page.getByRole('button', { name: 'Save password' }).click()
    await expect(page.getByRole('heading', { name: 'Pipelines' })).toBeVisible()
  })

  await test.step('nobody else can use the link again', async () => {
    const other = await browser.newContext({ baseURL: world.url })
    const visitor = await other.newPage()
    await visitor.goto(world.signInLink)
    await expect(visitor.getByRole('alert')).toContainText('This link was used before or has expired.')
    await other.close()
  })

  await test.step('signs out, and in again by password to where she wanted to go', async () => {
    await page.getByRole('button', { name: 'ada' }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    await page.goto('/connections')
    await page.getByLabel('Email').fill('ada@example.org')
    await page.getByLabel('Password', { exact: true }).fill('a mill by the sea')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await expect(page.getByRole('alert')).toHaveText('Email or password is wrong.')
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await expect(page.getByRole('heading', { name: 'Connections' })).toBeVisible()
  })
})
