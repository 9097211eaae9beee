/**
 * Rules by path: `services.*.ports` → rule. A `*` stands for any one key or list index. Compiled to a trie so that a
 * walk asks once a level, and skips whole subtrees that no rule reaches.
 */
export class PathTable<T> {
  readonly #children = new Map<string, PathTable<T>>();
  #rule: T | undefined;

  static of<T>(rules: Readonly<Record<string, T>>): PathTable<T> {
    const root = new PathTable<T>();
    for (const [pattern, rule] of Object.entries(rules)) root.#add(pattern.split('.'), rule);
    return root;
  }

  /** The rule for the node the walk stands on. */
  get rule(): T | undefined {
    return this.#rule;
  }

  /** Does any rule lie deeper? */
  get isLeaf(): boolean {
    return this.#children.size === 0;
  }

  /** The table below `key`, or undefined when no rule reaches there. */
  below(key: string): PathTable<T> | undefined {
    return this.#children.get(key) ?? this.#children.get('*');
  }

  #add(steps: readonly string[], rule: T): void {
    const [first, ...rest] = steps;
    if (first === undefined) {
      this.#rule = rule;
      return;
    }
    const next = this.#children.get(first) ?? new PathTable<T>();
    this.#children.set(first, next);
    next.#add(rest, rule);
  }
}
