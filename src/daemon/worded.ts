import type { Finding } from '#core/finding.ts';
import { catalogue } from '#core/messages/catalogue.ts';
import type { Language } from '#core/messages/message.ts';
import { type Said, say, sayHint } from '#core/messages/say.ts';
import type { Worded, WordedFinding, Words } from './contract.ts';

/** Puts one message into words. */
export function words(what: Said, language: Language): Words {
  const hint = sayHint(what, language);
  const message = say(what, language);
  return hint === undefined ? { code: what.code, message } : { code: what.code, message, hint };
}

/** Puts every message inside plain data into words; the rest stays as it is. See `Worded` for the shape. */
export function worded<T>(value: T, language: Language): Worded<T> {
  return convert(value, language) as Worded<T>;
}

/** A finding in words, its place beside them. */
export function wordedFinding(finding: Finding, language: Language): WordedFinding {
  const base = { severity: finding.severity, ...words(finding.said, language) };
  return finding.at === undefined ? base : { ...base, at: finding.at };
}

function convert(value: unknown, language: Language): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => convert(item, language));
  if (value === null || typeof value !== 'object') return value;
  if (isSaid(value)) return words(value, language);
  return Object.fromEntries(Object.entries(value).flatMap(([key, inner]) => convertMember(key, inner, language)));
}

function convertMember(key: string, inner: unknown, language: Language): [string, unknown][] {
  if (!isSaid(inner)) return [[key, convert(inner, language)]];
  const { code, message, hint } = words(inner, language);
  const pair: [string, unknown][] = [
    [key, message],
    [`${key}Code`, code],
  ];
  return hint === undefined ? pair : [...pair, [`${key}Hint`, hint]];
}

function isSaid(value: unknown): value is Said {
  if (value === null || typeof value !== 'object') return false;
  const { code, facts } = value as { code?: unknown; facts?: unknown };
  return typeof code === 'string' && typeof facts === 'object' && facts !== null && Object.hasOwn(catalogue, code);
}
