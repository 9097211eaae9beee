import type { ContainerBody } from '#adapters/runtimes/docker/container/api.ts';
import { label } from '#adapters/runtimes/docker/labels.ts';
import type { Layout } from '../layout.ts';
import type { Limits } from './limits.ts';

/** Which HAProxy runs where the host has none: a release with long support, from the series that is tested here. */
export const usualImage = 'haproxy:2.8-alpine';

/** The user of the official images. As a number, since an image need not have a list of users. */
export const imageUser = 99;

/** What the proxy of root needs of root: low ports, then another user for its workers, whom it ends and whose sockets it makes. */
const capabilities = ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'KILL', 'NET_BIND_SERVICE', 'SETGID', 'SETUID'];

/** `timonel-proxy-1f2e3d4c5b6a`: homes side by side have one each. */
export function containerName({ mark }: Pick<Layout, 'mark'>): string {
  return `timonel-proxy-${mark}`;
}

export interface ProxyContainer {
  readonly image: string;
  readonly layout: Pick<Layout, 'folder' | 'handover'>;
  readonly args: readonly string[];
  /** Who we are; the proxy is started as the same. */
  readonly user: { readonly uid: number; readonly gid: number };
  /** As a program of the host would have them. */
  readonly limits: Limits;
}

/** The request that makes the proxy's container. Why so: docs/decisions/0046-proxy-container.md. */
export function describeProxyContainer({ image, layout, args, user, limits }: ProxyContainer): ContainerBody {
  const folders = [...new Set([layout.folder, layout.handover])];
  return {
    Image: image,
    Entrypoint: ['haproxy'],
    Cmd: args,
    User: `${user.uid}:${user.gid}`,
    WorkingDir: layout.folder,
    // The image's own signal would let it go on for a while without listening.
    StopSignal: 'SIGTERM',
    Labels: { [label.proxy]: layout.folder },
    HostConfig: {
      NetworkMode: 'host',
      PidMode: 'host',
      UsernsMode: 'host',
      RestartPolicy: { Name: 'no' },
      ReadonlyRootfs: true,
      OomScoreAdj: limits.oomScoreAdj,
      CapDrop: ['ALL'],
      CapAdd: user.uid === 0 ? capabilities : [],
      SecurityOpt: ['no-new-privileges', 'label=disable'],
      Ulimits: [{ Name: 'nofile', Soft: limits.openFiles, Hard: limits.openFiles }],
      LogConfig: { Type: 'json-file', Config: { 'max-size': '1m', 'max-file': '2' } },
      Mounts: folders.map((folder) => ({ Type: 'bind', Source: folder, Target: folder })),
    },
    NetworkingConfig: { EndpointsConfig: {} },
  };
}
