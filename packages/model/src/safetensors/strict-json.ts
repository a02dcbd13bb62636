/** A JSON value whose objects are maps: a key such as `__proto__` is only a key. */
export type StrictJson = string | number | boolean | null | readonly StrictJson[] | ReadonlyMap<string, StrictJson>;

/** A safetensors header is three levels deep and an index two; more is refused before the stack is at risk. */
const MAX_DEPTH = 8;
/** A header has eight values a tensor, an index one; 300,000 parse in a fraction of a second. */
const MAX_VALUES = 300_000;

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
/** No backslash and no control character: the string is what it shows. */
const PLAIN = /^[ -[\]-\uffff]*$/;
const SPACE = /[ \t\n\r]*/y;

/**
 * Parses JSON as RFC 8259 says, and refuses what `JSON.parse` lets pass: duplicate keys, the key `__proto__`, deep nesting.
 * Throws `SyntaxError` with the position.
 */
export function parseStrictJson(text: string): StrictJson {
  const reader = new Reader(text);
  const value = reader.value(0);
  reader.end();
  return value;
}

class Reader {
  private at = 0;
  private values = 0;

  constructor(private readonly text: string) {}

  value(depth: number): StrictJson {
    if (depth > MAX_DEPTH) throw this.error(`nested deeper than ${MAX_DEPTH} levels`);
    if (++this.values > MAX_VALUES) throw this.error(`more than ${MAX_VALUES} values`);
    this.skipSpace();
    switch (this.text[this.at]) {
      case "{":
        return this.object(depth);
      case "[":
        return this.array(depth);
      case '"':
        return this.string();
      case "t":
        return this.word("true", true);
      case "f":
        return this.word("false", false);
      case "n":
        return this.word("null", null);
      default:
        return this.number();
    }
  }

  end(): void {
    this.skipSpace();
    if (this.at < this.text.length) throw this.error("text after the end of the value");
  }

  private object(depth: number): ReadonlyMap<string, StrictJson> {
    const map = new Map<string, StrictJson>();
    this.at++;
    if (this.take("}")) return map;
    do {
      this.skipSpace();
      const key = this.string();
      if (key === "__proto__") throw this.error("the key '__proto__' is not allowed");
      if (map.has(key)) throw this.error(`duplicate key ${JSON.stringify(key.slice(0, 80))}`);
      if (!this.take(":")) throw this.error("':' expected");
      map.set(key, this.value(depth + 1));
    } while (this.take(","));
    if (!this.take("}")) throw this.error("',' or '}' expected");
    return map;
  }

  private array(depth: number): readonly StrictJson[] {
    const items: StrictJson[] = [];
    this.at++;
    if (this.take("]")) return items;
    do items.push(this.value(depth + 1));
    while (this.take(","));
    if (!this.take("]")) throw this.error("',' or ']' expected");
    return items;
  }

  private string(): string {
    if (this.text[this.at] !== '"') throw this.error("a string expected");
    let end = this.text.indexOf('"', this.at + 1);
    while (end >= 0 && this.isEscaped(end)) end = this.text.indexOf('"', end + 1);
    if (end < 0) throw this.error("a string without end");
    const inner = this.text.slice(this.at + 1, end);
    const parsed: unknown = PLAIN.test(inner) ? inner : JSON.parse(`"${inner}"`); // knows escapes, refuses bad ones
    if (typeof parsed !== "string") throw this.error("a string expected");
    this.at = end + 1;
    return parsed;
  }

  private isEscaped(at: number): boolean {
    let backslashes = 0;
    while (this.text[at - 1 - backslashes] === "\\") backslashes++;
    return backslashes % 2 === 1;
  }

  private number(): number {
    const digits = this.match(NUMBER);
    if (digits === undefined) throw this.error("a value expected");
    return Number(digits);
  }

  private word<T>(word: string, value: T): T {
    if (!this.text.startsWith(word, this.at)) throw this.error("a value expected");
    this.at += word.length;
    return value;
  }

  private take(mark: string): boolean {
    this.skipSpace();
    if (this.text[this.at] !== mark) return false;
    this.at++;
    return true;
  }

  private skipSpace(): void {
    this.match(SPACE);
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  private error(problem: string): SyntaxError {
    return new SyntaxError(`${problem} at character ${this.at}`);
  }
}
