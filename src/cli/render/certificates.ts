import type { Language } from '#core/messages/message.ts';
import type { WireCertificate } from '#daemon/contract.ts';
import type { Pair } from '../pair.ts';
import type { Terminal } from '../terminal.ts';
import { renderColumns } from './columns.ts';
import { renderSentence } from './said.ts';
import { localTime } from './status.ts';

interface Reader {
  readonly terminal: Terminal;
  readonly language: Language;
}

const heads = {
  host: { en: 'host', es: 'host' },
  source: { en: 'source', es: 'origen' },
  issuer: { en: 'issuer', es: 'emisor' },
  expires: { en: 'expires', es: 'caduca' },
  nextTry: { en: 'next order', es: 'próximo pedido' },
} as const satisfies Readonly<Record<string, Pair>>;

const sources: Readonly<Record<WireCertificate['source'], Pair>> = {
  'self-signed': { en: 'self-signed', es: 'autofirmado' },
  file: { en: 'file', es: 'archivo' },
  acme: { en: 'acme', es: 'acme' },
};

const standIn: Pair = { en: 'self-signed for now', es: 'autofirmado por ahora' };
const anyOther: Pair = { en: '(other hosts)', es: '(otros hosts)' };
const none: Pair = {
  en: 'no route asks for HTTPS, so there are no certificates',
  es: 'ninguna ruta pide HTTPS, así que no hay certificados',
};
const retried: Pair = { en: 'ordered again', es: 'pedido de nuevo' };
const nothingFailed: Pair = { en: 'no order has failed', es: 'ningún pedido ha fallado' };

/** Certificates as a table, and below it what is wrong with which. */
export function renderCertificates(all: readonly WireCertificate[], { terminal, language }: Reader): string {
  if (all.length === 0) return `${none[language]}\n`;
  const head = Object.values(heads).map((one) => terminal.paint('dim', one[language]));
  const rows = all.map((one) => [
    one.host ?? anyOther[language],
    sources[one.source][language],
    one.state === 'stand-in' ? terminal.paint('yellow', standIn[language]) : one.issuer,
    localTime(one.expires),
    one.nextTry === undefined ? '-' : localTime(one.nextTry),
  ]);
  const problems = all.flatMap((one) =>
    one.problem === undefined
      ? []
      : [renderSentence({ message: one.problem, hint: one.problemHint }, terminal, 'yellow')],
  );
  return [renderColumns([head, ...rows], '  '), ...problems].join('');
}

/** What `certificates retry` did. */
export function renderRetried(hosts: readonly string[], language: Language): string {
  return hosts.length === 0 ? `${nothingFailed[language]}\n` : `${retried[language]}: ${hosts.join(', ')}\n`;
}
