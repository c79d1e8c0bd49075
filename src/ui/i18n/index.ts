// The dictionary of the chosen language. Both are small, so both are in the first load.

import type { Bilingual } from '#content/text.ts';
import { useSettings } from '../stores/settings.ts';
import { type Dictionary, en } from './en.ts';
import { ja } from './ja.ts';

const DICTIONARIES = { en, ja } as const;

export function useText(): Dictionary {
  return DICTIONARIES[useSettings((state) => state.language)];
}

/** Picks the chosen language of a content text. */
export function usePick(): (text: Bilingual) => string {
  const language = useSettings((state) => state.language);
  return (text) => text[language];
}
