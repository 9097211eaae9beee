import type { Ledger } from './ledger.ts';
import type { Directive } from './parse.ts';

type Level = readonly Directive[];

/** A block within those around it, with nginx's rule of inheritance: what a block says replaces what is said outside. */
export class Scope {
  readonly ledger: Ledger;
  readonly #levels: readonly Level[];

  constructor(levels: readonly Level[], ledger: Ledger) {
    this.#levels = levels;
    this.ledger = ledger;
  }

  inside(block: Level): Scope {
    return new Scope([...this.#levels, block], this.ledger);
  }

  /** The directives of these names in this block itself. */
  own(...names: readonly string[]): readonly Directive[] {
    return this.#of(this.#levels.at(-1) ?? [], names);
  }

  /** Those of the innermost block that has any of these names; all of them count together. */
  inherited(...names: readonly string[]): readonly Directive[] {
    for (const level of this.#levels.toReversed()) {
      const found = this.#of(level, names);
      if (found.length > 0) return found;
    }
    return [];
  }

  /** The one that counts of a directive that may be said once. */
  last(name: string): Directive | undefined {
    return this.inherited(name).at(-1);
  }

  #of(level: Level, names: readonly string[]): readonly Directive[] {
    const found = level.filter((one) => names.includes(one.name));
    this.ledger.take(...found);
    return found;
  }
}
