import { type Document, parseAllDocuments, type YAMLParseError } from 'yaml';
import type { Node, Path } from '../tree/node.ts';
import type { Report } from '../tree/report.ts';
import type { SourceText } from '../tree/source.ts';
import { convertDocument } from './convert.ts';
import { limits } from './limits.ts';

/** One YAML document of a file. */
export interface ParsedDocument {
  /** The document's content; undefined when it is empty. */
  readonly root: Node | undefined;
  /** Paths tagged `!reset` or `!override`: what earlier documents said there is dropped. */
  readonly dropped: readonly Path[];
}

// Characters that YAML forbids in a stream; the parser lets them through, the reference does not.
// biome-ignore lint/suspicious/noControlCharactersInRegex: the rule is about exactly these characters
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u0080-\u0084\u0086-\u009f\ufffe\uffff]/;

/**
 * Reads the documents of one Compose file. Syntax errors become findings; documents that have some are left out.
 *
 * @param source the text, its byte order mark already gone
 */
export function parseYaml(source: SourceText, report: Report): readonly ParsedDocument[] {
  const forbiddenAt = source.text.search(forbidden);
  if (forbiddenAt !== -1) {
    const code = source.text.charCodeAt(forbiddenAt).toString(16).padStart(4, '0');
    report.error(
      'COMPOSE_YAML_SYNTAX',
      { reason: `character U+${code} is not allowed` },
      { mark: { source, offset: forbiddenAt }, path: [] },
    );
    return [];
  }
  const documents = readDocuments(source, report);
  const parsed: ParsedDocument[] = [];
  for (const document of documents) {
    if (document.errors.length > 0) reportSyntax(document.errors, source, report);
    else {
      const converted = convertDocument(document, source, report);
      if (converted !== undefined) parsed.push(converted);
    }
  }
  return parsed;
}

function readDocuments(source: SourceText, report: Report): readonly Document.Parsed[] {
  try {
    const documents = parseAllDocuments(source.text, {
      // Every scalar stays text here; convert.ts reads plain ones by Compose's own rules.
      schema: 'failsafe',
      uniqueKeys: false,
      merge: false,
      resolveKnownTags: false,
      prettyErrors: false,
      logLevel: 'silent',
    });
    return Array.isArray(documents) ? documents : [];
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    // The parser recurses into nested collections and ran out of stack.
    report.error('COMPOSE_YAML_TOO_DEEP', { limit: limits.depth }, { mark: { source, offset: 0 }, path: [] });
    return [];
  }
}

function reportSyntax(errors: readonly YAMLParseError[], source: SourceText, report: Report): void {
  for (const error of errors) {
    report.error(
      'COMPOSE_YAML_SYNTAX',
      { reason: error.message },
      { mark: { source, offset: error.pos[0] }, path: [] },
    );
  }
}
