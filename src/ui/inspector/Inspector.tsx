import { useText } from '../i18n/index.ts';
import { Tabs } from '../shell/Tabs.tsx';
import { type InspectorTab, useSettings } from '../stores/settings.ts';
import { Capabilities } from './Capabilities.tsx';
import { Events } from './Events.tsx';
import { Identity } from './Identity.tsx';
import styles from './Inspector.module.css';
import { Pipeline } from './Pipeline.tsx';
import { Watched } from './Watched.tsx';
import { Why } from './Why.tsx';

const PANELS: Record<InspectorTab, () => React.JSX.Element> = {
  capabilities: Capabilities,
  identity: Identity,
  why: Why,
  pipeline: Pipeline,
  events: Events,
  watched: Watched,
};

export function Inspector() {
  const t = useText();
  const tab = useSettings((state) => state.tab);
  const set = useSettings((state) => state.set);
  const Panel = PANELS[tab] ?? Capabilities;
  return (
    <section className={styles.inspector} aria-label={t.inspector}>
      <Tabs
        label={t.inspector}
        selected={tab}
        onSelect={(id) => set({ tab: id })}
        tabs={[
          { id: 'capabilities', label: t.tabCapabilities },
          { id: 'identity', label: t.tabIdentity },
          { id: 'why', label: t.tabWhy },
          { id: 'pipeline', label: t.tabPipeline },
          { id: 'events', label: t.tabEvents },
          { id: 'watched', label: t.tabWatched },
        ]}
      >
        <Panel />
      </Tabs>
    </section>
  );
}
