import { type Finding, finding, type Severity, sortFindings } from '#core/finding.ts';
import type { Code, FactsOf } from '#core/messages/catalogue.ts';
import { type Said, said } from '#core/messages/say.ts';
import type { Node, Path } from './node.ts';
import { locationOf, type Mark } from './source.ts';

/** Where a finding is about: the path in the model and the place in a file. */
export interface Spot {
  readonly path: Path;
  readonly mark: Mark;
}

/** The spot of a node. */
export function spot(node: Node, path: Path): Spot {
  return { path, mark: node.mark };
}

/**
 * Collects the findings of one load. The same finding at the same spot counts once: later phases see again what an
 * earlier one refused, and every document of a merge is checked.
 */
export class Report {
  readonly #findings: Finding[] = [];
  readonly #seen = new Set<string>();
  readonly #refusedPaths = new Set<string>();
  #errors = 0;
  #left: { readonly where: Spot | undefined; readonly count: number } = { where: undefined, count: 0 };

  error<C extends Code>(code: C, facts: FactsOf<C>, where: Spot): void {
    this.said('error', said(code, facts), where);
  }

  warning<C extends Code>(code: C, facts: FactsOf<C>, where: Spot): void {
    this.said('warning', said(code, facts), where);
  }

  /** Adds a finding whose words exist already, such as those of a thrown error. */
  said(severity: Severity, what: Said, where: Spot): void {
    if (severity === 'error') {
      this.#errors++;
      this.#refusedPaths.add(where.path.join('.'));
    }
    if (this.#findings.length >= mostFindings) {
      this.#left = { where, count: this.#left.count + 1 };
      return;
    }
    const facts = clipped(what.facts);
    const at = locationOf(where.mark, where.path.map(clippedText));
    const identity = JSON.stringify([what.code, at, facts]);
    if (this.#seen.has(identity)) return;
    this.#seen.add(identity);
    this.#findings.push({ severity, said: { code: what.code, facts }, at });
  }

  get hasErrors(): boolean {
    return this.#errors > 0;
  }

  /** How many errors so far; compare two counts to know whether a stretch of work found any. */
  get errorCount(): number {
    return this.#errors;
  }

  /** Was the value at `path`, or something around it, refused already? Then a follow-up error would only be noise. */
  isRefused(path: Path): boolean {
    if (this.#refusedPaths.size === 0) return false;
    for (let length = path.length; length > 0; length--) {
      if (this.#refusedPaths.has(path.slice(0, length).join('.'))) return true;
    }
    return false;
  }

  /** All findings by place. */
  findings(): readonly Finding[] {
    const { where, count } = this.#left;
    if (where === undefined) return sortFindings(this.#findings);
    const rest = finding('warning', 'COMPOSE_MORE_FINDINGS', { count }, locationOf(where.mark));
    return [...sortFindings(this.#findings), rest];
  }
}

/** More than anybody reads; a broken file of a million lines must not make a million findings. */
const mostFindings = 1_000;
const longestText = 400;

/** Facts whose texts can be shown: a value of a file may be as long as the file. */
function clipped(facts: Said['facts']): Said['facts'] {
  return Object.fromEntries(
    Object.entries(facts).map(([name, fact]) => [name, typeof fact === 'string' ? clippedText(fact) : fact]),
  );
}

function clippedText<T extends string | number>(text: T): T | string {
  return typeof text === 'string' && text.length > longestText ? `${text.slice(0, longestText)}…` : text;
}
