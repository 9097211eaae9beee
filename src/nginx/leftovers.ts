import { finding } from '#core/finding.ts';
import type { NginxGap } from '#core/messages/nginx-reasons.ts';
import type { Ledger } from './ledger.ts';
import type { Directive } from './parse.ts';

/** Reports what nobody took: what has no counterpart one by one, and what only ran nginx itself in one line. */
export function reportLeftovers(tree: readonly Directive[], ledger: Ledger): void {
  const machinery = new Map<string, Directive>();
  visit(tree, ledger, machinery);
  const [first] = machinery.values();
  if (first === undefined) return;
  const directives = [...machinery.keys()].join(', ');
  ledger.say(first, finding('info', 'NGINX_NOT_NEEDED', { directives }, first.at));
}

function visit(tree: readonly Directive[], ledger: Ledger, machinery: Map<string, Directive>): void {
  for (const one of tree) {
    if (ledger.isTaken(one)) {
      visit(one.block ?? [], ledger, machinery);
      continue;
    }
    if (isMachinery(one)) {
      if (!machinery.has(one.name)) machinery.set(one.name, one);
      ledger.takeWhole(one);
      continue;
    }
    if (carried.has(one.name)) continue;
    ledger.leave(one, reasonOf(one));
  }
}

function reasonOf({ name }: Directive): NginxGap {
  return gaps[name] ?? byPrefix.find(([prefix]) => name.startsWith(prefix))?.[1] ?? 'unknown';
}

/** Said where no route inherits it, so that it does nothing. */
const carried: ReadonlySet<string> = new Set([
  ...['add_header', 'proxy_set_header', 'proxy_hide_header', 'expires', 'client_max_body_size', 'limit_req'],
  ...['limit_conn', 'limit_req_status', 'limit_conn_status', 'allow', 'deny', 'satisfy', 'auth_basic'],
  ...[
    'auth_basic_user_file',
    'auth_request',
    'auth_jwt',
    'ssl_verify_client',
    'gzip',
    'set',
    'ssl_certificate',
    'ssl_certificate_key',
    'ssl_protocols',
    'ssl_ciphers',
  ],
  ...['ssl_prefer_server_ciphers', 'proxy_read_timeout', 'proxy_connect_timeout', 'proxy_send_timeout'],
  ...['proxy_next_upstream', 'proxy_next_upstream_tries', 'proxy_next_upstream_timeout', 'ssl'],
]);

const gaps: Readonly<Record<string, NginxGap>> = {
  root: 'static',
  alias: 'static',
  index: 'static',
  autoindex: 'static',
  try_files: 'static',
  error_page: 'error-page',
  proxy_intercept_errors: 'error-page',
  recursive_error_pages: 'error-page',
  if: 'conditional',
  limit_except: 'conditional',
  geo: 'map',
  map: 'map',
  split_clients: 'split',
  auth_request_set: 'auth-request',
  auth_jwt_key_file: 'auth-request',
  ssl_client_certificate: 'client-certificate',
  ssl_crl: 'client-certificate',
  ssl_verify_depth: 'client-certificate',
  return: 'fixed-answer',
  rewrite: 'rewrite',
  stream: 'stream',
  mail: 'stream',
  include: 'include',
  proxy_redirect: 'answer',
  proxy_cookie_path: 'answer',
  proxy_cookie_domain: 'answer',
  proxy_cookie_flags: 'answer',
  proxy_pass_header: 'answer',
  proxy_ignore_headers: 'cache',
  proxy_method: 'value',
  proxy_set_body: 'value',
  more_set_headers: 'value',
  more_clear_headers: 'value',
  add_trailer: 'value',
  mirror: 'mirror',
  limit_rate: 'bandwidth',
  limit_rate_after: 'bandwidth',
  perl: 'script',
  perl_set: 'script',
  real_ip_header: 'trust',
  set_real_ip_from: 'trust',
  stub_status: 'fixed-answer',
  empty_gif: 'fixed-answer',
};

