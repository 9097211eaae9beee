import type { Section } from './section.ts';

/** What a value may be before it is brought into canonical form. */
export type Shape =
  | ScalarShape
  | { readonly kind: 'list'; readonly items: Shape; readonly unique: boolean }
  | { readonly kind: 'section'; readonly section: Section }
  | DictionaryShape
  | { readonly kind: 'anything' }
  | { readonly kind: 'either'; readonly shapes: readonly Shape[] };

export type ScalarWord = 'string' | 'integer' | 'number' | 'boolean' | 'null';

export interface ScalarShape {
  readonly kind: 'scalar';
  readonly words: readonly ScalarWord[];
  readonly choices?: readonly string[];
  readonly pattern?: RegExp;
  /** Bounds of a number; texts are not bound. */
  readonly min?: number;
  readonly max?: number;
}

/** Free keys. Those that do not match `names` are refused, or passed over where the reference lets them through. */
export interface DictionaryShape {
  readonly kind: 'dictionary';
  readonly values: Shape;
  readonly names?: RegExp;
  readonly others?: 'refused' | 'ignored';
}

export const string: ScalarShape = { kind: 'scalar', words: ['string'] };
export const boolean: ScalarShape = { kind: 'scalar', words: ['boolean'] };
export const booleanText: ScalarShape = { kind: 'scalar', words: ['boolean', 'string'] };
export const integerText: ScalarShape = { kind: 'scalar', words: ['integer', 'string'] };
export const numberText: ScalarShape = { kind: 'scalar', words: ['number', 'string'] };
export const none: ScalarShape = { kind: 'scalar', words: ['null'] };

export function oneOf(...choices: string[]): ScalarShape {
  return { kind: 'scalar', words: ['string'], choices };
}

export function matching(pattern: RegExp): ScalarShape {
  return { kind: 'scalar', words: ['string'], pattern };
}

export function listOf(items: Shape): Shape {
  return { kind: 'list', items, unique: false };
}

export function uniqueListOf(items: Shape): Shape {
  return { kind: 'list', items, unique: true };
}

export function either(...shapes: Shape[]): Shape {
  return { kind: 'either', shapes };
}

/** Names of services, volumes, networks, secrets, configs and models. */
export const resourceName = /^[a-zA-Z0-9._-]+$/;

export const uniqueStrings: Shape = uniqueListOf(string);
export const stringOrStrings: Shape = either(string, uniqueStrings);

/** `KEY: value` pairs, or a list of `KEY=value`. */
export const pairs: Shape = either(
  { kind: 'dictionary', values: { kind: 'scalar', words: ['string', 'number', 'boolean', 'null'] }, names: /.+/ },
  uniqueStrings,
);

export const commandShape: Shape = either(none, string, listOf(string));

/** Options of a driver: texts and numbers under any key. */
export const driverOptions: DictionaryShape = {
  kind: 'dictionary',
  values: { kind: 'scalar', words: ['string', 'number'] },
};
