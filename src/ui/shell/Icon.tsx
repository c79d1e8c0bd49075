// The few pictograms of the page, drawn here so that nothing is fetched.

const PATHS = {
  sun: 'M12 3v2m0 14v2M3 12h2m14 0h2M5.6 5.6 7 7m10 10 1.4 1.4M18.4 5.6 17 7M7 17l-1.4 1.4M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8Z',
  play: 'M8 5v14l11-7Z',
  reset: 'M4 4v6h6M4.5 10A8 8 0 1 1 4 14',
  plus: 'M12 5v14M5 12h14',
  close: 'M6 6l12 12M18 6 6 18',
  error: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM9 9l6 6m0-6-6 6',
  warning: 'M12 4 2.5 20h19ZM12 10v4m0 3v.5',
  info: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM12 11v6m0-9.5V8',
  check: 'M5 12.5 10 17l9-10',
  download: 'M12 4v11m-5-4 5 5 5-5M5 20h14',
  shield: 'M12 3 4 6v6c0 5 3.5 8 8 9 4.5-1 8-4 8-9V6ZM9 12l2.2 2.2L15.5 10',
} as const;

/** A decorative picture; its meaning is always written beside it or in the button's label. */
export function Icon({ name }: { readonly name: keyof typeof PATHS }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
