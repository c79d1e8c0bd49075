import { expect, test } from '@playwright/test';
import { Playground } from './page.ts';

const manifest = (uid: string): string => `apiVersion: v1
kind: Pod
metadata:
  name: mine
spec:
  securityContext:
    runAsUser: ${uid}
  containers:
  - name: main
    image: busybox:1.28
    command: ["sleep", "1h"]
`;

test('the text survives a reload, and reset brings the original back', async ({ page }) => {
  const playground = await Playground.open(page);
  await playground.write(manifest('4711'));
  await expect(page.getByRole('button', { name: 'Reset' })).toBeEnabled();
  await page.reload();
  await playground.show('Editor');
  await expect(playground.plainEditor).toHaveValue(manifest('4711'));
  if (await playground.rich()) await expect(page.locator('.view-lines').first()).toContainText('4711');
  await page.getByRole('button', { name: 'Reset' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Reset' }).click();
  await expect(page.getByRole('button', { name: 'Reset', exact: true })).toBeDisabled();
});

test('uid -1 is marked where it stands', async ({ page, isMobile }) => {
  const playground = await Playground.open(page);
  await playground.write(manifest('-1'));
  const problem = page.getByRole('list', { name: 'Problems' }).getByRole('listitem').first();
  await expect(problem).toContainText('runAsUser');
  await expect(problem).toContainText('-1');
  await expect(problem).toContainText('line 7');
  if (!isMobile) await expect(page.locator('.squiggly-error')).toBeVisible();
});

test('an edited manifest is what kubectl applies', async ({ page }) => {
  const playground = await Playground.open(page);
  await playground.write(manifest('4711'));
  expect(await playground.type('kubectl apply -f security-context.yaml')).toBe('pod/mine created\n');
  expect(await playground.type('kubectl exec mine -- id -u')).toBe('4711\n');
});

test('live mode runs the watched commands after each edit and marks what changed', async ({ page }) => {
  const playground = await Playground.open(page);
  await playground.show('Editor');
  await page.getByText('live', { exact: true }).click();
  await playground.write(manifest('4711'));
  await playground.inspector('Watched');
  await expect(page.locator('details', { hasText: /^id/ }).locator('pre')).toContainText('uid=4711');
  await playground.write(manifest('4712'));
  await playground.inspector('Watched');
  await expect(page.locator('details', { hasText: /^id/ }).locator('pre')).toContainText('uid=4712');
  await expect(page.locator('details', { hasText: /^id/ }).locator('mark').first()).toBeVisible();
});

test('switching a bit of the bounding set edits the manifest', async ({ page }) => {
  const playground = await Playground.open(page);
  await playground.show('Editor');
  await playground.chooseLesson(3);
  await playground.type('kubectl apply -f security-context-3.yaml');
  await playground.inspector('Capabilities');
  await page.getByRole('button', { name: /^CAP_SYS_TIME bounding/ }).click();
  await playground.show('Editor');
  await expect(page.getByRole('button', { name: 'Reset' })).toBeEnabled();
  expect(await playground.type('cat security-context-3.yaml')).toContain('add: [SYS_TIME]');
});

// A phone has a plain text field, which completes nothing.
test('the editor completes fields, describes them and marks nothing in a sound manifest', { tag: '@desktop' }, async ({ page }) => {
  await Playground.open(page);
  const editor = page.locator('.monaco-editor').first();
  await expect(editor).toBeVisible();
  await editor.getByText('runAsGroup', { exact: true }).hover();
  await expect(page.locator('.monaco-hover', { hasText: 'Primary group ID' }).first()).toBeVisible();
  await editor.click();
  await page.keyboard.press('ControlOrMeta+End');
  await page.keyboard.type('      readO');
  await page.keyboard.press('Control+Space');
  await expect(page.locator('.suggest-widget')).toContainText('readOnlyRootFilesystem');
  await page.keyboard.press('Escape');
});

test('fast typing keeps every key', async ({ page }) => {
  const playground = await Playground.open(page);
  await playground.show('Editor');
  const rich = await playground.rich();
  await (rich ? page.locator('.monaco-editor').first() : playground.plainEditor).click();
  await page.keyboard.press('ControlOrMeta+End');
  const line = '# the quick brown fox jumps over the lazy dog, twice: the quick brown fox jumps over the lazy dog';
  await page.keyboard.type(line);
  await expect(playground.plainEditor).toHaveValue(new RegExp(`\\n${line}$`));
  if (rich) await expect(page.locator('.view-lines').first()).toContainText('twice: the quick brown fox');
});

test('kubectl edit opens the editor, and goes on with what was saved', async ({ page }) => {
  const playground = await Playground.open(page);
  expect(await playground.type('kubectl create configmap m --from-literal=k=v')).toBe('configmap/m created\n');
  const edit = async (): Promise<void> => {
    await playground.show('Terminal');
    await playground.prompt.fill('kubectl edit configmap m');
    await playground.prompt.press('Enter');
    await expect(page.getByRole('button', { name: 'Save and close' })).toBeVisible();
  };
  await edit();
  const plain = page.locator('textarea[aria-label^="/tmp/kubectl-edit-"]:not(.inputarea)');
  await expect(plain).toHaveValue(/^# Please edit the object below/);
  if (await playground.rich()) {
    await expect(page.locator('.monaco-editor').first()).toBeVisible();
    await page.locator('.monaco-editor').first().click();
    await page.keyboard.press('ControlOrMeta+End');
    await page.keyboard.type('immutable: true');
  } else await plain.fill(`${await plain.inputValue()}immutable: true\n`);
  await expect(plain).toHaveValue(/immutable: true\n?$/);
  await page.getByRole('button', { name: 'Save and close' }).click();
  await playground.show('Terminal');
  await expect(playground.log).toContainText('configmap/m edited');
  expect(await playground.type('kubectl get configmap m -o custom-columns=I:.immutable')).toBe('I\ntrue\n');
  await edit();
  await page.getByRole('button', { name: 'Discard' }).click();
  await playground.show('Terminal');
  await expect(playground.log).toContainText('Edit cancelled, no changes made.');
  await playground.show('Editor');
  await expect(playground.plainEditor).toHaveValue(/^apiVersion: v1\nkind: Pod/);
});
