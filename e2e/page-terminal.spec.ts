import { expect, test } from '@playwright/test';
import { Playground } from './page.ts';

test('Ctrl-C ends an endless loop', async ({ page }) => {
  const playground = await Playground.open(page);
  await playground.show('Terminal');
  await playground.prompt.fill('while :; do :; done');
  await playground.prompt.press('Enter');
  await page.waitForTimeout(300);
  await playground.prompt.press('Control+c');
  expect(await playground.type('echo alive')).toContain('alive\n');
});

test('a flood of output leaves the page usable, and Ctrl-C ends it', async ({ page }) => {
  const playground = await Playground.open(page);
  await playground.show('Terminal');
  await playground.prompt.fill('while :; do echo yyyyyyyy; done');
  await playground.prompt.press('Enter');
  await page.waitForTimeout(800);
  await playground.prompt.press('Control+c');
  await expect(playground.promptText).toHaveText(/[$#]/);
  const lines = ((await playground.log.textContent()) ?? '').split('\n').length;
  expect(lines).toBeLessThan(5200);
});

test('several pasted lines are typed one after the other', async ({ page }) => {
  const playground = await Playground.open(page);
  await playground.show('Terminal');
  await playground.prompt.focus();
  await page.evaluate(() => {
    const data = new DataTransfer();
    data.setData('text/plain', 'echo one\necho two\n');
    document.activeElement?.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  });
  await expect(playground.log).toContainText(/one\n[\s\S]*two\n/);
});

test('history and completion', async ({ page }) => {
  const playground = await Playground.open(page);
  await playground.type('echo first');
  await playground.prompt.press('ArrowUp');
  await expect(playground.prompt).toHaveValue('echo first');
  await playground.prompt.fill('kubect');
  await playground.prompt.press('Tab');
  await expect(playground.prompt).toHaveValue('kubectl ');
});

test('a refusal explains itself', async ({ page }) => {
  const playground = await Playground.open(page);
  await playground.type('kubectl apply -f security-context.yaml');
  await playground.type('kubectl exec -it security-context-demo -- sh');
  await playground.type('touch /x');
  await page.getByRole('button', { name: /Permission denied/ }).click();
  await expect(page.getByRole('article').getByRole('listitem').first()).toBeVisible();
});

test('several terminals', async ({ page }) => {
  const playground = await Playground.open(page);
  await playground.show('Terminal');
  await page.getByRole('button', { name: 'New terminal' }).click();
  await expect(page.getByRole('tab', { name: 'Terminal 2' })).toHaveAttribute('aria-selected', 'true');
  expect(await playground.type('echo two')).toContain('two\n');
  await page.getByRole('button', { name: 'Close terminal 2' }).click();
  await expect(page.getByRole('tab', { name: 'Terminal 1' })).toHaveAttribute('aria-selected', 'true');
});

test('without Workers the engine runs on the page’s thread, and Ctrl-C still works', async ({ page }) => {
  await page.addInitScript(() => Reflect.deleteProperty(window, 'Worker'));
  const playground = await Playground.open(page);
  await playground.show('Terminal');
  await playground.prompt.fill('while :; do :; done');
  await playground.prompt.press('Enter');
  await page.waitForTimeout(300);
  await playground.prompt.press('Control+c');
  expect(await playground.type('echo alive')).toContain('alive\n');
});
