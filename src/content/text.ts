// A text in both of the page's languages.
export interface Bilingual {
  readonly en: string;
  readonly ja: string;
}
