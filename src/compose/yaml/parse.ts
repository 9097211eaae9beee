import {
  Composer,
  type CST,
  type Document,
  type DocumentOptions,
  Lexer,
  type ParseOptions,
  Parser,
  type SchemaOptions,
  type YAMLParseError,
} from 'yaml';
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
      { problem: 'FORBIDDEN_CHARACTER', detail: `character U+${code} is not allowed` },
      { mark: { source, offset: forbiddenAt }, path: [] },
    );
    return [];
  }
  const tooDeep = firstTooDeep(source.text);
  if (tooDeep !== undefined) {
    reportTooDeep(tooDeep, source, report);
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
    const documents: Document.Parsed[] = [];
    for (const document of new Composer(readerOptions).compose(tokens(source.text))) {
      documents.push(document);
      // What follows a mistake is read wrong, and would be blamed for it.
      if (document.errors.length > 0) break;
      if (documents.length > limits.documents) {
        const where = { mark: { source, offset: document.range[0] }, path: [] };
        report.error('COMPOSE_YAML_TOO_MANY_DOCUMENTS', { limit: limits.documents }, where);
        return [];
      }
    }
    return documents;
  } catch (error) {
    if (error instanceof TooManyPieces) {
      const where = { mark: { source, offset: error.offset }, path: [] };
      report.error('COMPOSE_YAML_TOO_MANY_VALUES', { limit: limits.pieces }, where);
      return [];
    }
    if (!(error instanceof RangeError)) throw error;
    // The parser recurses into nested collections and ran out of stack.
    reportTooDeep(0, source, report);
    return [];
  }
}

const readerOptions: ParseOptions & DocumentOptions & SchemaOptions = {
  // Every scalar stays text here; convert.ts reads plain ones by Compose's own rules.
  schema: 'failsafe',
  uniqueKeys: false,
  merge: false,
  resolveKnownTags: false,
  prettyErrors: false,
  // Flow collections may be indented less than their block, as the reference reads them.
  strict: false,
  logLevel: 'silent',
};

/** Stops the reading of a text that has more pieces than it may. */
class TooManyPieces extends Error {
  readonly offset: number;

  constructor(offset: number) {
    super();
    this.offset = offset;
  }
}

/** The tokens of a text, as long as it does not have too many; up to the first that cannot stand where it stands. */
function* tokens(text: string): Generator<CST.Token> {
  const parser = new Parser();
  let pieces = 0;
  for (const piece of new Lexer().lex(text)) {
    if (++pieces > limits.pieces) throw new TooManyPieces(parser.offset);
    for (const token of parser.next(piece)) {
      yield token;
      if (token.type === 'error') return yield* parser.end();
    }
  }
  yield* parser.end();
}

function reportSyntax(errors: readonly YAMLParseError[], source: SourceText, report: Report): void {
  const exhausted = errors.find((error) => error.code === 'RESOURCE_EXHAUSTION');
  if (exhausted !== undefined) {
    reportTooDeep(exhausted.pos[0], source, report);
    return;
  }
  // One mistake makes the parser stumble on: what comes after the first says nothing new.
  const [first] = errors.toSorted((a, b) => a.pos[0] - b.pos[0]);
  if (first === undefined) return;
  const { code, message, pos } = first;
  report.error(
    'COMPOSE_YAML_SYNTAX',
    { problem: code, detail: message },
    { mark: { source, offset: pos[0] }, path: [] },
  );
}

function reportTooDeep(offset: number, source: SourceText, report: Report): void {
  report.error('COMPOSE_YAML_TOO_DEEP', { limit: limits.depth }, { mark: { source, offset }, path: [] });
}

/** More brackets open at once than anybody writes, even inside texts; the parser needs seconds for a megabyte of them. */
const openBrackets = 5000;

function firstTooDeep(text: string): number | undefined {
  let open = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 0x5b || code === 0x7b) open++;
    else if ((code === 0x5d || code === 0x7d) && open > 0) open--;
    if (open > openBrackets) return index;
  }
  return undefined;
}
