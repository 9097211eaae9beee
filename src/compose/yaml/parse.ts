import type { Node, Path } from '../tree/node.ts';
import type { Report, Spot } from '../tree/report.ts';
import type { SourceText } from '../tree/source.ts';
import { convertDocument } from './convert.ts';
import { limits } from './limits.ts';
import { parseStream } from './parser.ts';
import { TooDeep, TooManyValues, YamlProblem } from './problem.ts';

/** One YAML document of a file. */
export interface ParsedDocument {
  /** The document's content; undefined when it is empty. */
  readonly root: Node | undefined;
  /** Paths tagged `!reset` or `!override`: what earlier documents said there is dropped. */
  readonly dropped: readonly Path[];
}

// Characters that YAML forbids in a stream.
// biome-ignore lint/suspicious/noControlCharactersInRegex: the rule is about exactly these characters
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u0080-\u0084\u0086-\u009f\ufffe\uffff]/;

/**
 * Reads the documents of one Compose file. What is no YAML becomes findings; documents that have some are left out.
 *
 * @param source the text, its byte order mark already gone
 */
export function parseYaml(source: SourceText, report: Report): readonly ParsedDocument[] {
  const spotOf = (offset: number): Spot => ({ mark: { source, offset }, path: [] });
  try {
    checkCharacters(source.text);
    return parseStream(source.text).flatMap((document) => convertDocument(document, source, report) ?? []);
  } catch (error) {
    if (error instanceof YamlProblem) {
      const { problem, detail, offset } = error;
      report.error('COMPOSE_YAML_SYNTAX', { problem, detail }, spotOf(offset));
    } else if (error instanceof TooDeep) {
      report.error('COMPOSE_YAML_TOO_DEEP', { limit: limits.depth }, spotOf(error.offset));
    } else if (error instanceof TooManyValues) {
      report.error('COMPOSE_YAML_TOO_MANY_VALUES', { limit: limits.values }, spotOf(error.offset));
    } else throw error;
    return [];
  }
}

function checkCharacters(text: string): void {
  const at = text.search(forbidden);
  if (at === -1) return;
  throw new YamlProblem('character', at, `U+${text.charCodeAt(at).toString(16).toUpperCase().padStart(4, '0')}`);
}
