import { type Finding, finding } from '#core/finding.ts';
import type { NginxChange, NginxGap } from '#core/messages/nginx-reasons.ts';
import type { Directive } from './parse.ts';

/**
 * Which directives were dealt with. Whoever reads one takes it; what nobody took is reported at the end, so that
 * nothing is left out in silence.
 */
export class Ledger {
  readonly findings: Finding[] = [];
  readonly #taken = new Set<Directive>();
  readonly #said = new Set<string>();

  take(...directives: readonly Directive[]): void {
    for (const one of directives) this.#taken.add(one);
  }

  /** Takes the directive and everything inside it. */
  takeWhole(directive: Directive): void {
    this.take(directive);
    for (const one of directive.block ?? []) this.takeWhole(one);
  }

  isTaken(directive: Directive): boolean {
    return this.#taken.has(directive);
  }

  /** It is not carried over. */
  leave(directive: Directive, reason: NginxGap): void {
    this.takeWhole(directive);
    this.say(directive, finding('warning', 'NGINX_NOT_CARRIED', { directive: shown(directive), reason }, directive.at));
  }

  /** It is carried over, with a meaning that differs a little. */
  change(directive: Directive, change: NginxChange): void {
    this.take(directive);
    this.say(directive, finding('info', 'NGINX_CHANGED', { directive: shown(directive), change }, directive.at));
  }

  /** One directive counts in many places, where it is inherited; it is told once. */
  say({ at }: Directive, one: Finding): void {
    const key = JSON.stringify([at, one.said]);
    if (this.#said.has(key)) return;
    this.#said.add(key);
    this.findings.push(one);
  }
}

/** The directive as a reader knows it from the file, cut where it is long. */
export function shown({ name, args }: Directive): string {
  const text = [name, ...args].join(' ');
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
