import { quote } from '../quote.ts';

/** A text that goes into a header as it is: the proxy would expand what follows a `%`. */
export function literal(text: string): string {
  return quote(text.replaceAll('%', '%%'));
}

/** A text as part of a regular expression that matches just it. */
export function escapePattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

interface Refusal {
  readonly status: number;
  readonly error: string;
  readonly message: string;
  /** More words of the rule: headers. */
  readonly headers?: string;
}

/** The action that answers a request instead of the service, in the form of the proxy's other errors. */
export function refuse({ status, error, message, headers = '' }: Refusal): string {
  const body = JSON.stringify({ error, message, status });
  const more = headers === '' ? '' : ` ${headers}`;
  return `http-request return status ${status} content-type application/json string ${quote(body)}${more}`;
}
