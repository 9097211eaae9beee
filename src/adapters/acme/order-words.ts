/** An account with an authority: its key (PEM), and its URL once it is registered (RFC 8555, section 7.3). */
export interface Account {
  readonly key: string;
  readonly url?: string;
}

/** What an order's process is told. */
export type ToOrder =
  | {
      readonly kind: 'order';
      /** The main one first. */
      readonly names: readonly string[];
      readonly directory: string;
      readonly email?: string;
      readonly challenge: 'http-01' | 'dns-01';
      readonly account: Account;
    }
  /** A challenge was answered, or taken back; or why it could not be. */
  | { readonly kind: 'done'; readonly reason?: string };

/** What it tells. */
export type FromOrder =
  | { readonly kind: 'ready' }
  /** The authority asks about a host; go on once the answer can be seen. For dns-01 `answer` is the TXT record's value. */
  | { readonly kind: 'answer'; readonly host: string; readonly token: string; readonly answer: string }
  | { readonly kind: 'withdraw'; readonly host: string; readonly token: string; readonly answer: string }
  /** The account's URL; undefined when the authority does not know the account any more. */
  | { readonly kind: 'account'; readonly url: string | undefined }
  | { readonly kind: 'issued'; readonly certificate: string; readonly key: string }
  | {
      readonly kind: 'failed';
      readonly reason: string;
      /** The authority asked not to be asked again for so long, milliseconds. */
      readonly notBeforeMs?: number;
    };
