import { fileMode } from '../bind/quantities.ts';
import { field, textField } from './fields.ts';
import { section, shapeOf } from './section.ts';
import { either, listOf, numberText, string } from './shape.ts';

/** A service's use of a secret or a config. */
export const grant = section({
  source: textField,
  target: textField,
  uid: textField,
  gid: textField,
  mode: field(numberText, fileMode),
});

export const grantsShape = listOf(either(string, shapeOf(grant)));
