import { type CSSProperties, useEffect } from 'react';
import { EditorPane } from './editor/EditorPane.tsx';
import { useText } from './i18n/index.ts';
import { Inspector } from './inspector/Inspector.tsx';
import { Header } from './shell/Header.tsx';
import { useMedia, useNarrow } from './shell/hooks.ts';
import { Lesson } from './shell/Lesson.tsx';
import styles from './shell/Shell.module.css';
import { Splitter } from './shell/Splitter.tsx';
import { TabList } from './shell/Tabs.tsx';
import { useSession } from './stores/session.ts';
import { type Part, useSettings } from './stores/settings.ts';
import { TerminalPane } from './terminal/TerminalPane.tsx';

export function App() {
  const t = useText();
  const { theme, language, scale, part, columns, rows, set } = useSettings();
  const dark = useMedia('(prefers-color-scheme: dark)');
  const narrow = useNarrow();
  const shownTheme = theme === 'auto' ? (dark ? 'dark' : 'light') : theme;

  useEffect(() => {
    const root = document.documentElement;
    root.dataset.theme = shownTheme;
    root.lang = language;
    root.style.fontSize = `${scale}%`;
    document.title = t.title;
  }, [shownTheme, language, scale, t.title]);

  const hidden = (id: Part): boolean => narrow && part !== id;
  const sizes = { '--columns': `${columns}%`, '--rows': `${rows}%` } as CSSProperties;
  return (
    <div className={styles.app} data-narrow={narrow || undefined} style={sizes}>
      <Header />
      <Bug />
      {narrow && (
        <nav className={styles.parts}>
          <TabList
            base="part-"
            label={t.parts}
            selected={part}
            onSelect={(id) => set({ part: id })}
            panelOf={(id) => `panel-${id}`}
            tabs={[
              { id: 'editor', label: t.partEditor },
              { id: 'terminal', label: t.partTerminal },
              { id: 'inspect', label: t.partInspect },
            ]}
          />
        </nav>
      )}
      <main className={styles.main}>
        <div className={styles.left} id="panel-editor" hidden={hidden('editor')}>
          <Lesson />
          <EditorPane theme={shownTheme} />
        </div>
        {!narrow && (
          <Splitter label={t.columnsSplitter} orientation="vertical" value={columns} onChange={(value) => set({ columns: value })} />
        )}
        <div className={styles.right} hidden={narrow && part === 'editor'}>
          <div className={styles.top} id="panel-terminal" hidden={hidden('terminal')}>
            <TerminalPane />
          </div>
          {!narrow && <Splitter label={t.rowsSplitter} orientation="horizontal" value={rows} onChange={(value) => set({ rows: value })} />}
          <div className={styles.bottom} id="panel-inspect" hidden={hidden('inspect')}>
            <Inspector />
          </div>
        </div>
      </main>
    </div>
  );
}

function Bug() {
  const t = useText();
  const bug = useSession((state) => state.bug);
  if (bug === null) return null;
  return (
    <div role="alert" className={styles.bug}>
      <p>{t.bug}</p>
      <pre>{bug}</pre>
      <button type="button" onClick={() => useSession.setState({ bug: null })}>
        {t.dismiss}
      </button>
    </div>
  );
}
