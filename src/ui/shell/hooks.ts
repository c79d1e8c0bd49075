import { useSyncExternalStore } from 'react';

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

/** One column with the parts as tabs. */
export const useNarrow = (): boolean => useMedia('(max-width: 800px)');
