import { parseDuration } from '#core/duration.ts';
import { type Finding, finding } from '#core/finding.ts';
import type { Demand, Instead } from '#core/messages/policy-words.ts';
import { nearest } from '#core/nearest.ts';
import { isPattern } from '#core/pattern.ts';
import type { Locate } from '#world/runtime.ts';
import { isTrue, isTruth, type TraefikLabel, type TraefikObject } from '../traefik-labels.ts';

interface Source {
  readonly object: TraefikObject;
  /** The option's first word, which is the middleware's kind: `ratelimit`. Empty reads from the object itself. */
  readonly under: string;
  readonly locate: Locate;
  readonly findings: Finding[];
}

interface BadService {
  readonly service: string;
  readonly names: readonly string[];
  readonly known: string | undefined;
}

/**
 * Reads the options of one middleware from its labels. It reports wrong values at their labels, and remembers what was
 * asked for: what nobody asked for is unknown, so a middleware needs no list of its options.
 */
export class OptionReader {
  readonly #source: Source;
  readonly #asked = new Set<string>();
  readonly #askedPrefixes: string[] = [];

  constructor(source: Source) {
    this.#source = source;
  }

  has(key: string): boolean {
    return this.#label(key) !== undefined;
  }

  text(key: string): string | undefined {
    return this.#label(key)?.value;
  }

  /** Values between commas. */
  list(key: string): readonly string[] {
    return (this.text(key) ?? '')
      .split(',')
      .map((one) => one.trim())
      .filter((one) => one !== '');
  }

  is(key: string): boolean {
    const value = this.text(key);
    if (value === undefined) return false;
    if (!isTruth(value)) this.refuse(key, 'true or false');
    return isTrue(value);
  }

  /** A thing that is there by its name alone, as `compress` and `sticky.cookie` are, unless it is `false`. */
  isThere(key: string): boolean {
    return this.text(key)?.trim() === '' || this.is(key);
  }

  /** A whole number from `least` on. */
  whole(key: string, least = 0): number | undefined {
    const text = this.text(key);
    if (text === undefined) return undefined;
    const value = /^\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
    if (Number.isSafeInteger(value) && value >= least) return value;
    return this.refuse(key, `a whole number from ${least} on`);
  }

  /** Milliseconds; a bare number means seconds, as Traefik has it. */
  duration(key: string): number | undefined {
    const text = this.text(key)?.trim();
    if (text === undefined) return undefined;
    const ms = /^\d+$/.test(text) ? Number(text) * 1000 : parseDuration(text);
    return ms !== undefined && ms > 0 ? ms : this.refuse(key, 'a duration such as 10s or 100ms');
  }

  /** A regular expression, as the proxy understands it. */
  pattern(key: string): string | undefined {
    const text = this.text(key);
    if (text === undefined) return undefined;
    return isPattern(text) ? text : this.refuse(key, 'a regular expression');
  }

  /** Regular expressions between commas; those within braces belong to one. */
  patterns(key: string): readonly string[] {
    const all = (this.text(key) ?? '').split(/,(?![^{]*\})/).map((one) => one.trim());
    const good = all.filter(isPattern);
    if (good.length < all.length) this.refuse(key, 'regular expressions, between commas');
    return good;
  }

  /** Is there anything at `prefix` or below? */
  hasBelow(prefix: string): boolean {
    return [...this.#own().keys()].some((key) => key === prefix || key.startsWith(`${prefix}.`));
  }

  /** The options below `prefix`, by the rest of their key: `customrequestheaders.X-A=1` gives X-A. */
  record(prefix: string): readonly (readonly [key: string, value: string])[] {
    this.#askedPrefixes.push(prefix);
    const { under } = this.#source;
    const depth = under === '' ? 1 : 1 + under.split('.').length;
    return [...this.#own()]
      .filter(([key]) => key.startsWith(`${prefix}.`))
      .map(([, label]) => [label.parts.slice(3 + depth).join('.'), label.value]);
  }

  /** Says that an option has a wrong value. @returns undefined, for the option */
  refuse(key: string, demand: Demand): undefined {
    const label = this.#label(key);
    if (label === undefined) return undefined;
    const facts = { label: label.label, demand, value: label.value };
    this.#report(finding('error', 'POLICY_VALUE', facts, this.#source.locate(label.path)));
    return undefined;
  }

  /** Says that an option that is there cannot be honoured. */
  unsupported(key: string, instead: Instead): void {
    for (const [name, label] of this.#own()) {
      if (name !== key && !name.startsWith(`${key}.`)) continue;
      this.#asked.add(name);
      const facts = { label: label.label, instead };
      this.#report(finding('error', 'POLICY_UNSUPPORTED', facts, this.#source.locate(label.path)));
    }
  }

  /** Options that make no difference here. */
  harmless(...keys: readonly string[]): void {
    for (const key of keys) this.#asked.add(key);
  }

  /** The option, or a finding that it is missing. */
  required(key: string): string | undefined {
    const text = this.text(key);
    if (text !== undefined && text.trim() !== '') return text;
    const { object, under, locate } = this.#source;
    const first = [...object.options.values()][0];
    const [, kind = ''] = first?.parts ?? [];
    const facts = { label: `traefik.http.${kind}.${object.name}.${under}`, option: key };
    this.#report(finding('error', 'POLICY_MISSING', facts, first && locate(first.path)));
    return undefined;
  }

  /** Says that the option names no service, or one of which no port is known; `known` is its name in the Compose file. */
  badService(key: string, { service, names, known }: BadService): void {
    const label = this.#label(key);
    if (label === undefined) return;
    const at = this.#source.locate(label.path);
    const facts = { label: label.label, service };
    this.#report(
      known === undefined
        ? finding('error', 'POLICY_UNKNOWN_SERVICE', { ...facts, nearest: nearest(service, names) }, at)
        : finding('error', 'POLICY_SERVICE_PORT', { ...facts, service: known }, at),
    );
  }

  /** Reports an expression that cannot be read. */
  badExpression(key: string, reason: string, column: number): undefined {
    const label = this.#label(key);
    if (label === undefined) return undefined;
    const facts = { label: label.label, reason, column };
    this.#report(finding('error', 'POLICY_EXPRESSION', facts, this.#source.locate(label.path)));
    return undefined;
  }

  /** Call last: reports the options that nothing asked for, and values that no configuration can carry. */
  finish(): void {
    for (const [key, label] of this.#own()) {
      if (hasControls(label.value)) this.refuse(key, 'without line breaks and other control characters');
      if (this.#asked.has(key) || this.#askedPrefixes.some((prefix) => key.startsWith(`${prefix}.`))) continue;
      const known = [...this.#asked, ...this.#askedPrefixes].filter((one) => one !== '');
      const facts = { label: label.label, option: key, nearest: nearest(key, known) };
      this.#report(finding('error', 'POLICY_UNKNOWN_OPTION', facts, this.#source.locate(label.path)));
    }
  }

  #label(key: string): TraefikLabel | undefined {
    this.#asked.add(key);
    return this.#own().get(key);
  }

  /** This kind's options by their key after the kind; the kind alone (`compress=true`) has the empty key. */
  #own(): ReadonlyMap<string, TraefikLabel> {
    const { object, under } = this.#source;
    if (under === '') return object.options;
    return new Map(
      [...object.options]
        .filter(([key]) => key === under || key.startsWith(`${under}.`))
        .map(([key, label]) => [key.slice(under.length + 1), label]),
    );
  }

  #report(one: Finding): void {
    this.#source.findings.push(one);
  }
}

function hasControls(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must be kept out
  return /[\u0000-\u001f\u007f]/.test(text);
}
