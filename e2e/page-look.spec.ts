import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { Playground } from './page.ts';

// The two packages bring copies of the same types.
const axe = (page: Page): AxeBuilder => new AxeBuilder({ page: page as never }).exclude('.monaco-editor');

const openSettings = async (playground: Playground): Promise<void> => {
  const menu = playground.page.getByText('Settings', { exact: true }).locator('xpath=ancestor::summary');
  if ((await menu.count()) > 0) await menu.click();
};

test('light, dark and high contrast, and the choice is remembered', async ({ page }) => {
  const playground = await Playground.open(page);
  const background = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await openSettings(playground);
  const seen = new Set<string>();
  for (const theme of ['light', 'dark', 'contrast']) {
    await page.getByLabel('Theme').selectOption(theme);
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
    seen.add(await background());
  }
  expect(seen.size).toBe(3);
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'contrast');
});

test('Japanese', async ({ page }) => {
  const playground = await Playground.open(page);
  await openSettings(playground);
  await page.getByLabel('Language').selectOption('ja');
  await expect(page.locator('html')).toHaveAttribute('lang', 'ja');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('securityContext プレイグラウンド');
});

test('nothing is asked from elsewhere, and the console stays quiet', async ({ page, baseURL }) => {
  const foreign: string[] = [];
  const messages: string[] = [];
  page.on('request', (request) => {
    if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(baseURL ?? '')) foreign.push(request.url());
  });
  page.on('console', (message) => {
    if (message.type() === 'error') messages.push(message.text());
  });
  page.on('pageerror', (error) => messages.push(error.message));
  const playground = await Playground.open(page);
  await playground.type('kubectl apply -f security-context.yaml');
  await page.waitForTimeout(1500);
  expect(foreign).toEqual([]);
  expect(messages).toEqual([]);
});

for (const theme of ['light', 'dark', 'contrast']) {
  test(`no serious accessibility violations (${theme})`, async ({ page }) => {
    test.slow(); // seven analyses of the whole page
    const playground = await Playground.open(page);
    await openSettings(playground);
    await page.getByLabel('Theme').selectOption(theme);
    await openSettings(playground);
    await playground.type('kubectl apply -f security-context.yaml');
    for (const tab of ['Capabilities', 'Identity', 'Pipeline', 'Events', 'Watched']) {
      await playground.inspector(tab);
      const { violations } = await axe(page).analyze();
      const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      expect(serious.map(({ id, nodes }) => `${tab}: ${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`)).toEqual([]);
    }
    for (const part of ['Editor', 'Terminal'] as const) {
      await playground.show(part);
      const { violations } = await axe(page).analyze();
      const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      expect(serious.map(({ id, nodes }) => `${part}: ${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`)).toEqual([]);
    }
  });
}

test('what is simulated opens as a page of its own and closes again', async ({ page }) => {
  const playground = await Playground.open(page);
  await openSettings(playground);
  await page.getByRole('button', { name: 'What is simulated' }).click();
  const dialog = page.getByRole('dialog', { name: 'What is simulated' });
  await expect(dialog.getByText('Pod Security Admission')).toBeVisible();
  await dialog.getByRole('button', { name: 'Close' }).click();
  await expect(dialog).toBeHidden();
});
