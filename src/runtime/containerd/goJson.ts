// Where and why Go refuses a JSON text. Counterpart: Go encoding/json scanner.go (SyntaxError)

const SPACE = ' \t\r\n';

/** Go's quoting of the offending character. Counterpart: quoteChar */
function quote(char: string): string {
  if (char === "'") return `'\\''`;
  if (char === '"') return `'"'`;
  return `'${JSON.stringify(char).slice(1, -1)}'`;
}

class Scanner {
  private at = 0;
  private readonly text: string;
  constructor(text: string) {
    this.text = text;
  }

  fail(context: string): string {
    const char = this.text[this.at];
    return char === undefined ? 'unexpected end of JSON input' : `invalid character ${quote(char)} ${context}`;
  }

  private skip(): string | undefined {
    while (this.at < this.text.length && SPACE.includes(this.text[this.at] as string)) this.at++;
    return this.text[this.at];
  }

  whole(): string | undefined {
    const wrong = this.value();
    if (wrong !== undefined) return wrong;
    return this.skip() === undefined ? undefined : this.fail('after top-level value');
  }

  private value(): string | undefined {
    const char = this.skip();
    if (char === '{') return this.list('}', 'after object key:value pair', () => this.pair());
    if (char === '[') return this.list(']', 'after array element', () => this.value());
    if (char === '"') return this.string();
    if (char === '-' || (char !== undefined && char >= '0' && char <= '9')) return this.number();
    for (const word of ['true', 'false', 'null']) if (char === word[0]) return this.word(word);
    return this.fail('looking for beginning of value');
  }

  private list(end: string, after: string, item: () => string | undefined): string | undefined {
    this.at++;
    if (this.skip() === end) {
      this.at++;
      return undefined;
    }
    for (;;) {
      const wrong = item();
      if (wrong !== undefined) return wrong;
      const next = this.skip();
      if (next !== ',' && next !== end) return this.fail(after);
      this.at++;
      if (next === end) return undefined;
    }
  }

  private pair(): string | undefined {
    if (this.skip() !== '"') return this.fail('looking for beginning of object key string');
    const wrong = this.string();
    if (wrong !== undefined) return wrong;
    if (this.skip() !== ':') return this.fail('after object key');
    this.at++;
    return this.value();
  }

  private string(): string | undefined {
    for (this.at++; this.text[this.at] !== '"'; this.at++) {
      const char = this.text[this.at];
      if (char === undefined || char < ' ') return this.fail('in string literal');
      if (char !== '\\') continue;
      this.at++;
      const escaped = this.text[this.at];
      if (escaped === 'u') {
        for (let digit = 0; digit < 4; digit++) {
          this.at++;
          if (!/[0-9a-fA-F]/.test(this.text[this.at] ?? '')) return this.fail('in \\u hexadecimal character escape');
        }
      } else if (escaped === undefined || !'bfnrt\\/"'.includes(escaped)) return this.fail('in string escape code');
    }
    this.at++;
    return undefined;
  }

  private digits(): boolean {
    const from = this.at;
    while (/[0-9]/.test(this.text[this.at] ?? '')) this.at++;
    return this.at > from;
  }

  private number(): string | undefined {
    if (this.text[this.at] === '-') this.at++;
    if (this.text[this.at] === '0') this.at++;
    else if (!this.digits()) return this.fail('in numeric literal');
    if (this.text[this.at] === '.') {
      this.at++;
      if (!this.digits()) return this.fail('after decimal point in numeric literal');
    }
    if (/[eE]/.test(this.text[this.at] ?? '')) {
      this.at++;
      if (/[+-]/.test(this.text[this.at] ?? '')) this.at++;
      if (!this.digits()) return this.fail('in exponent of numeric literal');
    }
    return undefined;
  }

  private word(word: string): string | undefined {
    for (const [index, char] of [...word].entries()) {
      if (index > 0 && this.text[this.at] !== char) return this.fail(`in literal ${word} (expecting '${char}')`);
      this.at++;
    }
    return undefined;
  }
}

/** Go's message for a text that is no JSON; undefined when it is. */
export const goJsonError = (text: string): string | undefined => new Scanner(text).whole();
