import type { Binder } from '../bind/binder.ts';
import { eachOf, numberTexts, texts } from '../bind/lists.ts';
import { options, repeatedOptions, strictOptions } from '../bind/pairs.ts';
import {
  flagValue,
  fractionValue,
  keptCount,
  keptFlag,
  keptWhole,
  optOut,
  textValue,
  wholeValue,
} from '../bind/scalars.ts';
import { mapOf, nullable, object } from '../bind/structures.ts';
import { healthTest } from '../bind/words.ts';
import { spot } from '../tree/report.ts';
import { blkio } from './blkio.ts';
import { buildField } from './build.ts';
import { deploy, gpusField } from './deploy.ts';
import { develop } from './develop.ts';
import {
  bytesField,
  commandField,
  environmentField,
  field,
  flagField,
  hostsField,
  keptDurationField,
  keptFlagField,
  numberField,
  pairsField,
  sectionField,
  textField,
  textOrListField,
  uniqueListField,
  wholeBytesField,
} from './fields.ts';
import { grant, grantsShape } from './grant.ts';
import { hook, preStartHook } from './hooks.ts';
import { device, mount } from './mount.ts';
import { section, shapeOf } from './section.ts';
import {
  boolean,
  booleanText,
  driverOptions,
  either,
  integerText,
  listOf,
  matching,
  none,
  oneOf,
  resourceName,
  type ScalarShape,
  type Shape,
  string,
  uniqueListOf,
  uniqueStrings,
} from './shape.ts';
import { ulimitsField } from './ulimits.ts';

const textOrNumber: ScalarShape = { kind: 'scalar', words: ['string', 'number'] };

const healthcheck = section({
  disable: flagField,
  interval: keptDurationField,
  retries: field({ kind: 'scalar', words: ['number', 'string'] }, keptCount),
  start_interval: keptDurationField,
  start_period: keptDurationField,
  test: field(either(string, listOf(string)), healthTest),
  timeout: keptDurationField,
});

const credentialSpec = section({ config: textField, file: textField, registry: textField });

const logging = section({
  driver: textField,
  options: field({ kind: 'dictionary', values: { kind: 'scalar', words: ['string', 'number', 'null'] } }, options),
});

const optionValue: ScalarShape = { kind: 'scalar', words: ['string', 'number', 'boolean'] };
const provider = section(
  {
    type: textField,
    options: field({ kind: 'dictionary', values: either(optionValue, listOf(optionValue)) }, repeatedOptions),
  },
  { required: ['type'] },
);

const dependency = section(
  {
    condition: field(oneOf('service_started', 'service_healthy', 'service_completed_successfully'), textValue),
    required: field(boolean, keptFlag),
    restart: flagField,
  },
  { required: ['condition'] },
);

const envFile = section(
  { path: textField, required: field(booleanText, optOut), format: textField },
  { required: ['path'], extensible: false },
);

/** `extends`, long form. */
export const extension = section({ service: textField, file: textField }, { required: ['service'], extensible: false });

const attachment = section({
  aliases: uniqueListField,
  driver_opts: field(driverOptions, options),
  gw_priority: field({ kind: 'scalar', words: ['number'] }, wholeValue),
  interface_name: textField,
  ipv4_address: textField,
  ipv6_address: textField,
  link_local_ips: uniqueListField,
  mac_address: textField,
  priority: field({ kind: 'scalar', words: ['number'] }, wholeValue),
});

const modelUse = section({ endpoint_var: textField, model_var: textField });

const port = section({
  name: textField,
  mode: textField,
  host_ip: textField,
  target: field(integerText, keptCount),
  published: field({ kind: 'scalar', words: ['string', 'integer'] }, textValue),
  protocol: textField,
  app_protocol: textField,
});

/** Uses of named resources: a list of names, or names with settings. */
function usesOf(settings: Shape, others: 'refused' | 'ignored'): Shape {
  return either(uniqueStrings, { kind: 'dictionary', values: either(settings, none), names: resourceName, others });
}

/** Checked, but of no effect: the reference has no place for it in its model. */
const withoutEffect: Binder = (node, path, report) => {
  const facts = { where: path.slice(0, -1).join('.'), key: String(path.at(-1)), nearest: undefined };
  report.warning('COMPOSE_KEY_WITHOUT_EFFECT', facts, spot(node, path));
  return undefined;
};

