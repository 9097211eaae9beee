import { bytes } from '../bind/quantities.ts';
import { countValue, optOut, textValue } from '../bind/scalars.ts';
import { field, flagField, pairsField, sectionField, textField } from './fields.ts';
import { section } from './section.ts';
import { booleanText, either, numberText, oneOf, string } from './shape.ts';

const bind = section({
  propagation: textField,
  create_host_path: field(booleanText, optOut),
  recursive: field(oneOf('enabled', 'disabled', 'writable', 'readonly'), textValue),
  selinux: field(oneOf('z', 'Z'), textValue),
});

const volume = section({ labels: pairsField, nocopy: flagField, subpath: textField });

const tmpfs = section({
  size: field(either({ kind: 'scalar', words: ['integer'], min: 0 }, string), bytes),
  mode: field(numberText, countValue),
});

const image = section({ subpath: textField });

/** One entry of a service's `volumes`, long form. */
export const mount = section(
  {
    type: field(oneOf('bind', 'volume', 'tmpfs', 'cluster', 'npipe', 'image'), textValue),
    source: textField,
    target: textField,
    read_only: flagField,
    consistency: textField,
    bind: sectionField(bind),
    volume: sectionField(volume),
    tmpfs: sectionField(tmpfs),
    image: sectionField(image),
  },
  { required: ['type'] },
);

/** One entry of a service's `devices`, long form. */
export const device = section(
  { source: textField, target: textField, permissions: textField },
  { required: ['source'] },
);
