import { eachOf } from '../bind/lists.ts';
import { options, strictOptions } from '../bind/pairs.ts';
import { keptFlag } from '../bind/scalars.ts';
import { declared, filledObject, object } from '../bind/structures.ts';
import { field, flagField, keptFlagField, listField, pairsField, textField, wholeField } from './fields.ts';
import { section, shapeOf } from './section.ts';
import { driverOptions, either, listOf, type Shape, string } from './shape.ts';

const externalName = section({ name: textField });
const looseExternalName = section({ name: textField }, { unknown: 'dropped' });
const booleanOrText: Shape = { kind: 'scalar', words: ['boolean', 'string'] };
const externalField = field(either(booleanOrText, shapeOf(externalName)), flagField.becomes);
const looseExternalField = field(either(booleanOrText, shapeOf(looseExternalName)), flagField.becomes);

const addressPool = section({
  subnet: textField,
  ip_range: textField,
  gateway: textField,
  aux_addresses: field({ kind: 'dictionary', values: string, names: /.+/ }, pairsField.becomes),
});

const ipam = section({
  driver: textField,
  config: field(listOf(shapeOf(addressPool)), eachOf(object(addressPool))),
  options: field({ kind: 'dictionary', values: string, names: /.+/ }, options),
});

export const network = section(
  {
    name: textField,
    driver: textField,
    driver_opts: field(driverOptions, options),
    ipam: field(shapeOf(ipam), filledObject(ipam)),
    external: externalField,
    internal: flagField,
    enable_ipv4: field(keptFlagField.takes, keptFlag),
    enable_ipv6: field(keptFlagField.takes, keptFlag),
    attachable: flagField,
    labels: pairsField,
  },
  { isNullable: true },
);

export const volume = section(
  {
    name: textField,
    driver: textField,
    driver_opts: field(driverOptions, options),
    external: externalField,
    labels: pairsField,
  },
  { isNullable: true },
);

export const secret = section({
  name: textField,
  environment: textField,
  file: textField,
  external: looseExternalField,
  labels: pairsField,
  driver: textField,
  driver_opts: field(driverOptions, strictOptions),
  template_driver: textField,
});

export const config = section({
  name: textField,
  content: textField,
  environment: textField,
  file: textField,
  external: looseExternalField,
  labels: pairsField,
  template_driver: textField,
});

export const model = section(
  {
    name: textField,
    model: textField,
    context_size: field({ kind: 'scalar', words: ['integer'] }, wholeField.becomes),
    runtime_flags: listField,
  },
  { required: ['model'] },
);

export const networkBinder = declared(object(network));
export const volumeBinder = declared(object(volume));
