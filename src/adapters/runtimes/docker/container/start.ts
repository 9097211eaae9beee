import { join } from 'node:path';
import { fail } from '#core/errors.ts';
import type { InstanceSpec } from '#model/instance.ts';
import { pathOf } from '../engine/call.ts';
import { refusalText, wasRefused } from '../engine/refusal.ts';
import { label } from '../labels.ts';
import { containerName } from '../names.ts';
import { chooseAddresses } from '../network/instance-addresses.ts';
import type { Parts } from '../parts.ts';
import type { ContainerInspected } from './api.ts';
import { demandBindSources } from './bind-sources.ts';
import { findCompanions } from './companions.ts';
import { describeContainer, type Facts, reachableOf } from './describe.ts';
import { writeGrantedFiles } from './granted-files.ts';
import { runHooks } from './hooks.ts';
import { inheritedVolumes } from './inherited-volumes.ts';
import { endpointOf, type Joining, orderedNetworks, type Presence } from './network-part.ts';
import { addressOf } from './observed.ts';
import { removeContainer } from './remove.ts';
import { readSecurityOptions } from './security-profiles.ts';

/** How often another address is tried when somebody outside our books holds the one we chose. */
const addressAttempts = 3;

/** What differs between an instance and a one-off run. */
export interface Variant {
  readonly presence: Presence;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
  /** Called with the container before it starts. */
  readonly meet?: (container: string) => Promise<void>;
}

/**
 * Creates and starts an instance's container. One that is there already, of the same instance, is left as it is when it
 * runs or has run.
 *
 * @throws DOCKER_NAME_TAKEN, DOCKER_BIND_MISSING, DOCKER_START_FAILED, DOCKER_ADDRESS_IN_USE, DOCKER_IMAGE_GONE
 */
export async function ensureStarted(parts: Parts, instance: InstanceSpec, signal: AbortSignal): Promise<void> {
  const name = containerName(instance.project, instance.id);
  const existing = await parts.containers.ofInstance(instance.project, instance.id);
  if (existing !== undefined) {
    demandSame(existing, instance, name, parts.home.id);
    if (existing.State.Status !== 'created') return;
    // It never ran, and may lack a network that it was about to join: nothing is lost by making it again.
    await removeContainer(parts, existing.Id);
  }
  const id = await createAndStart(parts, instance, { presence: 'instance', name, labels: {}, body: {} }, signal);
  const started = await parts.containers.inspect(id);
  if (started !== undefined) await runHooks(parts, started, 'post_start');
}

/** Creates a container that is not there yet and starts it. Returns its id. */
export async function createAndStart(
  parts: Parts,
  instance: InstanceSpec,
  variant: Variant,
  signal: AbortSignal,
): Promise<string> {
  demandBindSources(instance.service, instance.spec.service, instance.directory);
  for (let attempt = 1; ; attempt++) {
    signal.throwIfAborted();
    const made = await createContainer(parts, instance, variant, signal);
    try {
      await joinOthers(parts, instance, made, { presence: variant.presence, signal });
      await variant.meet?.(made.id);
      await startContainer(parts, made.id, instance, signal);
      return made.id;
    } catch (error) {
      if (!isAddressInUse(error)) throw error;
      await removeContainer(parts, made.id);
      const isOurs = made.joining.some((one) => one.address !== undefined);
      if (!isOurs || attempt === addressAttempts) {
        const address = made.joining.map((one) => one.attachment.ipv4_address ?? one.address ?? '').join(' ');
        throw fail('DOCKER_ADDRESS_IN_USE', { instance: instance.id, address: address.trim() }, { cause: error });
      }
    }
  }
}

/** Starts a container that exists; one that runs already is started already. */
export async function startContainer(
  { engine }: Parts,
  container: string,
  instance: Pick<InstanceSpec, 'id' | 'project'>,
  signal: AbortSignal,
): Promise<void> {
  try {
    await engine.done({
      what: `start ${containerName(instance.project, instance.id)}`,
      method: 'POST',
      path: pathOf('containers', container, 'start'),
      deadlineMs: engine.deadlines.start,
      signal,
    });
  } catch (error) {
    const isRefusal = refusalText(error) !== '' && !isAddressInUse(error);
    throw isRefusal
      ? fail('DOCKER_START_FAILED', { instance: instance.id, detail: refusalText(error) }, { cause: error })
      : error;
  }
}

