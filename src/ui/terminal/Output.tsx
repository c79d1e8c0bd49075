import { memo } from 'react';
import { useText } from '../i18n/index.ts';
import { explain } from '../stores/session.ts';
import type { Block, Span } from './screen.ts';
import { classesOf } from './sgr.ts';
import styles from './Terminal.module.css';

/** Finished lines. */
export const History = memo(function History({ label, blocks, busy }: { label: string; blocks: readonly Block[]; busy: boolean }) {
  return (
    // A scrolled log must be reachable by keyboard
    <div role="log" aria-label={label} aria-busy={busy} className={styles.log} tabIndex={0}>
      {blocks.map((block) => (
        <BlockView key={block.id} block={block} />
      ))}
    </div>
  );
});

const BlockView = memo(function BlockView({ block }: { readonly block: Block }) {
  return (
    <div className={styles.block}>
      <Spans spans={block.spans} />
    </div>
  );
});

/** Styled text; a piece with a cause is a button that asks why. */
export function Spans({ spans }: { readonly spans: readonly Span[] }) {
  return spans.map((span, index) => {
    const className = classesOf(span.style) ?? undefined;
    if (span.cause !== undefined) return <Refusal key={index} text={span.text} record={span.cause} />;
    if (className === undefined) return span.text;
    return (
      <span key={index} className={className}>
        {span.text}
      </span>
    );
  });
}

function Refusal({ text, record }: { readonly text: string; readonly record: number }) {
  const t = useText();
  return (
    <button type="button" className={styles.refusal} title={t.whyRefused} onClick={() => explain({ kind: 'denial', record })}>
      {text}
      <span className="visually-hidden"> – {t.whyRefused}</span>
    </button>
  );
}
