// What the page's tests do with it.

import { expect, type Locator, type Page } from '@playwright/test';

export class Playground {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  static async open(page: Page): Promise<Playground> {
    await page.goto('./');
    const playground = new Playground(page);
    await expect(playground.prompt).toBeAttached();
    await expect(playground.promptText).not.toHaveText('');
    return playground;
  }

  get prompt(): Locator {
    return this.page.locator('[data-prompt]');
  }

  /** The unfinished line in front of the input. */
  get promptText(): Locator {
    return this.page.locator('[data-prompt]').locator('xpath=preceding-sibling::span');
  }

  get log(): Locator {
    return this.page.getByRole('log');
  }

  /** On a narrow screen the parts are tabs. */
  async show(part: 'Editor' | 'Terminal' | 'Inspect'): Promise<void> {
    const tab = this.page.getByRole('tablist', { name: 'Parts of the page' }).getByRole('tab', { name: part });
    if (await tab.isVisible()) await tab.click();
  }

  async chooseLesson(number: number): Promise<void> {
    await this.page.getByLabel('Lesson', { exact: true }).selectOption(String(number));
  }

  /** Types a line and returns what was printed until the next prompt, without the echo. */
  async type(line: string): Promise<string> {
    await this.show('Terminal');
    const before = (await this.log.textContent()) ?? '';
    await this.prompt.fill(line);
    await this.prompt.press('Enter');
    await expect.poll(async () => (await this.log.textContent()) ?? '').toContain(line);
    await expect.poll(async () => this.settled(before)).toBe(true);
    const after = (await this.log.textContent()) ?? '';
    const fresh = after.startsWith(before) ? after.slice(before.length) : after;
    return fresh.slice(fresh.indexOf('\n') + 1);
  }

  /** Has something been printed, and does a prompt stand on the last line, twice in a row? */
  private async settled(before: string): Promise<boolean> {
    const look = async (): Promise<string> => `${await this.log.textContent()}|${await this.promptText.textContent()}`;
    const first = await look();
    await this.page.waitForTimeout(60);
    return first === (await look()) && !first.startsWith(`${before}|`) && /[$#] ?$/.test(first);
  }

  /** The text field that is there from the first paint; hidden, it goes on holding the text. */
  get plainEditor(): Locator {
    return this.page.locator('textarea[aria-label="Pod manifest (YAML)"]:not(.inputarea)');
  }

  /** Does Monaco take the text field's place here? */
  rich(): Promise<boolean> {
    return this.page.evaluate(() => matchMedia('(pointer: fine) and (min-width: 801px)').matches);
  }

  /** Replaces the manifest, in whichever editor is there. */
  async write(text: string): Promise<void> {
    await this.show('Editor');
    const rich = this.page.locator('.monaco-editor').first();
    if (!(await this.rich())) await this.plainEditor.fill(text);
    else {
      await expect(rich).toBeVisible();
      await rich.click();
      await this.page.keyboard.press('ControlOrMeta+a');
      // Pasted, since typing would be indented by the editor.
      await this.page.evaluate((value) => {
        const data = new DataTransfer();
        data.setData('text/plain', value);
        document.activeElement?.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
      }, text);
    }
  }

  inspector(tab: string): Promise<void> {
    return this.show('Inspect').then(() => this.page.getByRole('tablist', { name: 'Inspector' }).getByRole('tab', { name: tab }).click());
  }
}
