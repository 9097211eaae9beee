/** One question asked of an instance, from outside. */
export type ProbeAnswer =
  | { readonly kind: 'http'; readonly status: number; readonly body: string; readonly location: string | undefined }
  | { readonly kind: 'tcp' }
  | { readonly kind: 'error'; readonly reason: string };

/** Network questions for probes; command and log probes go through the runtime. */
export interface Prober {
  /** GET without following redirects. */
  http(request: {
    readonly address: string;
    readonly port: number;
    readonly scheme: 'http' | 'https';
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly timeoutMs: number;
    /** How much of the body is wanted; 2 KiB without it. What lies beyond is cut off. */
    readonly mostBytes?: number;
  }): Promise<ProbeAnswer>;
  tcp(request: { readonly address: string; readonly port: number; readonly timeoutMs: number }): Promise<ProbeAnswer>;
}
