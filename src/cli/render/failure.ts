import { reasonOf, TimonelError } from '#core/errors.ts';
import type { Code } from '#core/messages/catalogue.ts';
import type { Language } from '#core/messages/message.ts';
import { said } from '#core/messages/say.ts';
import type { ErrorBody, WordedFinding, Words } from '#daemon/contract.ts';
import { words } from '#daemon/worded.ts';
import { DaemonRefusal } from '../client/http.ts';
import { exitCodeOfHttpStatus, exitCodes } from '../exit-codes.ts';
import type { Terminal } from '../terminal.ts';
import { renderFinding } from './finding.ts';
import { labels } from './labels.ts';
import { renderSentence } from './said.ts';

export interface FailureReader {
  readonly terminal: Terminal;
  readonly language: Language;
  readonly json: boolean;
  readonly cwd: string;
  /** Show where in our code it was thrown. */
  readonly debug: boolean;
}

/** A failure that a command tells with findings, because it loaded the file itself. */
export class InvalidFile extends Error {
  override readonly name = 'InvalidFile';
  readonly findings: readonly WordedFinding[];
  readonly base: string;

  constructor(findings: readonly WordedFinding[], base: string) {
    super('invalid file');
    this.findings = findings;
    this.base = base;
  }
}

/** Tells whatever was thrown, as JSON on standard output or as text on standard error. Returns the exit code. */
export function reportFailure(error: unknown, reader: FailureReader): number {
  const { body, code, base } = describe(error, reader);
  if (reader.debug && error instanceof Error) reader.terminal.err(`${error.stack}\n`);
  if (reader.json) reader.terminal.out(`${JSON.stringify(body)}\n`);
  else reader.terminal.err(renderBody(body, base ?? reader.cwd, reader));
  return code;
}

interface Described {
  readonly body: ErrorBody;
  readonly code: number;
  readonly base?: string;
}

function describe(error: unknown, { language }: FailureReader): Described {
  if (error instanceof DaemonRefusal)
    return { body: error.body, code: exitCodeOfHttpStatus(error.status), ...baseOf(error) };
  if (error instanceof InvalidFile) {
    const count = error.findings.filter((one) => one.severity === 'error').length;
    const summary = words(said('CLI_INVALID', { count }), language);
    return { body: { error: { ...summary, findings: error.findings } }, code: exitCodes.invalid, base: error.base };
  }
  if (error instanceof TimonelError) {
    const place = error.at === undefined ? {} : { at: error.at };
    return { body: { error: { ...words(error.said, language), ...place } }, code: exitCodeOf(error.code) };
  }
  const internal = words(said('CLI_INTERNAL', { detail: reasonOf(error) }), language);
  return { body: { error: internal }, code: exitCodes.failed };
}

function baseOf(error: DaemonRefusal): { readonly base?: string } {
  return error.base === undefined ? {} : { base: error.base };
}

/** Our own refusals: bad usage, except where the daemon or the machine failed. */
function exitCodeOf(code: Code): number {
  return failures.has(code) ? exitCodes.failed : exitCodes.invalid;
}

const failures: ReadonlySet<Code> = new Set<Code>([
  'CLI_INTERNAL',
  'CLI_DAEMON_FAILED',
  'CLI_DAEMON_SILENT',
  'CLI_DAEMON_WONT_STOP',
  'CLI_DAEMON_KEEPS_DYING',
  'CLI_ORDER_LOST',
  'CLI_DAEMON_ABSENT',
  'CLI_PACKAGES_ROOT',
  'CLI_PACKAGES_REFUSED',
  'CLI_PACKAGES_NO_APT',
  'CLI_PACKAGES_FAILED',
  'CLI_NO_SYSTEMD',
  'CLI_SYSTEMD_FAILED',
  'CLI_OUTPUT_FILE',
  'REGISTRY_UNREACHABLE',
  'REGISTRY_REFUSED',
  'DAEMON_HOME_UNUSABLE',
  'DAEMON_SOCKET_TOO_LONG',
]);

function renderBody({ error }: ErrorBody, base: string, reader: FailureReader): string {
  const { findings, at, ...words } = error;
  if (findings === undefined && at !== undefined)
    return renderFinding({ severity: 'error', ...words, at }, { ...reader, base });
  const told = (findings ?? []).map((one) => renderFinding(one, { ...reader, base }));
  return [...told, renderSummary(words, reader)].join('');
}

function renderSummary(error: Words, { terminal, language }: FailureReader): string {
  const label = terminal.paint('red', labels.error[language]);
  return renderSentence({ message: `${label} ${error.message}`, hint: error.hint }, terminal);
}
