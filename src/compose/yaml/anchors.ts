import type { Node } from '../tree/node.ts';

/** What an alias finds under a name. */
export type Anchored =
  | { readonly kind: 'unknown' }
  /** The value that bears the anchor is still being read: the alias stands inside it. */
  | { readonly kind: 'open' }
  | ({ readonly kind: 'ready' } & AnchoredValue);

export interface AnchoredValue {
  /** Undefined when the value is tagged `!reset`: so are its aliases. */
  readonly value: Node | undefined;
  /** Values that it holds, itself included. */
  readonly size: number;
  /** Levels of nesting below it. */
  readonly height: number;
}

/** The anchors of one document; a later one of the same name takes the place of an earlier. */
export class Anchors {
  readonly #byName = new Map<string, Anchored>();

  /** Notes that the value with this anchor begins; hand what it returns to `finish`. */
  begin(name: string): Anchored {
    const opened: Anchored = { kind: 'open' };
    this.#byName.set(name, opened);
    return opened;
  }

  /** Gives the anchor its value, unless a value inside it has taken the name over. */
  finish(name: string, opened: Anchored, value: AnchoredValue): void {
    if (this.#byName.get(name) === opened) this.#byName.set(name, { kind: 'ready', ...value });
  }

  find(name: string): Anchored {
    return this.#byName.get(name) ?? { kind: 'unknown' };
  }
}
