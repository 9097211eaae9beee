import type { Binder } from '../bind/binder.ts';
import type { Shape } from './shape.ts';

/** One attribute: what may be written, and what it becomes in the canonical model. */
export interface Field {
  readonly takes: Shape;
  readonly becomes: Binder;
}

/** An object with known keys. */
export interface Section {
  readonly fields: Readonly<Record<string, Field>>;
  readonly required: readonly string[];
  /** May `x-…` keys stand beside the known ones? */
  readonly extensible: boolean;
  /** Unknown keys: an error, or dropped where the reference lets them through. */
  readonly unknown: 'refused' | 'dropped';
  readonly isNullable: boolean;
}

/** Describes a section; extensible, closed and not nullable unless said otherwise. */
export function section(fields: Section['fields'], traits: Partial<Omit<Section, 'fields'>> = {}): Section {
  return { fields, required: [], extensible: true, unknown: 'refused', isNullable: false, ...traits };
}

/** The shape of a section. */
export function shapeOf(inner: Section): Shape {
  return { kind: 'section', section: inner };
}
