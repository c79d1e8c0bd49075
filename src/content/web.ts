// The offline web: what kubectl finds behind the tutorial's URLs.

import { TUTORIAL_PODS } from './pods.ts';

const PAGES: ReadonlyMap<string, string> = new Map(TUTORIAL_PODS.map((pod) => [pod.url, pod.yaml]));

/** Text behind a URL; undefined: not in the offline web. */
export const web = (url: string): string | undefined => PAGES.get(url.replace(/^http:/, 'https:'));
