import type { JsonValue } from '@bufbuild/protobuf';
import { isAlias, isCollection, isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import type { Document, Node } from 'yaml';
import { maxDepth } from '../limits.ts';
import { parentOf, pathTo } from '../path.ts';
import { PlanRefused, type PlanProblem } from '../problem.ts';

/** Where something stands in a text; both from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A text as data, and where each part of it stands. */
export interface ParsedText {
  readonly value: JsonValue;
  /** The place of what a path leads to, or of the nearest part around it that is in the text. */
  placeOf(path: string): Place | undefined;
}

/**
 * Reads YAML 1.2, and so JSON. Throws `PlanRefused` for what is neither, for a text above `maxBytes`,
 * for values that JSON does not have, and for what is nested too deep or expands without end.
 */
export function parseText(text: string, maxBytes: number): ParsedText {
  const bytes = Buffer.byteLength(text);
  if (bytes > maxBytes) refuse(`a plan of ${bytes} bytes; at most ${maxBytes} are read`);
  const lines = new LineCounter();
  const document = readDocument(text, lines);
  const places = new Map<string, Place>();
  const problems: PlanProblem[] = [];
  const at = (offset: number | undefined): Place => {
    const { line, col } = lines.linePos(offset ?? 0);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const walk = (given: unknown, path: string, depth: number): void => {
    // What an alias stands for has its places where it is written out.
    if (isAlias(given) || !isCollection(given)) return;
    if (depth > maxDepth) {
      problems.push({ path, message: `nested deeper than ${maxDepth}`, ...at(given.range?.[0]) });
      return;
    }
    given.items.forEach((item, index) => {
      const pair = isMap(given) ? (item as { key: unknown; value: unknown }) : undefined;
      const key = pair ? (isScalar(pair.key) ? String(pair.key.value) : '?') : index;
      const value = (pair ? pair.value : item) as Node | null;
      const inner = pathTo(path, key);
      const place = at(((pair ? pair.key : value) as Node | null)?.range?.[0]);
      if (places.has(inner)) {
        problems.push({ path: inner, message: `${key} stands here twice`, ...place });
      }
      places.set(inner, place);
      walk(value, inner, depth + 1);
    });
  };
  places.set('', at(document.contents?.range?.[0]));
  walk(document.contents, '', 0);
  if (problems.length > 0) throw new PlanRefused(problems);
  return {
    value: toJson(document),
    placeOf(path) {
      for (let part: string | undefined = path; part !== undefined; part = parentOf(part)) {
        const place = places.get(part);
        if (place) return place;
      }
      return undefined;
    },
  };
}

function readDocument(text: string, lineCounter: LineCounter): Document.Parsed {
  let document;
  try {
    document = parseDocument(text, {
      ...{ lineCounter, prettyErrors: false, logLevel: 'error' },
      // Its own check compares every key with every other.
      uniqueKeys: false,
    });
  } catch (error) {
    return refuse(error instanceof RangeError ? 'nested too deep to be read' : String(error));
  }
  // What follows the first error is mostly its echo.
  const [first] = [...document.errors, ...document.warnings];
  if (!first) return document;
  const { line, col: column } = lineCounter.linePos(first.pos[0]);
  const source = text.split('\n', line)[line - 1] ?? '';
  const hint = source.includes('${') ? '; quote a value that holds `: ` or ` #`' : '';
  const what = first.message.includes('call stack') ? 'nested too deep to be read' : first.message;
  throw new PlanRefused([{ path: '', message: `not YAML: ${what}${hint}`, line, column }]);
}

function toJson(document: Document.Parsed): JsonValue {
  let text: string | undefined;
  try {
    // Aliases may refer to aliases: the limit holds for what they come to in all.
    const value: unknown = document.toJS({ maxAliasCount: 1000 });
    text = JSON.stringify(value, (_, part: unknown) => {
      if (typeof part === 'number' && !Number.isFinite(part)) refuse(`${part} is no JSON`);
      if (Number.isInteger(part) && Math.abs(part as number) < 1e21) {
        if (!Number.isSafeInteger(part)) refuse(`${part} has lost digits: write it in quotes`);
      }
      if (part instanceof Map || part instanceof Set)
        refuse('only maps with text as keys are JSON');
      return part;
    });
  } catch (error) {
    if (error instanceof PlanRefused) throw error;
    return refuse(`not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  return JSON.parse(text ?? 'null') as JsonValue;
}

function refuse(message: string): never {
  throw new PlanRefused([{ path: '', message }]);
}
