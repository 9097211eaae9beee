/** What the configuration needs to know of this machine and this home. Paths are absolute. */
export interface ProxyOptions {
  readonly edge: { readonly address: string; readonly httpPort: number; readonly httpsPort: number };
  /**
   * The machine's own addresses, which stand for `0.0.0.0` and `::`. A wildcard socket would keep every instance from
   * listening on the same port of its own address.
   */
  readonly hostAddresses: readonly string[];
  /** Peers whose X-Forwarded-* headers are believed; addresses or ranges. */
  readonly trustedProxies: readonly string[];
  /** Connections at once; twice as many file descriptors are needed. */
  readonly maxConnections: number;
  /**
   * The unprivileged user and group that carry the traffic, when the proxy is started by root. As a number where the
   * proxy has another list of users than we have.
   */
  readonly user: string | number | undefined;
  readonly statsSocket: string;
  /** Folder of the sockets over which a stopping worker hands requests to its successor; `user` must reach it. */
  readonly handover: string;
  readonly holdScript: string;
  readonly policyScript: string;
  readonly holdMap: string;
  readonly canaryMap: string;
  readonly certificateList: string;
  /** Tokens of certificate authorities and the answers to them. */
  readonly challengeMap: string;
  readonly breakerMap: string;
  readonly credentialMap: string;
  /** Folder of the maps from host to route. */
  readonly maps: string;
}

/** A certificate that stands ready as a file, and the host names that it is for; none means it is the default. */
export interface ReadyCertificate {
  readonly file: string;
  readonly hosts: readonly string[];
  /** Changes when the file's content does; the running proxy takes the new one without a reload. */
  readonly digest: string;
}