const byPrefix: readonly (readonly [string, NginxGap])[] = [
  ['proxy_cache', 'cache'],
  ['proxy_store', 'cache'],
  ['fastcgi_', 'protocol'],
  ['uwsgi_', 'protocol'],
  ['scgi_', 'protocol'],
  ['grpc_', 'protocol'],
  ['memcached_', 'protocol'],
  ['js_', 'script'],
  ['sub_filter', 'answer'],
  ['add_before_body', 'answer'],
  ['add_after_body', 'answer'],
  ['proxy_ssl_', 'upstream'],
  ['proxy_', 'upstream'],
];

/** How nginx itself runs, logs and talks; nothing of it is for a route to say. */
const machinery: ReadonlySet<string> = new Set([
  ...['user', 'pid', 'daemon', 'master_process', 'worker_processes', 'worker_connections', 'worker_rlimit_nofile'],
  ...['worker_cpu_affinity', 'worker_priority', 'worker_shutdown_timeout', 'events', 'load_module', 'env', 'pcre_jit'],
  ...['sendfile', 'sendfile_max_chunk', 'tcp_nopush', 'tcp_nodelay', 'aio', 'directio', 'types', 'default_type'],
  ...['charset', 'server_tokens', 'access_log', 'error_log', 'log_format', 'log_not_found', 'log_subrequest'],
  ...['rewrite_log', 'open_file_cache', 'open_file_cache_valid', 'open_file_cache_min_uses', 'open_file_cache_errors'],
  ...['keepalive_timeout', 'keepalive_requests', 'keepalive_disable', 'send_timeout', 'client_body_timeout'],
  ...['client_header_timeout', 'reset_timedout_connection', 'lingering_close', 'lingering_time', 'lingering_timeout'],
  ...['client_body_buffer_size', 'client_header_buffer_size', 'large_client_header_buffers', 'client_body_temp_path'],
  ...['output_buffers', 'postpone_output', 'etag', 'if_modified_since', 'max_ranges', 'merge_slashes'],
  ...['types_hash_max_size', 'types_hash_bucket_size', 'server_names_hash_max_size', 'server_names_hash_bucket_size'],
  ...['variables_hash_max_size', 'variables_hash_bucket_size', 'map_hash_max_size', 'map_hash_bucket_size'],
  ...[
    'server_name_in_redirect',
    'port_in_redirect',
    'absolute_redirect',
    'underscores_in_headers',
    'chunked_transfer_encoding',
  ],
  ...['ignore_invalid_headers', 'resolver', 'resolver_timeout', 'internal', 'msie_padding', 'real_ip_recursive'],
  ...['gzip_types', 'gzip_vary', 'gzip_proxied', 'gzip_comp_level', 'gzip_min_length', 'gzip_buffers', 'gzip_disable'],
  ...[
    'gzip_http_version',
    'gzip_static',
    'ssl_session_cache',
    'ssl_session_timeout',
    'ssl_session_tickets',
    'ssl_dhparam',
  ],
  ...[
    'ssl_session_ticket_key',
    'ssl_stapling',
    'ssl_stapling_verify',
    'ssl_buffer_size',
    'ssl_early_data',
    'ssl_conf_command',
  ],
  ...[
    'ssl_trusted_certificate',
    'ssl_ecdh_curve',
    'proxy_http_version',
    'proxy_buffering',
    'proxy_buffers',
    'proxy_buffer_size',
  ],
  ...['proxy_busy_buffers_size', 'proxy_request_buffering', 'proxy_max_temp_file_size', 'proxy_temp_path'],
  ...[
    'proxy_temp_file_write_size',
    'proxy_headers_hash_max_size',
    'proxy_headers_hash_bucket_size',
    'proxy_cache_bypass',
  ],
  ...[
    'proxy_socket_keepalive',
    'proxy_ignore_client_abort',
    'proxy_ssl_server_name',
    'proxy_ssl_session_reuse',
    'http2_max_concurrent_streams',
  ],
  ...['limit_req_log_level', 'limit_conn_log_level', 'uninitialized_variable_warn', 'quic_retry', 'http2', 'http3'],
]);

function isMachinery({ name, args }: Directive): boolean {
  if (name === 'proxy_redirect') return args[0] === 'off' || args[0] === 'default';
  if (name === 'proxy_cache') return args[0] === 'off';
  if (name === 'include')
    return /(mime\.types|modules-enabled\/.*|fastcgi_params|proxy_params|options-ssl-nginx\.conf)$/.test(args[0] ?? '');
  return machinery.has(name);
}
