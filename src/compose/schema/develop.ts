import { eachOf, texts } from '../bind/lists.ts';
import { flagValue, keptText } from '../bind/scalars.ts';
import { filledObject, object } from '../bind/structures.ts';
import { field, textField } from './fields.ts';
import { hook } from './hooks.ts';
import { section, shapeOf } from './section.ts';
import { boolean, listOf, oneOf, string, stringOrStrings } from './shape.ts';

const trigger = section(
  {
    path: field(string, keptText),
    action: field(oneOf('rebuild', 'sync', 'restart', 'sync+restart', 'sync+exec'), keptText),
    target: textField,
    exec: field(shapeOf(hook), filledObject(hook)),
    ignore: field(stringOrStrings, texts),
    include: field(stringOrStrings, texts),
    initial_sync: field(boolean, flagValue),
  },
  { required: ['path', 'action'] },
);

export const develop = section(
  { watch: field(listOf(shapeOf(trigger)), eachOf(object(trigger))) },
  { isNullable: true },
);