/** Every attribute of a service (Compose Specification, chapter "Services"). */
export const service = section({
  annotations: pairsField,
  attach: keptFlagField,
  blkio_config: sectionField(blkio),
  build: buildField,
  cap_add: uniqueListField,
  cap_drop: uniqueListField,
  cgroup: field(oneOf('host', 'private'), textValue),
  cgroup_parent: textField,
  command: commandField,
  configs: field(grantsShape, eachOf(object(grant))),
  container_name: field(matching(/[a-zA-Z0-9][a-zA-Z0-9_.-]+/), textValue),
  cpu_count: field(either(string, { kind: 'scalar', words: ['integer'], min: 0 }), wholeValue),
  cpu_percent: field(either(string, { kind: 'scalar', words: ['integer'], min: 0, max: 100 }), fractionValue),
  cpu_period: numberField,
  cpu_quota: numberField,
  cpu_rt_period: numberField,
  cpu_rt_runtime: numberField,
  cpu_shares: numberField,
  cpus: field({ kind: 'scalar', words: ['number', 'string'] }, fractionValue),
  cpuset: textField,
  credential_spec: sectionField(credentialSpec),
  depends_on: field(
    either(uniqueStrings, { kind: 'dictionary', values: shapeOf(dependency), names: resourceName }),
    mapOf(object(dependency)),
  ),
  deploy: sectionField(deploy),
  develop: sectionField(develop),
  device_cgroup_rules: uniqueListField,
  devices: field(listOf(either(string, shapeOf(device))), eachOf(object(device))),
  dns: textOrListField,
  dns_opt: uniqueListField,
  dns_search: textOrListField,
  domainname: textField,
  entrypoint: commandField,
  env_file: field(either(string, listOf(either(string, shapeOf(envFile)))), eachOf(object(envFile))),
  environment: environmentField,
  expose: field(uniqueListOf(textOrNumber), numberTexts),
  extends: field(either(string, shapeOf(extension)), object(extension)),
  external_links: uniqueListField,
  extra_hosts: hostsField,
  gpus: gpusField,
  group_add: field(uniqueListOf(textOrNumber), texts),
  healthcheck: sectionField(healthcheck),
  hostname: textField,
  image: textField,
  init: keptFlagField,
  ipc: textField,
  isolation: textField,
  label_file: field(either(string, listOf(string)), texts),
  labels: pairsField,
  links: uniqueListField,
  logging: sectionField(logging),
  mac_address: textField,
  mem_limit: bytesField,
  mem_reservation: wholeBytesField,
  mem_swappiness: wholeBytesField,
  memswap_limit: bytesField,
  models: field(usesOf(shapeOf(modelUse), 'ignored'), mapOf(nullable(object(modelUse)))),
  network_mode: textField,
  networks: field(usesOf(shapeOf(attachment), 'refused'), mapOf(nullable(object(attachment)))),
  oom_kill_disable: flagField,
  oom_score_adj: field(either(string, { kind: 'scalar', words: ['integer'], min: -1000, max: 1000 }), wholeValue),
  pid: field({ kind: 'scalar', words: ['string', 'null'] }, textValue),
  pids_limit: numberField,
  platform: textField,
  ports: field(uniqueListOf(either(textOrNumber, shapeOf(port))), eachOf(object(port))),
  post_start: field(listOf(shapeOf(hook)), eachOf(object(hook))),
  pre_start: field(listOf(shapeOf(preStartHook)), eachOf(object(preStartHook))),
  pre_stop: field(listOf(shapeOf(hook)), eachOf(object(hook))),
  privileged: flagField,
  profiles: uniqueListField,
  provider: sectionField(provider),
  pull_policy: field(
    matching(/always|never|build|if_not_present|missing|refresh|daily|weekly|every_([0-9]+[wdhms])+/),
    textValue,
  ),
  pull_refresh_after: field(string, withoutEffect),
  read_only: flagField,
  restart: textField,
  runtime: textField,
  scale: field(integerText, keptWhole),
  secrets: field(grantsShape, eachOf(object(grant))),
  security_opt: uniqueListField,
  shm_size: bytesField,
  stdin_open: flagField,
  stop_grace_period: keptDurationField,
  stop_signal: textField,
  storage_opt: field({ kind: 'dictionary', values: { kind: 'anything' } }, strictOptions),
  sysctls: pairsField,
  tmpfs: textOrListField,
  tty: flagField,
  ulimits: ulimitsField,
  use_api_socket: field(boolean, flagValue),
  user: textField,
  userns_mode: textField,
  uts: textField,
  volumes: field(uniqueListOf(either(string, shapeOf(mount))), eachOf(object(mount))),
  volumes_from: uniqueListField,
  working_dir: textField,
});
