import { useSyncExternalStore } from 'react';
import { useSettings } from '../stores/settings.ts';

/** Does the media query match now? */
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (changed) => {
      const list = matchMedia(query);
      list.addEventListener('change', changed);
      return () => list.removeEventListener('change', changed);
    },
    () => matchMedia(query).matches,
  );
}

/** One column with the parts as tabs; larger text needs it earlier. */
export function useNarrow(): boolean {
  const scale = useSettings((state) => state.scale);
  return useMedia(`(max-width: ${Math.max(800, scale * 6)}px)`);
}
