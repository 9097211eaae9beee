/** One question asked of an instance, from outside. */
export type ProbeAnswer =
  | { readonly kind: 'http'; readonly status: number; readonly body: string; readonly location: string | undefined }
  | { readonly kind: 'tcp' }
  | { readonly kind: 'error'; readonly reason: string };

/** Network questions for probes; command and log probes go through the runtime. */
export interface Prober {
  /** GET without following redirects; the body's first 2 KiB. */
  http(request: {
    readonly address: string;
    readonly port: number;
    readonly scheme: 'http' | 'https';
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly timeoutMs: number;
  }): Promise<ProbeAnswer>;
  tcp(request: { readonly address: string; readonly port: number; readonly timeoutMs: number }): Promise<ProbeAnswer>;
}
