// The few globals that both browsers and Node have and that code below ui/ may use. No DOM, no clock, no timers.

declare class TextEncoder {
  encode(input?: string): Uint8Array<ArrayBuffer>;
}
declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
  decode(input?: ArrayBufferView | ArrayBuffer, options?: { stream?: boolean }): string;
}
declare function structuredClone<T>(value: T): T;

/** A text file, as the bundler gives it. */
declare module '*.txt?raw' {
  const text: string;
  export default text;
}
