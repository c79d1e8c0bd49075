import { type KeyboardEvent, type ReactNode, useId } from 'react';
import styles from './Shell.module.css';

interface Tab<Id extends string> {
  readonly id: Id;
  readonly label: string;
  readonly badge?: ReactNode;
}

interface Props<Id extends string> {
  readonly label: string;
  readonly tabs: readonly Tab<Id>[];
  readonly selected: Id;
  readonly className?: string;
  readonly children: ReactNode; // the selected panel's content
  onSelect(id: Id): void;
}

/** Tabs with one panel. Counterpart: the tabs pattern of the ARIA Authoring Practices, with automatic activation. */
export function Tabs<Id extends string>({ label, tabs, selected, className, children, onSelect }: Props<Id>) {
  const base = useId();
  return (
    <div className={`${styles.tabs} ${className ?? ''}`}>
      <TabList base={base} label={label} tabs={tabs} selected={selected} onSelect={onSelect} />
      <div role="tabpanel" id={`${base}panel`} aria-labelledby={`${base}${selected}`} className={styles.panel} tabIndex={0}>
        {children}
      </div>
    </div>
  );
}

interface ListProps<Id extends string> extends Omit<Props<Id>, 'children' | 'className'> {
  readonly base: string;
  readonly panelOf?: (id: Id) => string;
}

export function TabList<Id extends string>({ base, label, tabs, selected, onSelect, panelOf }: ListProps<Id>) {
  const key = (event: KeyboardEvent): void => {
    const at = tabs.findIndex((tab) => tab.id === selected);
    const to =
      event.key === 'ArrowRight' ? at + 1 : event.key === 'ArrowLeft' ? at - 1 : event.key === 'Home' ? 0 : event.key === 'End' ? -1 : null;
    if (to === null) return;
    event.preventDefault();
    const next = tabs.at(to % tabs.length);
    if (!next) return;
    onSelect(next.id);
    document.getElementById(`${base}${next.id}`)?.focus();
  };
  return (
    <div role="tablist" aria-label={label} className={styles.tablist} onKeyDown={key}>
      {tabs.map((tab) => (
        <button
          key={tab.id}
          type="button"
          role="tab"
          id={`${base}${tab.id}`}
          aria-selected={tab.id === selected}
          aria-controls={tab.id === selected || panelOf ? (panelOf?.(tab.id) ?? `${base}panel`) : undefined}
          tabIndex={tab.id === selected ? 0 : -1}
          onClick={() => onSelect(tab.id)}
        >
          {tab.label}
          {tab.badge}
        </button>
      ))}
    </div>
  );
}
