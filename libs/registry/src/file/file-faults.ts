import { StartError } from '@trivium/rpc';
import { type Document, type LineCounter, type Node, isMap, isNode } from 'yaml';

/** Where something is in a document: keys and indices from its root. */
export type Path = readonly (string | number)[];

/** A file of the operator's is not as it must be; the message lists every fault, one a line. */
export class InvalidFile extends StartError {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(faults.join('\n'));
    this.faults = faults;
  }
}

/** The faults of one YAML document, each with its file, line and field. */
export class FileFaults {
  readonly #file: string;
  readonly #document: Document;
  readonly #lineCounter: LineCounter;
  readonly #faults: string[] = [];

  constructor(options: { file: string; document: Document; lineCounter: LineCounter }) {
    this.#file = options.file;
    this.#document = options.document;
    this.#lineCounter = options.lineCounter;
  }

  /** Notes that a field, by its path, is not what the remedy says. */
  add(path: Path, remedy: string): void {
    const field = path.reduce<string>(
      (text, part) =>
        typeof part === 'number' ? `${text}[${part}]` : text === '' ? part : `${text}.${part}`,
      '',
    );
    this.addAt(this.#offsetOf(path), field === '' ? remedy : `${field} ${remedy}`);
  }

  /** Notes a fault at a place in the text. */
  addAt(offset: number, message: string): void {
    const { line } = this.#lineCounter.linePos(offset);
    this.#faults.push(`${this.#file}:${Math.max(line, 1)}: ${message}`);
  }

  /** The fields of a mapping; what it must not have is a fault, as is what is no mapping. */
  mapping(path: Path, value: unknown, keys: readonly string[]): Readonly<Record<string, unknown>> {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      this.add(path, `must be a mapping with ${keys.join(', ')}`);
      return {};
    }
    for (const key of Object.keys(value)) {
      if (!keys.includes(key)) {
        this.add([...path, key], `is unknown; there are ${keys.join(', ')}`);
      }
    }
    return value as Record<string, unknown>;
  }

  throwIfAny(): void {
    if (this.#faults.length > 0) throw new InvalidFile(this.#faults);
  }

  /** Of the field, or of what it would be in. */
  #offsetOf(path: Path): number {
    const parent = path.length > 0 ? this.#nodeAt(path.slice(0, -1)) : undefined;
    if (isMap(parent)) {
      const key = parent.items.find(({ key }) => String(key) === String(path.at(-1)))?.key;
      if (isNode(key) && key.range) return key.range[0];
    }
    for (let length = path.length; length >= 0; length -= 1) {
      const range = this.#nodeAt(path.slice(0, length))?.range;
      if (range) return range[0];
    }
    return 0;
  }

  #nodeAt(path: Path): Node | undefined {
    const node = path.length === 0 ? this.#document.contents : this.#document.getIn(path, true);
    return isNode(node) ? node : undefined;
  }
}