interface Made {
  readonly id: string;
  readonly joining: readonly Joining[];
}

async function createContainer(
  parts: Parts,
  instance: InstanceSpec,
  variant: Variant,
  signal: AbortSignal,
): Promise<Made> {
  const { home, states } = parts;
  const [companions, security, image] = await Promise.all([
    findCompanions(parts.containers, home.id, instance),
    readSecurityOptions(instance),
    parts.images.runnable(instance.project, instance.spec.source),
  ]);
  const granted = await writeGrantedFiles(join(home.files, instance.project, variant.name), instance.spec.files);
  const made: { value?: Made } = {};
  // One at a time in a project, so that two instances never choose the same address.
  await states.change(instance.project, async (state) => {
    const wanted = orderedNetworks(instance.spec.service).map(([key, attachment]): Joining => {
      const network = state.networks[key];
      if (network === undefined) throw fail('DOCKER_NETWORK_MISSING', { name: key });
      return { network, attachment, address: undefined };
    });
    const containers = await parts.containers.list({});
    const { joining, cursors } = chooseAddresses(wanted, state.cursors, containers);
    const inherited = variant.presence === 'instance' ? inheritedVolumes(instance, containers) : {};
    const address = await knownAddress(parts, instance, joining, companions.modes.network);
    const facts: Facts = {
      home: home.id,
      image,
      joining,
      granted,
      inherited,
      security,
      ...companions,
      address,
      presence: variant.presence,
    };
    const id = await postContainer(parts, instance, facts, variant, signal);
    made.value = { id, joining };
    return { ...state, cursors };
  });
  return made.value as Made;
}

async function postContainer(
  { engine }: Parts,
  instance: InstanceSpec,
  facts: Facts,
  variant: Variant,
  signal: AbortSignal,
): Promise<string> {
  const described = describeContainer(instance, facts);
  const body = { ...described, ...variant.body, Labels: { ...described.Labels, ...variant.labels } };
  try {
    const answer = await engine.json<{ Id: string }>({
      what: `create ${variant.name}`,
      method: 'POST',
      path: '/containers/create',
      query: { name: variant.name, platform: instance.spec.service.platform },
      body,
      signal,
    });
    return answer.Id;
  } catch (error) {
    if (wasRefused(error, 404)) throw fail('DOCKER_IMAGE_GONE', { image: facts.image }, { cause: error });
    if (wasRefused(error, 409)) throw fail('DOCKER_NAME_TAKEN', { name: variant.name }, { cause: error });
    throw error;
  }
}

/** Old engines take one network at the creation; a container joins the others before it starts. */
async function joinOthers(
  { engine }: Parts,
  instance: InstanceSpec,
  made: Made,
  { presence, signal }: { readonly presence: Presence; readonly signal: AbortSignal },
): Promise<void> {
  for (const joining of made.joining.slice(1)) {
    await engine.done({
      what: `connect ${instance.id} to ${joining.network.name}`,
      method: 'POST',
      path: pathOf('networks', joining.network.name, 'connect'),
      body: { Container: made.id, EndpointConfig: endpointOf(instance, joining, presence) },
      signal,
    });
  }
}

/** The address as far as it is known before the start. */
async function knownAddress(
  { containers }: Parts,
  instance: InstanceSpec,
  joining: readonly Joining[],
  sharedNetwork: string | undefined,
): Promise<string | undefined> {
  const mode = sharedNetwork ?? instance.spec.service.network_mode;
  if (mode === 'host') return '127.0.0.1';
  if (mode?.startsWith('container:') === true) {
    const other = await containers.inspect(mode.slice('container:'.length));
    return other === undefined ? undefined : addressOf(other);
  }
  const reachable = reachableOf(joining);
  return reachable?.attachment.ipv4_address ?? reachable?.address;
}

function demandSame(existing: ContainerInspected, instance: InstanceSpec, name: string, home: string): void {
  const labels = existing.Config.Labels ?? {};
  const isSame =
    labels[label.home] === home &&
    labels[label.instance] === instance.id &&
    labels[label.fingerprint] === instance.spec.fingerprint;
  if (!isSame) throw fail('DOCKER_NAME_TAKEN', { name });
}

function isAddressInUse(error: unknown): boolean {
  return /address already in use/i.test(refusalText(error));
}
