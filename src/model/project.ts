/**
 * The project: a resolved Compose model in the canonical shape that `docker compose config --format json` prints, so
 * keys are Compose's own (snake_case), every short form is a long one, and durations and sizes are canonical strings.
 * Types only; the loader (`compose/`) makes it, everything else reads it.
 */
export interface Project {
  readonly name: string;
  readonly services: Readonly<Record<string, Service>>;
  readonly networks?: Readonly<Record<string, Network | null>>;
  readonly volumes?: Readonly<Record<string, Volume | null>>;
  readonly secrets?: Readonly<Record<string, FileObject>>;
  readonly configs?: Readonly<Record<string, FileObject>>;
  readonly models?: Readonly<Record<string, unknown>>;
  readonly [extension: `x-${string}`]: unknown;
}

/** One service of the canonical model. Attributes that few read stay `unknown`; narrow them where they are used. */
export interface Service {
  readonly image?: string;
  readonly build?: Build;
  readonly command?: readonly string[] | null;
  readonly entrypoint?: readonly string[] | null;
  readonly environment?: Readonly<Record<string, string | null>>;
  readonly ports?: readonly Port[];
  readonly expose?: readonly string[];
  readonly volumes?: readonly Mount[];
  readonly tmpfs?: readonly string[];
  readonly networks?: Readonly<Record<string, NetworkAttachment | null>>;
  readonly network_mode?: string;
  readonly depends_on?: Readonly<Record<string, Dependency>>;
  readonly healthcheck?: Healthcheck;
  readonly deploy?: Deploy;
  readonly scale?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly secrets?: readonly FileGrant[];
  readonly configs?: readonly FileGrant[];
  readonly profiles?: readonly string[];
  readonly container_name?: string;
  readonly hostname?: string;
  readonly user?: string;
  readonly group_add?: readonly string[];
  readonly working_dir?: string;
  readonly restart?: string;
  readonly stop_signal?: string;
  /** A canonical duration such as `1m30s`. */
  readonly stop_grace_period?: string;
  readonly ulimits?: Readonly<Record<string, number | { readonly soft: number; readonly hard: number }>>;
  readonly cpus?: number | string;
  readonly mem_limit?: string;
  readonly pids_limit?: number;
  readonly extra_hosts?: readonly string[];
  readonly init?: boolean;
  readonly tty?: boolean;
  readonly stdin_open?: boolean;
  readonly read_only?: boolean;
  readonly privileged?: boolean;
  readonly pull_policy?: string;
  readonly platform?: string;
  readonly [attribute: string]: unknown;
}

export interface Build {
  readonly context?: string;
  readonly dockerfile?: string;
  readonly dockerfile_inline?: string;
  readonly args?: Readonly<Record<string, string | null>>;
  readonly target?: string;
  readonly secrets?: readonly FileGrant[];
  readonly [attribute: string]: unknown;
}

export interface Port {
  readonly mode?: string;
  readonly target: number;
  /** One port or a range `8000-8010`, as text; absent when the engine chooses. */
  readonly published?: string;
  readonly protocol?: string;
  readonly host_ip?: string;
  readonly name?: string;
  readonly app_protocol?: string;
}

export interface Mount {
  readonly type: string;
  readonly source?: string;
  readonly target: string;
  readonly read_only?: boolean;
  readonly bind?: Readonly<Record<string, unknown>>;
  readonly volume?: Readonly<Record<string, unknown>>;
  readonly tmpfs?: Readonly<Record<string, unknown>>;
  readonly [attribute: string]: unknown;
}

export interface NetworkAttachment {
  readonly aliases?: readonly string[];
  readonly ipv4_address?: string;
  readonly [attribute: string]: unknown;
}

export type DependencyCondition = 'service_started' | 'service_healthy' | 'service_completed_successfully';

export interface Dependency {
  readonly condition: DependencyCondition;
  readonly required?: boolean;
  readonly restart?: boolean;
}

export interface Healthcheck {
  readonly test?: readonly string[];
  readonly interval?: string;
  readonly timeout?: string;
  readonly retries?: number;
  readonly start_period?: string;
  readonly start_interval?: string;
  readonly disable?: boolean;
}

export interface UpdateConfig {
  readonly parallelism?: number;
  readonly delay?: string;
  readonly order?: string;
  readonly failure_action?: string;
  readonly monitor?: string;
  readonly max_failure_ratio?: number;
}

export interface Deploy {
  readonly mode?: string;
  readonly replicas?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly update_config?: UpdateConfig;
  readonly rollback_config?: UpdateConfig;
  readonly restart_policy?: {
    readonly condition?: string;
    readonly delay?: string;
    readonly max_attempts?: number;
    readonly window?: string;
  };
  readonly resources?: {
    readonly limits?: { readonly cpus?: number | string; readonly memory?: string; readonly pids?: number };
    readonly reservations?: Readonly<Record<string, unknown>>;
  };
  readonly [attribute: string]: unknown;
}

export interface Network {
  readonly name?: string;
  readonly external?: boolean;
  readonly [attribute: string]: unknown;
}

export interface Volume {
  readonly name?: string;
  readonly external?: boolean;
  readonly driver?: string;
  readonly [attribute: string]: unknown;
}

/** A secret or a config: its bytes come from a file, a variable or inline content. */
export interface FileObject {
  readonly name?: string;
  readonly file?: string;
  readonly environment?: string;
  readonly content?: string;
  readonly external?: boolean;
  readonly [attribute: string]: unknown;
}

/** A service's use of a secret or config. */
export interface FileGrant {
  readonly source: string;
  readonly target?: string;
  readonly uid?: string;
  readonly gid?: string;
  readonly mode?: string;
}
