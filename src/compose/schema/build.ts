import { eachOf, texts } from '../bind/lists.ts';
import { textValue } from '../bind/scalars.ts';
import { object, sshKeys } from '../bind/structures.ts';
import {
  environmentField,
  field,
  flagField,
  hostsField,
  listField,
  pairsField,
  textField,
  textOrListField,
  wholeBytesField,
} from './fields.ts';
import { grant, grantsShape } from './grant.ts';
import { section, shapeOf } from './section.ts';
import { either, listOf, pairs, string } from './shape.ts';
import { ulimitsField } from './ulimits.ts';

const textOrBoolean = field({ kind: 'scalar', words: ['string', 'boolean'] }, textValue);

export const build = section({
  additional_contexts: pairsField,
  args: environmentField,
  cache_from: listField,
  cache_to: listField,
  context: textField,
  dockerfile: textField,
  dockerfile_inline: textField,
  entitlements: listField,
  extra_hosts: hostsField,
  isolation: textField,
  labels: pairsField,
  network: textField,
  no_cache: flagField,
  no_cache_filter: textOrListField,
  platforms: field(listOf(string), texts),
  privileged: flagField,
  provenance: textOrBoolean,
  pull: flagField,
  sbom: textOrBoolean,
  secrets: field(grantsShape, eachOf(object(grant))),
  shm_size: wholeBytesField,
  ssh: field(pairs, sshKeys),
  tags: listField,
  target: textField,
  ulimits: ulimitsField,
});

export const buildField = field(either(string, shapeOf(build)), object(build));
