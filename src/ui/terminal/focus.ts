// The prompt line is reached from buttons elsewhere on the page.

/** Focuses the visible terminal's input; not on touch devices, where the keyboard would cover the output. */
export function focusPrompt(): void {
  if (matchMedia('(pointer: coarse)').matches) return;
  requestAnimationFrame(() => document.querySelector<HTMLInputElement>('[data-prompt]')?.focus());
}
