import { useText } from '../i18n/index.ts';
import { type Language, SCALES, THEMES, type Theme, useSettings } from '../stores/settings.ts';
import styles from './Shell.module.css';

/** Theme, language and text size. */
export function DisplayControls() {
  const t = useText();
  const { theme, language, scale, set } = useSettings();
  const names: Record<Theme, string> = { auto: t.themeAuto, light: t.themeLight, dark: t.themeDark, contrast: t.themeContrast };
  const at = SCALES.findIndex((value) => value >= scale);
  return (
    <>
      <div className={styles.textSize} role="group" aria-label={t.textSize}>
        <button type="button" aria-label={t.smaller} disabled={at <= 0} onClick={() => set({ scale: SCALES[at - 1] ?? scale })}>
          A−
        </button>
        <output aria-live="polite">{scale}%</output>
        <button
          type="button"
          aria-label={t.larger}
          disabled={at >= SCALES.length - 1}
          onClick={() => set({ scale: SCALES[at + 1] ?? scale })}
        >
          A+
        </button>
      </div>
      <div className={styles.field}>
        <select aria-label={t.theme} value={theme} onChange={(event) => set({ theme: event.target.value as Theme })}>
          {THEMES.map((id) => (
            <option key={id} value={id}>
              {names[id]}
            </option>
          ))}
        </select>
      </div>
      <div className={styles.field}>
        <select aria-label={t.language} value={language} onChange={(event) => set({ language: event.target.value as Language })}>
          <option value="en" lang="en">
            English
          </option>
          <option value="ja" lang="ja">
            日本語
          </option>
        </select>
      </div>
    </>
  );
}
