import { TimonelError } from '#core/errors.ts';
import { type Lookup, substitute } from './template.ts';

export type TreePath = readonly (string | number)[];

export interface InterpolateOptions {
  readonly lookup: Lookup;
  /** A variable has neither value nor default; it counts as empty. */
  readonly onMissing: (name: string, path: TreePath) => void;
  /** A template is wrong or a required variable is missing. The value becomes null, so that no later phase trips on it. */
  readonly onError: (error: TimonelError, path: TreePath) => void;
}

/** Substitutes the variables in every string value of a plain tree (never in keys). Returns a new tree. */
export function interpolateTree(tree: unknown, options: InterpolateOptions): unknown {
  const path: (string | number)[] = [];
  return walk(tree);

  function walk(value: unknown): unknown {
    if (typeof value === 'string') return value.includes('$') ? substituteAt(value) : value;
    if (Array.isArray(value)) return value.map((item: unknown, index) => descend(index, item));
    if (!isPlainMapping(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, descend(key, item)]));
  }

  function descend(key: string | number, value: unknown): unknown {
    path.push(key);
    const result = walk(value);
    path.pop();
    return result;
  }

  function substituteAt(text: string): string | null {
    try {
      return substitute(text, options.lookup, (name) => options.onMissing(name, [...path]));
    } catch (error) {
      if (!(error instanceof TimonelError)) throw error;
      options.onError(error, [...path]);
      return null;
    }
  }
}

/** Mappings of a YAML tree are plain objects; anything else that is an object (a date, a marked number) is a value. */
function isPlainMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
