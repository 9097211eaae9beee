import type { Binder } from '../bind/binder.ts';
import { keptWhole } from '../bind/scalars.ts';
import { mapOf, object } from '../bind/structures.ts';
import { integer, mapping } from '../tree/node.ts';
import { field } from './fields.ts';
import { section, shapeOf } from './section.ts';
import { either, integerText } from './shape.ts';

const limit = field(integerText, keptWhole);
const range = section({ soft: limit, hard: limit }, { required: ['soft', 'hard'] });

/** One number for both limits, or a pair. Zero alone prints as a pair of zeros, as in the reference. */
const ulimit: Binder = (node, path, report) => {
  if (node.kind === 'mapping') return object(range)(node, path, report);
  const value = keptWhole(node, path, report);
  if (value === undefined || value.kind !== 'scalar' || Number(value.value) !== 0) return value;
  const zero = integer(0, node.mark);
  return mapping(
    [
      ['soft', zero],
      ['hard', zero],
    ],
    node.mark,
  );
};

export const ulimitsField = field(
  {
    kind: 'dictionary',
    values: either(integerText, shapeOf(range)),
    names: /^[a-z]+$/,
    others: 'ignored',
  },
  mapOf(ulimit),
);
