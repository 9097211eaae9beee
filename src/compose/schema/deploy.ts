import { eachOf, texts } from '../bind/lists.ts';
import { bytes, deviceCount } from '../bind/quantities.ts';
import { countValue, keptCount, keptText, keptWhole, textValue, wholeValue } from '../bind/scalars.ts';
import { completeObject, filledObject, object } from '../bind/structures.ts';
import { integer, text } from '../tree/node.ts';
import {
  durationField,
  field,
  fractionField,
  keptCountField,
  keptDurationField,
  listField,
  pairsField,
  sectionField,
  textField,
} from './fields.ts';
import { section, shapeOf } from './section.ts';
import { either, integerText, listOf, numberText, oneOf, string, uniqueStrings } from './shape.ts';

const update = section({
  parallelism: keptCountField,
  delay: durationField,
  failure_action: textField,
  monitor: durationField,
  max_failure_ratio: fractionField,
  order: field(oneOf('start-first', 'stop-first'), textValue),
});

const discreteResource = section({
  kind: field(string, keptText),
  value: field(numberText, keptWhole),
});

const genericResource = section({
  discrete_resource_spec: field(
    shapeOf(discreteResource),
    completeObject(discreteResource, { kind: (node) => text('', node.mark), value: (node) => integer(0, node.mark) }),
  ),
});

const deviceRequestFields = {
  capabilities: field(uniqueStrings, texts),
  count: field({ kind: 'scalar', words: ['string', 'integer'] }, deviceCount),
  device_ids: field(uniqueStrings, texts),
  driver: textField,
  options: pairsField,
};

const deviceRequest = section(deviceRequestFields, { required: ['capabilities'] });

/** `gpus` takes any key, as the reference does; those that mean nothing are dropped. */
const gpu = section(deviceRequestFields, { unknown: 'dropped', extensible: false });

export const gpusField = field(either(oneOf('all'), listOf(shapeOf(gpu))), eachOf(object(gpu)));

const limits = section({
  cpus: fractionField,
  memory: field(string, bytes),
  pids: field(integerText, wholeValue),
});

const reservations = section({
  cpus: fractionField,
  memory: field(string, bytes),
  generic_resources: field(listOf(shapeOf(genericResource)), eachOf(object(genericResource))),
  devices: field(listOf(shapeOf(deviceRequest)), eachOf(object(deviceRequest))),
});

const resources = section({ limits: sectionField(limits), reservations: sectionField(reservations) });

const restartPolicy = section({
  condition: textField,
  delay: keptDurationField,
  max_attempts: field(integerText, keptCount),
  window: keptDurationField,
});

const preference = section({ spread: textField });

const placement = section({
  constraints: listField,
  preferences: field(listOf(shapeOf(preference)), eachOf(object(preference))),
  max_replicas_per_node: field(integerText, countValue),
});

export const deploy = section(
  {
    mode: textField,
    endpoint_mode: textField,
    replicas: field(integerText, keptWhole),
    labels: pairsField,
    update_config: sectionField(update),
    rollback_config: sectionField(update),
    resources: field(shapeOf(resources), filledObject(resources)),
    restart_policy: sectionField(restartPolicy),
    placement: field(shapeOf(placement), filledObject(placement)),
  },
  { isNullable: true },
);
