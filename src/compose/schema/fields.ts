import type { Binder } from '../bind/binder.ts';
import { hosts } from '../bind/hosts.ts';
import { texts } from '../bind/lists.ts';
import { environment, labels } from '../bind/pairs.ts';
import { bytes, duration, keptDuration } from '../bind/quantities.ts';
import { flagValue, fractionValue, keptCount, keptFlag, textValue, wholeValue } from '../bind/scalars.ts';
import { object } from '../bind/structures.ts';
import { command } from '../bind/words.ts';
import type { Field, Section } from './section.ts';
import { shapeOf } from './section.ts';
import {
  booleanText,
  commandShape,
  either,
  integerText,
  listOf,
  numberText,
  pairs,
  type Shape,
  string,
  uniqueListOf,
  uniqueStrings,
} from './shape.ts';

/** Kinds of attributes that many sections share. A name says what is written and, where it matters, what is kept. */
export function field(takes: Shape, becomes: Binder): Field {
  return { takes, becomes };
}

export const textField = field(string, textValue);
export const flagField = field(booleanText, flagValue);
/** A flag whose false differs from not set. */
export const keptFlagField = field(booleanText, keptFlag);
export const wholeField = field(integerText, wholeValue);
export const numberField = field(numberText, wholeValue);
export const fractionField = field(numberText, fractionValue);
export const keptCountField = field(integerText, keptCount);
export const durationField = field(string, duration);
export const keptDurationField = field(string, keptDuration);
export const bytesField = field(numberText, bytes);
export const wholeBytesField = field(integerText, bytes);
export const listField = field(listOf(string), texts);
export const uniqueListField = field(uniqueListOf(string), texts);
export const textOrListField = field(either(string, uniqueStrings), texts);
export const commandField = field(commandShape, command);
export const environmentField = field(pairs, environment);
export const pairsField = field(pairs, labels);

export const hostsField = field(
  either({ kind: 'dictionary', values: either(string, listOf(string)), names: /.+/ }, uniqueListOf(string)),
  hosts,
);

/** A section under one key; empty stays `{}`. */
export function sectionField(inner: Section): Field {
  return field(shapeOf(inner), object(inner));
}
