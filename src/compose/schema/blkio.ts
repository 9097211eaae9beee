import { eachOf } from '../bind/lists.ts';
import { keptBytes } from '../bind/quantities.ts';
import { countValue, keptCount, keptText } from '../bind/scalars.ts';
import { completeObject } from '../bind/structures.ts';
import { integer, text } from '../tree/node.ts';
import { field } from './fields.ts';
import { section, shapeOf } from './section.ts';
import { integerText, listOf, string } from './shape.ts';

const throttle = section({ path: field(string, keptText), rate: field(integerText, keptBytes) }, { extensible: false });

const weight = section({ path: field(string, keptText), weight: field(integerText, keptCount) }, { extensible: false });

const throttles = field(
  listOf(shapeOf(throttle)),
  eachOf(completeObject(throttle, { path: (node) => text('', node.mark), rate: (node) => text('0', node.mark) })),
);

const weights = field(
  listOf(shapeOf(weight)),
  eachOf(completeObject(weight, { path: (node) => text('', node.mark), weight: (node) => integer(0, node.mark) })),
);

/** Limits of block devices. */
export const blkio = section(
  {
    device_read_bps: throttles,
    device_read_iops: throttles,
    device_write_bps: throttles,
    device_write_iops: throttles,
    weight: field(integerText, countValue),
    weight_device: weights,
  },
  { extensible: false },
);
